"""`huikuan difference`: payouts that are not what was expected, and what becomes of them."""

from datetime import date
from typing import Annotated, Any

import typer
from sqlalchemy import select

from console import by_hand
from console.difference_view import WAITING, differences
from console.house import reading, shop_codes
from console.options import AsJson, OnDate, ShopCode, day
from console.output import answer, say, table
from console.permits import Act
from console.who import Person, person
from models.difference import Difference
from models.shop import Shop
from models.values import Refusal
from models.words import OverResult, Resolution
from worker import clock

app = typer.Typer(help="Payout differences (赔款差额): too little or too much.")

Number = Annotated[int, typer.Argument(metavar="ID", help="The number of the difference, as in the list.")]
Because = Annotated[str, typer.Option("--because", metavar="TEXT", help="Why; it stays on record.")]


@app.command("list")
def list_(
    shop: ShopCode = None,
    all_: Annotated[bool, typer.Option("--all", help="Closed ones too.")] = False,
    business_date: OnDate = None,
    as_json: AsJson = False,
) -> None:
    """List the differences, the oldest first: how much, too little or too much, and what is to be done."""
    with reading() as session:
        found = differences(session, shop_codes(session, shop), business_date or clock.today(), all_=all_)
    columns = {
        "id": "id", "claim": "claim_no", "plate": "plate_no", "cover": "cover", "expected": "expected",
        "difference": "amount", "": "direction", "state": "state", "result": "result", "dispute": "dispute",
        "days": "age_days",
        "next": "command",
    }  # fmt: skip
    answer(as_json, found, lambda: table(found, columns, "There are no such differences."))


@app.command()
def resolve(
    number: Number,
    result: Annotated[str, typer.Argument(metavar="RESULT", help="|".join((*Resolution, *OverResult)))],
    consent: Annotated[
        str | None,
        typer.Option("--consent", metavar="TEXT", help="How the customer agreed (CUSTOMER_TOPUP)."),
    ] = None,
    consent_on: Annotated[
        date | None, typer.Option("--consent-on", parser=day, metavar="DATE", help="When he agreed.")
    ] = None,
    to: Annotated[
        str | None, typer.Option("--to", metavar="CLAIM_NO", help="The claim it belongs to, for REASSIGN.")
    ] = None,
    note: Annotated[
        str | None, typer.Option("--note", metavar="TEXT", help="A remark for the record.")
    ] = None,
    business_date: OnDate = None,
    as_json: AsJson = False,
) -> None:
    """Give a difference its result. What moves money waits until another person approves it."""
    given = {
        "result": result, "consent": consent, "consent_on": consent_on.isoformat() if consent_on else None,
        "to": to, "note": note,
    }  # fmt: skip
    _do("resolve_difference", number, Act.RESOLVE_DIFFERENCE, business_date, as_json, **given)


@app.command()
def approve(number: Number, business_date: OnDate = None, as_json: AsJson = False) -> None:
    """Approve the result that another person has prepared: it takes effect."""
    _do("approve_difference", number, Act.DECIDE_DIFFERENCE, business_date, as_json)


@app.command()
def decline(number: Number, because: Because, business_date: OnDate = None, as_json: AsJson = False) -> None:
    """Send a prepared result back, with the reason."""
    _do("decline_difference", number, Act.DECIDE_DIFFERENCE, business_date, as_json, because=because)


@app.command()
def undo(number: Number, because: Because, business_date: OnDate = None, as_json: AsJson = False) -> None:
    """Take a result back by counter-entries: the difference is open again."""
    _do("undo_difference", number, Act.DECIDE_DIFFERENCE, business_date, as_json, because=because)


def _do(
    job: str, number: int, act: Act, business_date: date | None, as_json: bool, **given: str | None
) -> None:
    on = business_date or clock.today()
    shop, who = _whose(number, act)
    scope = by_hand.again(job, on, f"difference:{number}")
    by_hand.do(job, shop, on, scope, who, difference_id=number, **given)
    with reading() as session:
        found = differences(session, [shop], on, all_=True)
    document = next(each for each in found if each["id"] == number)
    answer(as_json, document, lambda: say(*_sentences(document)))


def _sentences(found: dict[str, Any]) -> list[str]:
    name = f"Difference {found['id']} of {found['claim_no']}, {found['amount']} yuan {found['direction']}"
    if found["state"] == WAITING:
        by = f"{found['result']} is prepared by {found['prepared_by']}; another person approves it"
        return [f"{name}: {by}: {found['command']}"]
    result = found["result"] or "no result"
    return [f"{name}: {found['state']}, {result}."]


def _whose(number: int, act: Act) -> tuple[str, Person]:
    with reading() as session:
        who = person(session, act)
        shop = session.execute(
            select(Shop.code).join(Difference, Difference.shop_id == Shop.id).where(Difference.id == number)
        ).scalar_one_or_none()
    if shop is None:
        raise Refusal(f"There is no difference {number}. See: huikuan difference list --all")
    return shop, who
