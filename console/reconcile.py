"""`huikuan reconcile`: what bank lines pay; a person accepts or rejects what was proposed."""

from datetime import date
from typing import Annotated, Any

import typer
from sqlalchemy import select

from console import by_hand, reconcile_view
from console.house import reading, shop_codes
from console.options import AsJson, OnDate, ShopCode, day
from console.output import answer, say, table
from console.permits import Act
from console.who import Person, person
from models.bank import BankLine
from models.shop import Shop
from models.values import Refusal
from models.words import Outcome
from worker import clock

app = typer.Typer(help="Bank lines and what they pay.")

LineId = Annotated[int, typer.Argument(metavar="LINE", help="The number of the bank line, as in the report.")]
Proposal = Annotated[
    int | None,
    typer.Option("--proposal", metavar="N", min=1, help="Which proposal; needed where there are several."),
]


@app.command()
def accept(line: LineId, proposal: Proposal = None, on: OnDate = None, as_json: AsJson = False) -> None:
    """Accept a proposal: its bank lines pay the cases it names."""
    _decide("accept_match", line, on, as_json, proposal)


@app.command()
def reject(line: LineId, proposal: Proposal = None, on: OnDate = None, as_json: AsJson = False) -> None:
    """Reject one proposal or all of a line; a line without any is put aside for good."""
    _decide("reject_match", line, on, as_json, proposal)


def _decide(job: str, line: int, on: date | None, as_json: bool, proposal: int | None) -> None:
    business_date = on or clock.today()
    shop, who = _whose(line)
    scope = by_hand.again(job, business_date, f"bank_line:{line}:{proposal or 'all'}")
    by_hand.do(job, shop, business_date, scope, who, line_id=line, proposal=proposal)
    with reading() as session:
        lines = reconcile_view.report(session, reconcile_view.Asked([shop]))
    document = next(each for each in lines if each["line"] == line)
    answer(as_json, document, lambda: say(_sentence(document)))


def _whose(line: int) -> tuple[str, Person]:
    with reading() as session:
        who = person(session, Act.MATCH)
        shop = session.execute(
            select(Shop.code).join(BankLine, BankLine.shop_id == Shop.id).where(BankLine.id == line)
        ).scalar_one_or_none()
    if shop is None:
        raise Refusal(f"There is no bank line {line}. See: huikuan reconcile report")
    return shop, who


def _sentence(line: dict[str, Any]) -> str:
    pays = ", ".join(f"{each['claim_no']} {each['amount']}" for each in line["pays"])
    return (
        f"Line {line['line']} of {line['amount']} yuan is now {line['outcome']}{f': {pays}' if pays else ''}."
    )


@app.command()
def report(
    shop: ShopCode = None,
    first: Annotated[
        date | None, typer.Option("--from", parser=day, metavar="DATE", help="The first bank date.")
    ] = None,
    last: Annotated[
        date | None, typer.Option("--to", parser=day, metavar="DATE", help="The last bank date.")
    ] = None,
    outcome: Annotated[Outcome | None, typer.Option("--outcome", help="Only lines that ended so.")] = None,
    as_json: AsJson = False,
) -> None:
    """List the bank lines: matched, proposed, unmatched or ignored, and why."""
    with reading() as session:
        lines = reconcile_view.report(
            session, reconcile_view.Asked(shop_codes(session, shop), first, last, outcome)
        )
    answer(as_json, lines, lambda: _tell(lines))


def _tell(lines: list[dict[str, Any]]) -> None:
    rows = [
        line
        | {
            "pays": " ".join(each["claim_no"] for each in line["pays"]),
            "offers": len(line["proposals"]) or None,
        }
        for line in lines
    ]
    columns = {
        "line": "line",
        "date": "date",
        "amount": "amount",
        "payer": "payer",
        "remark": "memo",
        "outcome": "outcome",
        "reason": "reason",
        "pays": "pays",
        "proposals": "offers",
    }
    table(rows, columns, "There are no such bank lines. Bring a bank file: huikuan intake statement FILE")
