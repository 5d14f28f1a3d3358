"""`huikuan ledger list|diff|verify`: what was issued, what is different now, and whether all is as it was."""

from collections.abc import Iterator
from typing import Annotated, Any

import typer
from sqlalchemy import select
from sqlalchemy.orm import Session

from console import options
from console.house import reading, shop_codes, shop_id
from console.options import AsJson, ShopCode, ThisShop
from console.output import answer, say, table
from models.shop import Shop
from models.values import Period, Refusal
from tasks.ledgers import closing_queries, issued, making
from tasks.ledgers.book import Correction
from tasks.ledgers.changes import shown
from tasks.ledgers.columns import BY_FIELD
from worker.settings import settings

Month = Annotated[Period, typer.Argument(parser=options.month, metavar="MONTH", help="Such as 2026-11.")]
NOT_AS_IT_WAS = 1
"""Exit status where something was changed, for whoever watches over this command."""


def list_(shop: ThisShop, as_json: AsJson = False) -> None:
    """Every closed month with its number, who closed it, and whether it was opened again."""
    with reading() as session:
        rows = list(_closes(session, shop_id(session, shop)))
    columns = {
        "Month": "month", "Revision": "revision", "Number": "number", "Closed on": "closed_on",
        "By": "closed_by", "Rows": "rows", "Open again until": "open_until", "File": "path",
    }  # fmt: skip
    answer(as_json, {"shop": shop, "closes": rows}, lambda: table(rows, columns, "No month is closed yet."))


def _closes(session: Session, ident: int) -> Iterator[dict[str, Any]]:
    opened = closing_queries.reopenings(session, ident)
    for each in closing_queries.closes(session, ident):
        again = opened.get(each.id)
        yield {
            "month": each.month, "revision": each.revision, "number": each.number,
            "closed_on": each.closed_on, "closed_by": each.closed_by, "prepared_by": each.prepared_by,
            "rows": each.rows, "corrections": each.corrections, "path": each.path, "sha256": each.sha256,
            "open_until": again.until if again else None, "because": again.because if again else None,
        }  # fmt: skip


def diff(period: Month, shop: ThisShop, as_json: AsJson = False) -> None:
    """What is different now from a closed month as issued: per line and field, by what and by whom."""
    with reading() as session:
        close = closing_queries.newest_close(session, shop_id(session, shop), str(period))
        if close is None:
            raise Refusal(
                f"{period} is not closed: there is nothing to compare with. "
                f"See: huikuan ledger list --shop {shop}"
            )
        rows = [_change(each) for each in making.changed_since(session, close, [], whole=True)]
        number = close.number
    columns = {
        "Row": "row", "Claim": "claim_no", "Field": "heading", "Issued": "was", "Now": "now",
        "Because": "because", "By": "by", "On": "recorded_on",
    }  # fmt: skip
    document = {"shop": shop, "month": str(period), "number": number, "changes": rows}
    answer(as_json, document, lambda: table(rows, columns, f"Nothing is different from {number}."))


def _change(each: Correction) -> dict[str, Any]:
    return {
        "row": each.position, "claim_no": each.claim_no, "field": each.field,
        "heading": BY_FIELD[each.field].heading, "was": shown(each.field, each.was),
        "now": shown(each.field, each.now), "because": each.because, "by": each.by,
        "recorded_on": each.recorded_on,
    }  # fmt: skip


def verify(shop: ShopCode = None, as_json: AsJson = False) -> None:
    """Hold every issued workbook and snapshot against its hash, and the chain of months together."""
    with reading() as session:
        shops = [_verified(session, code) for code in shop_codes(session, shop)]
    answer(as_json, {"shops": shops}, lambda: _tell(shops))
    if any(each["faults"] for each in shops):
        raise typer.Exit(NOT_AS_IT_WAS)


def _verified(session: Session, code: str) -> dict[str, Any]:
    ident = session.execute(select(Shop.id).where(Shop.code == code)).scalar_one()
    found = [each._asdict() for each in issued.faults(session, ident, settings().home)]
    return {"shop": code, "closes": len(closing_queries.closes(session, ident)), "faults": found}


def _tell(shops: list[dict[str, Any]]) -> None:
    for each in shops:
        said = [fault["sentence"] for fault in each["faults"]] or ["everything is as it was issued"]
        say(f"{each['shop']}: {each['closes']} issued; {said[0]}", *(f"  {line}" for line in said[1:]))
