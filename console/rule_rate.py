"""`huikuan rule rate`: the published one-year LPR, for the interest estimate (domain 2.5)."""

from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Annotated

import typer
from sqlalchemy import select

from console.house import reading, writing
from console.options import AsJson, day
from console.output import answer, say, table
from console.permits import Act
from console.who import person
from models.deadline import InterestRate
from models.values import Refusal
from worker import clock

app = typer.Typer(help="The one-year LPR by day.")


@app.command("list")
def list_(as_json: AsJson = False) -> None:
    """List the rates, the newest first."""
    with reading() as session:
        rows = session.scalars(select(InterestRate).order_by(InterestRate.valid_from.desc())).all()
    rates = [
        {
            "rate": _percent(row.millionths),
            "valid_from": row.valid_from,
            "source": row.source,
            "set_by": row.set_by,
        }
        for row in rows
    ]
    columns = {"rate": "rate", "valid from": "valid_from", "source": "source", "set by": "set_by"}
    none = "No rate is known; letters carry no estimate. Set it: huikuan rule rate set 3.00 --from DATE"
    answer(as_json, rates, lambda: table(rates, columns, none))


def _percent(millionths: int) -> str:
    return f"{Decimal(millionths) / 10_000:.2f}%"


@app.command("set")
def set_(
    rate: Annotated[str, typer.Argument(metavar="PERCENT", help="In per cent a year, e.g. 3.00.")],
    valid_from: Annotated[
        date, typer.Option("--from", parser=day, metavar="DATE", help="The day it was published.")
    ],
    source: Annotated[str, typer.Option("--source", metavar="TEXT")] = "全国银行间同业拆借中心 一年期LPR",
    as_json: AsJson = False,
) -> None:
    """Set the one-year LPR from the day of its publication on."""
    from tasks.deadlines import law

    try:
        millionths = Decimal(rate.strip().removesuffix("%")) * 10_000
    except InvalidOperation:
        millionths = Decimal("0.5")
    if millionths != millionths.to_integral_value():
        raise Refusal(
            f'"{rate}" is no rate in per cent. Write it as 3.00: huikuan rule rate set 3.00 --from DATE'
        )
    with writing() as session:
        who = person(session, Act.ADMINISTER)
        law.set_rate(session, int(millionths), valid_from, source, who.name, clock.now())
    document = {"rate": _percent(int(millionths)), "valid_from": valid_from}
    answer(as_json, document, lambda: say(f"The one-year LPR is {document['rate']} from {valid_from}."))
