"""A refund that was paid or came back: the same entries, whoever learns of it (the cashier, the bank)."""

from collections.abc import Collection, Mapping
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, func, or_, select, update
from sqlalchemy.orm import Session

from models.entry import Entry, Movement, post
from models.event import Happening, record
from models.payment import RefundPart
from models.refund import Refund
from models.upsert import changed_rows
from models.words import EntryKind, PartKind, RefundState
from models.work_order import WorkOrder

PAYABLE = (RefundState.APPROVED, RefundState.IN_FILE, RefundState.UNCLAIMED)
"""The money is reserved, and has not gone."""


Trail = Mapping[str, Any]
"""shop_id, business_date, by and at, as `models.entry.post` wants them."""


class _Paid(NamedTuple):
    """A refund at the moment it is paid."""

    id: int
    work_order_id: int
    amount: int


def cash() -> ColumnElement[int]:
    """What of a refund goes out as money, in fen, as a column: all but what is set off or passed on."""
    elsewhere = (
        select(func.coalesce(func.sum(RefundPart.amount), 0))
        .where(RefundPart.refund_id == Refund.id, RefundPart.kind != PartKind.CASH)
        .scalar_subquery()
    )
    return Refund.amount - elsewhere


def cash_of(session: Session, refund_ids: Collection[int]) -> dict[int, int]:
    """What of each refund goes out as money, in fen."""
    rows = session.execute(select(Refund.id, cash()).where(Refund.id.in_(sorted(refund_ids))))
    return {ident: int(amount) for ident, amount in rows}


def pay(session: Session, refund_id: int, on: date, trail: Trail) -> bool:
    """Post a reserved refund as paid on a day; its other parts go where they belong.

    False, and nothing written, where it is not reserved any more: of two who pay at once one comes too late.
    """
    _hold_repair(session, refund_id)
    done = session.execute(
        update(Refund)
        .where(Refund.id == refund_id, Refund.shop_id == trail["shop_id"], Refund.state.in_(PAYABLE))
        .values(state=RefundState.PAID, paid_on=on, remind_on=None)
    )
    if not changed_rows(done):
        return False
    found = session.execute(
        select(Refund.id, Refund.work_order_id, Refund.amount).where(Refund.id == refund_id)
    ).one()
    refund, money = _Paid(*found), cash_of(session, [refund_id])[refund_id]
    again = _again(session, refund_id)
    movements = []
    if money:
        occasion = f"refund_paid:{refund_id}{again}"
        movements.append(Movement(refund.work_order_id, EntryKind.REFUND_PAID, money, on, occasion))
    post(session, movements, **trail)
    targets = _pass_on(session, refund, on, again, trail)
    settle_again(session, {refund.work_order_id, *targets}, trail["business_date"])
    return True


def _hold_repair(session: Session, refund_id: int) -> None:
    """Lock the repair before its refund, in the order of the night: whoever comes at once waits his turn."""
    of = select(Refund.work_order_id).where(Refund.id == refund_id).scalar_subquery()
    session.execute(select(WorkOrder.id).where(WorkOrder.id == of).with_for_update(key_share=True))


def _again(session: Session, refund_id: int) -> str:
    """Where it was paid and that was taken back, the entries of the next time have names of their own."""
    stems = [f"refund_paid:{refund_id}", f"refund_offset:{refund_id}"]
    begun = [Entry.occasion.startswith(f"{stem}:", autoescape=True) for stem in stems]
    own = select(Entry.id).where(or_(Entry.occasion.in_(stems), *begun))
    undone = session.scalar(select(func.count()).where(Entry.reverses_id.in_(own))) or 0
    return f":{undone + 1}" if undone else ""


def _pass_on(session: Session, refund: _Paid, on: date, again: str, trail: Trail) -> list[int]:
    """The parts for other repairs: out of this one, into those; returns their work orders."""
    parts = session.execute(
        select(RefundPart.id, RefundPart.other_work_order_id, RefundPart.amount, RefundPart.kind)
        .where(RefundPart.refund_id == refund.id, RefundPart.other_work_order_id.is_not(None))
        .order_by(RefundPart.id)
    ).all()
    movements, happenings = [], []
    for ident, target, amount, kind in parts:
        assert target is not None
        key = f"{refund.id}:{ident}{again}"
        movements += [
            Movement(refund.work_order_id, EntryKind.REFUND_OFFSET, amount, on, f"refund_offset:{key}"),
            Movement(target, EntryKind.REFUND_TRANSFER_IN, amount, on, f"refund_transfer_in:{key}"),
        ]
        inputs = {"refund": refund.id, "from_work_order": refund.work_order_id, "amount": amount}
        happenings.append(
            Happening("refund_transfer_in", inputs | {"part": kind.value}, work_order_id=target)
        )
    post(session, movements, **trail)
    record(session, happenings, **trail)
    return [part.other_work_order_id for part in parts if part.other_work_order_id]


def bounce(session: Session, refund_id: int, on: date, trail: Trail) -> bool:
    """Post that the money of a paid refund came back. False, and nothing written, where it is not paid."""
    _hold_repair(session, refund_id)
    done = session.execute(
        update(Refund)
        .where(Refund.id == refund_id, Refund.shop_id == trail["shop_id"], Refund.state == RefundState.PAID)
        .values(state=RefundState.BOUNCED, bounced_on=on)
    )
    if not changed_rows(done):
        return False
    order = session.execute(select(Refund.work_order_id).where(Refund.id == refund_id)).scalar_one()
    money = cash_of(session, [refund_id])[refund_id]
    occasion = f"refund_bounced:{refund_id}"
    post(session, [Movement(order, EntryKind.REFUND_BOUNCED, money, on, occasion)], **trail)
    settle_again(session, {order}, trail["business_date"])
    return True


def settle_again(session: Session, work_orders: Collection[int], on: date) -> None:
    """Have the refunds of these repairs computed anew."""
    session.execute(update(WorkOrder).where(WorkOrder.id.in_(sorted(work_orders))).values(settle_on=on))
