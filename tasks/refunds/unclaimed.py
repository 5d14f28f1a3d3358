"""Approved refunds that nobody collected: the customer is reminded twice, then the money is kept as owed."""

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from sqlalchemy import and_, select, update
from sqlalchemy.orm import Session

from models.case import Case
from models.event import Happening, record
from models.refund import Refund
from models.refund_paying import cash_of
from models.shop import whole_number
from models.words import RefundState
from notifications.outbox import put
from tasks.refunds import telling
from tasks.refunds.reminding import Reminder, reminder
from worker import aside
from worker.job import Night

FIRST_DAYS, LAST_DAYS = 7, 30


class Waiting(NamedTuple):
    """A refund that lies ready."""

    refund_id: int
    work_order_id: int
    case_id: int
    approved_on: date
    cash: int


def remind(session: Session, night: Night) -> int:
    """Remind of every refund whose day has come; after the last time it is kept as owed."""
    first = _days(session, night, "refund_remind_days", FIRST_DAYS)
    last = _days(session, night, "refund_unclaimed_days", LAST_DAYS)
    decided = night.decide(
        _due(session, night),
        lambda row: reminder(row.approved_on, night.date, first, last),
        subject=_name,
    )
    written = aside.write(
        session, night, list(decided), lambda some: _write(session, night, some), lambda each: _name(each[0])
    )
    return len(written.rows)


def _name(row: Waiting) -> str:
    return f"refund:{row.refund_id}"


def _write(session: Session, night: Night, some: Sequence[tuple[Waiting, Reminder]]) -> None:
    for row, decision in some:
        _tell(session, night, row, decision)
        _move_on(session, night, row, decision)


def _days(session: Session, night: Night, key: str, default: int) -> int:
    return whole_number(session, key, default, on=night.date, shop_id=night.shop_id)


def _due(session: Session, night: Night) -> list[Waiting]:
    """Approved refunds whose reminder is due, in their order."""
    rows = session.execute(
        select(Refund.id, Refund.work_order_id, Case.id.label("case_id"), Refund.approved_on)
        .join(Case, and_(Case.work_order_id == Refund.work_order_id, Case.is_lead))
        .where(
            Refund.shop_id == night.shop_id,
            Refund.remind_on <= night.date,
            Refund.state == RefundState.APPROVED,
        )
        .order_by(Refund.id)
    ).all()
    cash = cash_of(session, [row.id for row in rows])
    return [
        Waiting(row.id, row.work_order_id, row.case_id, row.approved_on, cash[row.id])
        for row in rows
        if row.approved_on is not None
    ]


def _tell(session: Session, night: Night, row: Waiting, decision: Reminder) -> None:
    told = telling.refund_unclaimed(session, night, row.refund_id, row.cash, row.approved_on, decision)
    occasion = f"refund_unclaimed:{row.refund_id}:{row.approved_on}:{'last' if decision.is_last else 'first'}"
    put(session, told.notice, occasion=occasion, recipient=told.recipient, night=night,
        case_id=told.case_id, hold=told.hold)  # fmt: skip


def _move_on(session: Session, night: Night, row: Waiting, decision: Reminder) -> None:
    state = RefundState.UNCLAIMED if decision.is_last else RefundState.APPROVED
    values = {"state": state, "remind_on": decision.look_again_on}
    session.execute(update(Refund).where(Refund.id == row.refund_id).values(**values))
    kind = "refund_unclaimed" if decision.is_last else "refund_reminded"
    inputs = {"refund": row.refund_id, "days": decision.days, "amount": row.cash}
    record(session, [Happening(kind, inputs, row.case_id, row.work_order_id)], **night.trail)
    night.note(**{kind: 1, f"{kind}_fen": row.cash})
