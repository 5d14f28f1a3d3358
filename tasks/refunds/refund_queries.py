"""What is asked of one refund, or of its repair, at the moment when somebody decides."""

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models.case import Case
from models.entry import Entry
from models.refund import Position, Refund
from models.work_order import WorkOrder


def refund_for_change(session: Session, shop_id: int, refund_id: int) -> Refund | None:
    """The refund, locked with its repair against a second decision at the same moment."""
    of = select(Refund.work_order_id).where(Refund.id == refund_id).scalar_subquery()
    session.execute(select(WorkOrder.id).where(WorkOrder.id == of).with_for_update(key_share=True))
    return session.execute(
        select(Refund).where(Refund.id == refund_id, Refund.shop_id == shop_id).with_for_update()
    ).scalar_one_or_none()


def releasable_of(session: Session, work_order_id: int) -> int:
    """What may go back now, in fen, as last computed."""
    return session.execute(
        select(Position.releasable).where(Position.work_order_id == work_order_id)
    ).scalar_one()


def reservations_of(session: Session, refund_id: int) -> int:
    """How often money was reserved for this refund."""
    return session.execute(
        select(func.count()).where(Entry.occasion.like(f"refund_reserved:{refund_id}:%"))
    ).scalar_one()


def claim_no_of(session: Session, work_order_id: int) -> str:
    """The lead case of a work order, for a sentence to people."""
    return session.execute(
        select(Case.claim_no)
        .where(Case.work_order_id == work_order_id)
        .order_by(Case.is_lead.desc())
        .limit(1)
    ).scalar_one()


def claim_no_of_refund(session: Session, shop_id: int, refund_id: int) -> str | None:
    """The lead case of a refund of the shop; None where there is no such refund."""
    of = select(Refund.work_order_id).where(Refund.id == refund_id, Refund.shop_id == shop_id)
    order = session.scalar(of)
    return None if order is None else claim_no_of(session, order)
