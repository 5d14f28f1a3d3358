"""`huikuan ledger`: the month's workbook."""

from datetime import date
from typing import Annotated, Any

import typer
from sqlalchemy import select

from console import by_hand, ledger_closing, ledger_group, ledger_view, options
from console.house import reading, shop_codes, shop_id
from console.options import AsJson, OnDate, ThisShop, month
from console.output import answer, say
from console.permits import Act
from console.who import person
from models.ledger import LedgerBuild
from models.values import Period, Refusal
from worker import clock
from worker.settings import settings

app = typer.Typer(help="Ledger workbooks.")
Month = Annotated[Period, typer.Argument(parser=month, metavar="MONTH", help="Such as 2026-11.")]
_AS_OF = typer.Option(
    "--as-of", parser=options.day, metavar="YYYY-MM-DD", help="From what had been recorded up to that day."
)
app.command()(ledger_closing.close)
app.command()(ledger_closing.reopen)
app.command()(ledger_closing.rebuild)
app.command("list")(ledger_view.list_)
app.command()(ledger_view.diff)
app.command()(ledger_view.verify)
app.command()(ledger_group.group)


@app.callback()
def _noun() -> None:
    """Ledger workbooks."""


@app.command()
def build(
    period: Month,
    shop: ThisShop,
    masked: Annotated[
        bool, typer.Option("--masked", help="For readers outside: names, plates and report numbers masked.")
    ] = False,
    as_of: Annotated[date | None, _AS_OF] = None,
    day: OnDate = None,
    as_json: AsJson = False,
) -> None:
    """Write a month's ledger; content that was written before is not written again."""
    if masked or as_of:
        ledger_closing.export(period, shop, day, as_json, masked=masked, as_of=as_of)
        return
    business_date = day or clock.today()
    with reading() as session:
        who = person(session, Act.RUN)
        shop_codes(session, shop)
    scope = by_hand.again("build_ledger", business_date, f"ledger:{shop}:{period}")
    done = by_hand.do("build_ledger", shop, business_date, scope, who, month=str(period))
    document = _newest(shop, str(period)) | {"built": bool(done.count)}
    word = "is written" if done.count else "was written before and nothing has changed since"
    answer(as_json, document, lambda: say(f"The ledger of {period} {word}: {document['path']}"))


def _newest(shop: str, period: str) -> dict[str, Any]:
    with reading() as session:
        row = session.scalars(
            select(LedgerBuild)
            .where(LedgerBuild.shop_id == shop_id(session, shop), LedgerBuild.month == period)
            .order_by(LedgerBuild.id.desc())
            .limit(1)
        ).one_or_none()
    if row is None:
        raise Refusal(f"No ledger of {period} was written for {shop}. See: huikuan job kinds")
    return {
        "shop": shop,
        "month": row.month,
        "built_on": row.built_on,
        "path": str(settings().home / row.path),
        "rows": row.rows,
        "totals": row.totals,
        "sha256": row.sha256,
    }
