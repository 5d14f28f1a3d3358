"""The arithmetic of a repair as a customer reads it (domain 1.7): sums in yuan, and what came."""

from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models.case import Case, ExpectedLine
from models.insurer import Insurer
from models.payout import Payout
from models.refund import Position
from models.words import CustomerLineKind, PayoutState, Resolution
from models.work_order import CustomerLine
from notifications.notices import Arrival
from notifications.wording import day, money

_RESULT = {
    Resolution.CUSTOMER_TOPUP: "差额由客户补足，已从应退金额中扣除。",
    Resolution.SHOP_ABSORB: "差额由本店承担，不影响应退金额。",
    Resolution.ROUNDING: "尾差由本店承担，不影响应退金额。",
    Resolution.RECLAIM: "差额部分本店正向保险公司再次索赔。",
    Resolution.DISPUTE: "差额部分正与保险公司协商。",
}
_TO_PAY = {
    Resolution.CUSTOMER_TOPUP: "差额由客户补足，已计入应补金额。",
    Resolution.SHOP_ABSORB: "差额由本店承担，不影响应补金额。",
    Resolution.ROUNDING: "尾差由本店承担，不影响应补金额。",
}


def reckoning(session: Session, position: Position, *, to_pay: bool = False) -> dict[str, Any]:
    """The words of a position by their names; `to_pay`: the customer owes the shop, not the shop him."""
    parts = _customer_lines(session, position.work_order_id)
    said = _RESULT | _TO_PAY if to_pay else _RESULT
    return {
        "bill": money(position.bill), "received": money(position.received),
        "customer_paid": money(position.customer_paid),
        "deposit": shown(parts.get(CustomerLineKind.DEPOSIT)),
        "self_pay": shown(parts.get(CustomerLineKind.SELF_PAY)),
        "price_gap": shown(parts.get(CustomerLineKind.PRICE_GAP)),
        "non_claim": shown(parts.get(CustomerLineKind.NON_CLAIM)),
        "third_party": shown(position.third_party), "over_receipt": shown(position.over_receipt),
        "write_off": shown(position.write_off), "refunded": shown(position.refunded),
        "resolution": _resolution(session, position.work_order_id, said),
        "arrivals": arrivals(session, position.work_order_id),
    }  # fmt: skip


def shown(amount: int | None) -> str:
    """Fen as yuan; '' for nothing, so that its line is left out."""
    return money(amount) if amount else ""


def arrivals(session: Session, work_order_id: int) -> tuple[Arrival, ...]:
    """The payouts of a repair by day, one per insurer and day."""
    rows = session.execute(
        select(Insurer.name, Payout.received_on, func.sum(Payout.amount).label("amount"))
        .join(ExpectedLine, ExpectedLine.id == Payout.expected_line_id)
        .join(Case, Case.id == Payout.case_id)
        .outerjoin(Insurer, Insurer.id == Case.insurer_id)
        .where(ExpectedLine.work_order_id == work_order_id, Payout.state != PayoutState.REVERSED)
        .group_by(Insurer.name, Payout.received_on)
        .order_by(Payout.received_on, Insurer.name)
    )
    return tuple(
        Arrival(row.name or "保险公司", day(row.received_on), money(int(row.amount))) for row in rows
    )


def _customer_lines(session: Session, work_order_id: int) -> dict[CustomerLineKind, int]:
    rows = session.execute(
        select(CustomerLine.kind, func.sum(CustomerLine.amount).label("amount"))
        .where(CustomerLine.work_order_id == work_order_id)
        .group_by(CustomerLine.kind)
    )
    return {row.kind: int(row.amount) for row in rows}


def _resolution(session: Session, work_order_id: int, said: dict[Resolution, str]) -> str:
    found = session.scalars(
        select(ExpectedLine.resolution)
        .where(ExpectedLine.work_order_id == work_order_id, ExpectedLine.resolution.is_not(None))
        .order_by(ExpectedLine.id)
    )
    return "".join(dict.fromkeys(said[each] for each in found if each is not None))
