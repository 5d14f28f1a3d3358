"""`huikuan case`: cases, what is known of them, and facts that people record."""

from datetime import date
from pathlib import Path
from typing import Annotated, Any

import typer

from console import by_hand, case_closing, case_explain, case_gates, case_list, case_view, difference_view
from console.event_words import words
from console.files import keep_proof
from console.house import reading, shop_codes
from console.options import AsJson, OnDate, ShopCode, day
from console.output import answer, pairs, say, table
from console.permits import Act
from console.who import Person, person
from models.shop import Shop
from models.words import Fact, Gate, Stage
from worker import clock

app = typer.Typer(help="Cases: claims on repairs.")

ClaimNo = Annotated[str, typer.Argument(metavar="CLAIM_NO")]


@app.command("list")
def list_(
    shop: ShopCode = None,
    stage: Annotated[Stage | None, typer.Option("--stage", help="Only cases at this stage.")] = None,
    plate: Annotated[str | None, typer.Option("--plate", help="Only cases of this car.")] = None,
    as_json: AsJson = False,
) -> None:
    """List the cases with what is expected, received and due back."""
    with reading() as session:
        cases = case_list.cases(session, shop_codes(session, shop), stage, plate)
    columns = {
        "claim": "claim_no",
        "work order": "work_order_no",
        "plate": "plate_no",
        "insurer": "insurer",
        "stage": "stage",
        "expected amount": "expected",
        "received amount": "received",
        "due back": "refund_due",
        "step": "step",
        "why no step": "reason",
    }
    answer(as_json, cases, lambda: table(cases, columns, "There are no such cases."))


@app.command()
def show(claim_no: ClaimNo, shop: ShopCode = None, as_json: AsJson = False) -> None:
    """Show one case whole: money, clocks, chasing, refunds, notices, and what happened when."""
    with reading() as session:
        codes = shop_codes(session, shop)
        document = case_view.whole(session, case_view.find(session, claim_no, codes))
    answer(as_json, document, lambda: _tell(document))


def _tell(case: dict[str, Any]) -> None:
    lists = ("lines", "payouts", "differences", "rounds", "deadlines", "refunds", "notices")
    pairs(
        (name, value)
        for name, value in case.items()
        if name not in (*lists, "events", "money", "chase", "shared_with")
    )
    pairs([("shared_with", " ".join(case["shared_with"]) or None)])
    say("", "money (yuan)")
    pairs((f"  {name}", value) for name, value in case["money"].items())
    chase = case["chase"] or {}
    say("", "chase")
    pairs(
        (f"  {name}", chase.get(name)) for name in ("step", "reason", "open_amount", "since", "look_again_on")
    )
    for name in lists:
        say("", name)
        rows = case[name]
        keys = [key for key in (rows[0] if rows else ()) if key not in ("sentence", "command")]
        table(rows, {key: key for key in keys}, "  none")
    say("", "events", *(f"  {each['date']}  {each['by']}: {_happened(each)}" for each in case["events"]))


def _happened(event: dict[str, Any]) -> str:
    return words(event["kind"], event["inputs"])


@app.command()
def record(
    claim_no: ClaimNo,
    fact: Annotated[Fact, typer.Argument(metavar="FACT", help=", ".join(Fact))],
    value: Annotated[
        str, typer.Argument(metavar="[VALUE]", help="An amount in yuan, a reason or a name: see docs.")
    ] = "",
    on: Annotated[
        date | None,
        typer.Option("--on", parser=day, metavar="DATE", help="The day on which it happened; else today."),
    ] = None,
    proof: Annotated[
        Path | None, typer.Option("--proof", metavar="FILE", help="A file that proves it.")
    ] = None,
    number: Annotated[
        int, typer.Option("--number", min=1, help="2 for a second equal receipt of one day.")
    ] = 1,
    shop: ShopCode = None,
    business_date: OnDate = None,
    as_json: AsJson = False,
) -> None:
    """Record a dated fact of a case; the same fact twice is one fact."""
    recorded_on = business_date or clock.today()
    on = on or recorded_on
    code, case_id, who = _whose(claim_no, shop, case_gates.act_of(fact))
    facts = {"case_id": case_id, "fact": fact.value, "value": value, "on": on.isoformat(), "number": number}
    if proof is not None:
        facts |= keep_proof(proof)
    job = case_gates.job_of(fact)
    scope = by_hand.again(job, recorded_on, f"case:{case_id}:{fact.value}")
    done = by_hand.do(job, code, recorded_on, scope, who, **facts)
    case_gates.look_again(code, case_id, recorded_on, who)
    with reading() as session:
        document = case_view.whole(session, case_view.find(session, claim_no, [code]))
        lacking = case_gates.blockers(session, case_id)
    said = f"{claim_no}: {' '.join(filter(None, (fact, value)))} on {on} is recorded."
    if not done.count:
        said = said.replace("is recorded.", "was recorded before; nothing was changed.")
    told = {"recorded": bool(done.count), "case": document, "blockers": lacking}
    waits = [
        f"Difference {each['id']} of {each['amount']} yuan waits for approval: {each['command']}"
        for each in document["differences"]
        if fact is Fact.CONSENT and each["state"] == difference_view.WAITING
    ]
    answer(as_json, told, lambda: case_gates.tell(lacking, Gate.STAGE, said, *waits))


def _whose(claim_no: str, shop: str | None, act: Act) -> tuple[str, int, Person]:
    with reading() as session:
        who = person(session, act)
        case = case_view.find(session, claim_no, shop_codes(session, shop))
        return session.get_one(Shop, case.shop_id).code, case.id, who


app.command()(case_closing.close)
app.command()(case_closing.reopen)
app.command()(case_explain.explain)
