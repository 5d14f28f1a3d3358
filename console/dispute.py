"""`huikuan dispute`: what insurers decided, what is said against it, and by when it is to be answered."""

from datetime import date
from pathlib import Path
from typing import Annotated, Any

import typer

from console import case_view, dispute_view
from console.by_hand import do_again as do
from console.files import keep_proof
from console.house import reading, shop_codes
from console.options import AsJson, OnDate, ShopCode, amount, day
from console.output import answer, say, table
from console.permits import Act
from console.who import person
from models.shop import Shop
from models.values import Refusal
from models.words import DisputeKind, DisputeOutcome, DisputeState
from worker import clock

app = typer.Typer(help="Payout decisions, objections, complaints.")

ClaimNo = Annotated[str, typer.Argument(metavar="CLAIM_NO")]
Number = Annotated[str, typer.Argument(metavar="NUMBER", help="As in the list, e.g. ZY-2026-0001.")]
Happened = Annotated[date, typer.Option("--on", parser=day, metavar="DATE", help="The day it happened.")]


@app.command("open")
def open_(
    claim_no: ClaimNo,
    kind: Annotated[DisputeKind, typer.Option("--kind", help=", ".join(DisputeKind))],
    happened: Happened,
    because: Annotated[
        str, typer.Option("--because", metavar="TEXT", help="The reasons, or what is asked for.")
    ],
    sum_of: Annotated[
        str | None, typer.Option("--amount", metavar="YUAN", help="Approved, or asked for.")
    ] = None,
    institution: Annotated[
        str | None, typer.Option("--to", metavar="NAME", help="Where it was filed, e.g. 12378.")
    ] = None,
    reasons: Annotated[
        date | None, typer.Option("--reasons-on", parser=day, metavar="DATE", help="Written reasons came.")
    ] = None,
    proof: Annotated[Path | None, typer.Option("--proof", metavar="FILE")] = None,
    by_customer: Annotated[
        bool, typer.Option("--by-customer", help="The insured complained himself.")
    ] = False,
    shop: ShopCode = None,
    on: OnDate = None,
    as_json: AsJson = False,
) -> None:
    """Enter a decision (approved, partial, refused), an objection, a complaint or a request for 核查."""
    with reading() as session:
        who = person(session, Act.RECORD_FACT)
        case = case_view.find(session, claim_no, shop_codes(session, shop))
        code = session.get_one(Shop, case.shop_id).code
    given: dict[str, Any] = {
        "case_id": case.id,
        "kind": kind.value,
        "on": str(happened),
        "because": because,
        "institution": institution,
        "amount": amount(sum_of) if sum_of else None,
        "by_customer": by_customer,
        "reasons_on": str(reasons) if reasons else None,
        **(keep_proof(proof) if proof else {}),
    }
    done = do("open_dispute", code, on or clock.today(), f"case:{case.id}:{kind}", who, **given)
    with reading() as session:
        document = next(
            each for each in dispute_view.disputes(session, [code], None) if each["id"] == done.count
        )
    answer(as_json, document, lambda: _say_opened(document))


def _say_opened(document: dict[str, Any]) -> None:
    about = f"{document['kind']} of {document['claim_no']} on {document['happened_on']}"
    say(f"{document['number']}: {about} is entered.")
    if document["next_due_on"]:
        say(f"To be answered by {document['next_due_on']} ({document['source']}).")
    if document["state"] != DisputeState.RESOLVED:
        say(f"{document['claim_no']} is not chased while it stands. Its refund: huikuan difference list")


@app.command("list")
def list_(
    shop: ShopCode = None,
    claim: Annotated[
        str | None, typer.Option("--claim", metavar="CLAIM_NO", help="Only of this case.")
    ] = None,
    every: Annotated[bool, typer.Option("--all", help="Resolved ones too.")] = False,
    as_json: AsJson = False,
) -> None:
    """List the disputes with their clocks and the source of each."""
    with reading() as session:
        found = dispute_view.disputes(session, shop_codes(session, shop), claim)
    shown = [each for each in found if every or claim or each["state"] != DisputeState.RESOLVED]
    columns = {
        "number": "number", "claim": "claim_no", "kind": "kind", "on": "happened_on", "amount": "amount",
        "to": "institution", "state": "state", "answered": "answered_on", "outcome": "outcome",
        "next due": "next_due_on", "source": "source",
    }  # fmt: skip
    answer(as_json, shown, lambda: table(shown, columns, "There are no disputes."))


@app.command()
def answered(
    number: Number,
    happened: Happened,
    because: Annotated[str, typer.Option("--because", metavar="TEXT", help="What it says.")] = "",
    shop: ShopCode = None,
    on: OnDate = None,
    as_json: AsJson = False,
) -> None:
    """Record that the answer to a complaint, or the written reasons of a refusal, arrived."""
    _follow("answer_dispute", number, shop, on, as_json, on_day=happened, because=because)


@app.command()
def resolve(
    number: Number,
    outcome: Annotated[DisputeOutcome, typer.Option("--outcome", help=", ".join(DisputeOutcome))],
    happened: Happened,
    because: Annotated[str, typer.Option("--because", metavar="TEXT")] = "",
    shop: ShopCode = None,
    on: OnDate = None,
    as_json: AsJson = False,
) -> None:
    """End a dispute with its outcome; the ladder goes on where money is still owed."""
    _follow(
        "resolve_dispute", number, shop, on, as_json, on_day=happened, because=because, outcome=outcome.value
    )


def _follow(
    job: str, number: str, shop: str | None, on: date | None, as_json: bool, *, on_day: date, **given: Any
) -> None:
    with reading() as session:
        who = person(session, Act.RECORD_FACT)
        found = [
            each
            for each in dispute_view.disputes(session, shop_codes(session, shop), None)
            if each["number"] == number
        ]
    if len(found) != 1:
        which = "several shops have one: say which with --shop" if found else "see: huikuan dispute list"
        raise Refusal(f"Dispute {number}: {which}.")
    code = str(found[0]["shop"])
    do(job, code, on or clock.today(), f"dispute:{number}", who, number=number, on=str(on_day), **given)
    with reading() as session:
        document = next(
            each for each in dispute_view.disputes(session, [code], None) if each["number"] == number
        )
    answer(as_json, document, lambda: say(f"{number} of {document['claim_no']} is {document['state']}."))
