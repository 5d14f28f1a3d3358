"""What people decide of a refund: approve or decline, with four eyes (domain 0.8, 1.5)."""

from datetime import timedelta

from sqlalchemy import update
from sqlalchemy.orm import Session

from models.entry import Movement, post
from models.refund import Refund
from models.refund_paying import cash_of, pay
from models.shop import whole_number
from models.values import Refusal, yuan
from models.words import EntryKind, RefundState
from notifications.outbox import put
from tasks.refunds import duties, holds, part_queries, refund_queries, split, telling
from tasks.refunds.asked import keep, refund_asked, refuse_unproven
from tasks.refunds.duties import Actor
from tasks.refunds.writing import release
from worker.job import Night

LIMIT_FEN = 5_000_000
REMIND_DAYS = 7


def approve(session: Session, night: Night, refund_id: int, role: str) -> int:
    """Reserve the money and put the notice. Raises Refusal for the wrong role, state or the preparer."""
    refund = _asked(session, night, refund_id, role, "approve")
    if refund.state is not RefundState.WAITING:
        raise Refusal(
            f"Refund {refund_id} is {refund.state}, not waiting"
            + (f": {refund.approved_by} approved it." if refund.approved_by else ".")
            + f" See: huikuan case show {refund_queries.claim_no_of(session, refund.work_order_id)}"
        )
    refuse_unproven(session, refund)
    holds.refuse_held(session, refund)
    actor = Actor(night.by, role)
    limit = whole_number(session, "refund_limit_fen", LIMIT_FEN, on=night.date, shop_id=night.shop_id)
    duties.refuse_own(actor, refund_id, refund.prepared_by)
    duties.refuse_above_limit(actor, refund_id, refund.amount, limit)
    split.refuse_if_stale(session, night.shop_id, refund)
    number = _reserve(session, night, refund)
    _tell(session, night, refund_id, number)
    keep(session, night, refund, "refund_approved", amount=refund.amount)
    if not cash_of(session, [refund_id])[refund_id]:
        # Nothing goes out as money: all of it is where it belongs with the approval.
        pay(session, refund_id, night.date, night.trail)
        keep(session, night, refund, "refund_paid", amount=refund.amount, on=str(night.date))
    return 1


def decline(session: Session, night: Night, refund_id: int, role: str, because: str) -> int:
    """Give the money back to the balance. Raises Refusal for the wrong role or state, or without a reason."""
    refund = _asked(session, night, refund_id, role, "decline")
    if not because.strip():
        raise Refusal(
            f'Say why refund {refund_id} is declined: huikuan refund decline {refund_id} --because "..."'
        )
    if refund.state not in (RefundState.WAITING, RefundState.APPROVED):
        raise Refusal(f"Refund {refund_id} is {refund.state} and can no longer be declined.")
    if refund.state is RefundState.APPROVED:
        release(session, night, refund.work_order_id, refund.id, refund.amount)
    session.execute(
        update(Refund)
        .where(Refund.id == refund_id)
        .values(state=RefundState.DECLINED, declined_because=because.strip(), remind_on=None)
    )
    keep(session, night, refund, "refund_declined", amount=refund.amount, because=because.strip())
    return 1


def _asked(session: Session, night: Night, refund_id: int, role: str, verb: str) -> Refund:
    what = "a refund is approved or declined"
    command = f"huikuan refund {verb} {refund_id}"
    duties.refuse_unless(Actor(night.by, role), duties.MAY_APPROVE, what, command)
    return refund_asked(session, night, refund_id)


def _reserve(session: Session, night: Night, refund: Refund) -> int:
    """Lay the money aside; returns how often that was done for this refund."""
    releasable = refund_queries.releasable_of(session, refund.work_order_id)
    if refund.amount > releasable:
        raise Refusal(
            f"Refund {refund.id} asks for {yuan(refund.amount)} yuan, but {yuan(releasable)} are releasable "
            "now. Run the night, or: huikuan night run"
        )
    number = refund_queries.reservations_of(session, refund.id) + 1
    occasion = f"refund_reserved:{refund.id}:{number}"
    movement = Movement(refund.work_order_id, EntryKind.REFUND_RESERVED, refund.amount, night.date, occasion)
    post(session, [movement], **night.trail)
    days = whole_number(session, "refund_remind_days", REMIND_DAYS, on=night.date, shop_id=night.shop_id)
    account = part_queries.account_of(session, night.shop_id, part_queries.payee_of(session, refund.id))
    approved = {
        "state": RefundState.APPROVED, "approved_by": night.by, "approved_at": night.at,
        "approved_on": night.date,
        "remind_on": None if account else night.date + timedelta(days=days),
    }  # fmt: skip
    session.execute(update(Refund).where(Refund.id == refund.id).values(**approved))
    return number


def _tell(session: Session, night: Night, refund_id: int, number: int) -> None:
    """Tell the customer; once more where it was approved again with another sum."""
    told = telling.refund_ready(session, night, refund_id)
    occasion = f"refund_ready:{refund_id}" + (f":{number}" if number > 1 else "")
    put(session, told.notice, occasion=occasion, recipient=told.recipient, night=night,
        case_id=told.case_id, hold=told.hold)  # fmt: skip
