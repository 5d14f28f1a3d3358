"""What was written down of each repair before: its position, and the lines it was computed from."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import and_, case, func, literal, select
from sqlalchemy.orm import Session

from models.refund import Position, Refund
from models.words import LineKind, RefundState, Resolution
from models.work_order import WorkOrder
from tasks.proof.queries import Page, came

SETTLES = (Resolution.CUSTOMER_TOPUP, Resolution.SHOP_ABSORB, Resolution.ROUNDING)


def expected(session: Session, page: Page) -> dict[int, tuple[int, int]]:
    """What is expected on each repair, and what insurers will still pay for it."""
    line = came(page).c
    unsettled = line.resolution.is_(None) | line.resolution.not_in(SETTLES)
    own = and_(line.kind == LineKind.OWN_REPAIR, unsettled, line.expected > line.received)
    rows = session.execute(
        select(
            line.work_order_id,
            func.sum(line.expected),
            func.sum(case((own, line.expected - line.received), else_=literal(0))),
        ).group_by(line.work_order_id)
    )
    return {order_id: (int(whole), int(still)) for order_id, whole, still in rows}


def positions(session: Session, page: Page) -> dict[int, Sequence[Any]]:
    """The stored totals of the repairs whose money has not changed since they were computed."""
    waits = and_(Refund.work_order_id == Position.work_order_id, Refund.state == RefundState.WAITING)
    rows = session.execute(
        select(
            Position.work_order_id, Position.bill, Position.expected, Position.received,
            Position.over_receipt, Position.third_party, Position.customer_paid, Position.write_off,
            Position.refunded, Position.surplus, Position.refund_due, Position.topup_due,
            Position.releasable, Position.hold_reason.is_not(None).label("is_held"),
            Refund.amount.label("waiting"),
        )
        .join(WorkOrder, WorkOrder.id == Position.work_order_id)
        .outerjoin(Refund, waits)
        .where(page.of(Position.work_order_id), WorkOrder.settle_on.is_(None))
    )  # fmt: skip
    return {row.work_order_id: row[1:] for row in rows}
