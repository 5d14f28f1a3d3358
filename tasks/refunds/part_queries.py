"""What a split refund rests on: what the customer owes elsewhere, and the parts as they stand."""

from collections.abc import Sequence
from typing import NamedTuple

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models.case import Case
from models.payment import PayeeAccount, RefundPart
from models.refund import UNDER_WAY, Position, Refund
from models.words import PartKind
from models.work_order import WorkOrder


class Payee(NamedTuple):
    """Whose refund it is, and of which car."""

    name: str
    plate_no: str
    work_order_id: int


class OtherOrder(NamedTuple):
    """A repair, whose it is, and what the customer owes on it, in fen."""

    work_order_id: int
    work_order_no: str
    plate_no: str
    insured_name: str
    owed: int


class Part(NamedTuple):
    """A part of a refund as it stands, in fen."""

    kind: PartKind
    amount: int
    work_order_id: int | None
    work_order_no: str | None


def payee_of(session: Session, refund_id: int) -> Payee:
    """The payee (the insured of the repair where none is named), the plate and the repair of a refund."""
    row = session.execute(
        select(Refund.payee, Case.insured_name, WorkOrder.plate_no, WorkOrder.id)
        .join(WorkOrder, WorkOrder.id == Refund.work_order_id)
        .join(Case, Case.work_order_id == WorkOrder.id)
        .where(Refund.id == refund_id)
        .order_by(Case.is_lead.desc(), Case.id)
    ).first()
    if row is None:
        raise LookupError(f"refund {refund_id} has no case")
    return Payee(row.payee or row.insured_name, row.plate_no, row.id)


def orders_of(session: Session, shop_id: int, payee: Payee, refund_id: int) -> list[OtherOrder]:
    """The customer's other repairs in the shop, oldest first, with what he owes on each."""
    rows = session.execute(
        select(WorkOrder.id, WorkOrder.work_order_no, WorkOrder.plate_no, Case.insured_name, Position)
        .join(Case, (Case.work_order_id == WorkOrder.id) & Case.is_lead)
        .outerjoin(Position, Position.work_order_id == WorkOrder.id)
        .where(
            WorkOrder.shop_id == shop_id,
            WorkOrder.id != payee.work_order_id,
            Case.insured_name == payee.name,
        )
        .order_by(WorkOrder.id)
    ).all()
    promised = _promised(session, [row.id for row in rows], refund_id)
    return [OtherOrder(*row[:4], max(0, _owed(row.Position) - promised.get(row.id, 0))) for row in rows]


def _owed(position: Position | None) -> int:
    """The top-up, and beside it what was refunded too much (domain 1.7)."""
    if position is None:
        return 0
    return position.topup_due + max(0, position.refunded - position.refund_due)


def _promised(session: Session, work_orders: Sequence[int], refund_id: int) -> dict[int, int]:
    """What other refunds under way will bring to these repairs."""
    rows = session.execute(
        select(RefundPart.other_work_order_id, func.sum(RefundPart.amount))
        .join(Refund, Refund.id == RefundPart.refund_id)
        .where(
            RefundPart.other_work_order_id.in_(work_orders),
            Refund.state.in_(UNDER_WAY),
            Refund.id != refund_id,
        )
        .group_by(RefundPart.other_work_order_id)
    )
    return {ident: int(amount) for ident, amount in rows if ident is not None}


def order_named(session: Session, shop_id: int, work_order_no: str) -> OtherOrder | None:
    """A repair by its number, whoever's it is."""
    row = session.execute(
        select(WorkOrder.id, WorkOrder.work_order_no, WorkOrder.plate_no, Case.insured_name)
        .join(Case, (Case.work_order_id == WorkOrder.id) & Case.is_lead)
        .where(WorkOrder.shop_id == shop_id, WorkOrder.work_order_no == work_order_no)
    ).first()
    return OtherOrder(*row, 0) if row else None


def parts_of(session: Session, refund_id: int) -> list[Part]:
    """The parts a refund was split into, as they were written; none = all of it is money."""
    rows = session.execute(
        select(RefundPart.kind, RefundPart.amount, RefundPart.other_work_order_id, WorkOrder.work_order_no)
        .outerjoin(WorkOrder, WorkOrder.id == RefundPart.other_work_order_id)
        .where(RefundPart.refund_id == refund_id)
        .order_by(RefundPart.id)
    )
    return [Part(*row) for row in rows]


def account_of(session: Session, shop_id: int, payee: Payee) -> PayeeAccount | None:
    """Where refunds of this payee and car are paid."""
    return session.execute(
        select(PayeeAccount).where(
            PayeeAccount.shop_id == shop_id,
            PayeeAccount.payee == payee.name,
            PayeeAccount.plate_no == payee.plate_no,
        )
    ).scalar_one_or_none()
