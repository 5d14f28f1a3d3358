"""`huikuan refund split`: how a refund is given, shown before it is written."""

from typing import Annotated, Any

import typer
from sqlalchemy import select

from console import by_hand, refund_view
from console.house import reading
from console.options import AsJson, DryRun, OnDate, amount
from console.output import answer, say, table
from console.permits import Act
from console.refund_view import RefundId
from models.refund import Refund
from models.values import yuan
from tasks.refunds import split as splitting
from tasks.refunds.splitting import Share
from worker import clock

_WORDS = {"cash": "money to the payee", "offset": "set off", "other_order": "for another repair"}


def split(
    refund_id: RefundId,
    cash: Annotated[
        str | None, typer.Option("--cash", metavar="AMOUNT", help="Money; the rest if not given.")
    ] = None,
    offset: Annotated[
        str | None,
        typer.Option("--offset", metavar="AMOUNT", help="Set off against what is owed for this car."),
    ] = None,
    other_order: Annotated[
        tuple[str, str] | None,
        typer.Option(
            "--other-order", metavar="NO AMOUNT", help="For another work order of the same customer."
        ),
    ] = None,
    dry_run: DryRun = False,
    day: OnDate = None,
    as_json: AsJson = False,
) -> None:
    """Split a refund that waits: money, set off against a debt, for another repair. Shows the parts first."""
    asked: dict[str, Any] = {
        "cash": None if cash is None else amount(cash),
        "offset": amount(offset) if offset else 0,
        "other_order": other_order[0] if other_order else None,
        "other_amount": amount(other_order[1]) if other_order else 0,
    }
    shop, who = refund_view.whose(refund_id, Act.PREPARE_REFUND)
    preview = _preview(refund_id, asked)
    if not as_json:
        _tell(refund_id, preview)
    if not dry_run:
        on = day or clock.today()
        scope = by_hand.again("split_refund", on, f"refund:{refund_id}")
        by_hand.do("split_refund", shop, on, scope, who, refund_id=refund_id, **asked)
    said = (
        "Nothing was written." if dry_run else f"Refund {refund_id} is split so; another person approves it."
    )
    document = {"refund": refund_id, "written": not dry_run, "parts": preview}
    answer(as_json, document, lambda: say(said))


def _preview(refund_id: int, asked: dict[str, Any]) -> list[dict[str, Any]]:
    with reading() as session:
        shop_id = session.execute(select(Refund.shop_id).where(Refund.id == refund_id)).scalar_one()
        return [_row(share) for share in splitting.plan(session, shop_id, refund_id, asked)]


def _row(share: Share) -> dict[str, Any]:
    elsewhere = share.work_order_id is not None
    return {
        "kind": share.kind.value,
        "amount": yuan(share.amount),
        "work_order_no": share.work_order_no or None,
        "owed_before": yuan(share.owed) if elsewhere else None,
        "owed_after": yuan(max(0, share.owed - share.amount)) if elsewhere else None,
    }


def _tell(refund_id: int, preview: list[dict[str, Any]]) -> None:
    say(f"Refund {refund_id} in parts:")
    rows = [row | {"kind": _WORDS[row["kind"]]} for row in preview]
    columns = {
        "part": "kind",
        "amount": "amount",
        "work order": "work_order_no",
        "owed there": "owed_before",
        "owed then": "owed_after",
    }
    table(rows, columns, "  none")
