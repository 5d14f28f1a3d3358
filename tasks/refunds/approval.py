"""What people decide of a refund: approve or decline, with four eyes (domain 0.8, 1.5)."""

from sqlalchemy import update
from sqlalchemy.orm import Session

from models.entry import Movement, post
from models.event import Happening, record
from models.refund import Refund
from models.values import Refusal, yuan
from models.words import EntryKind, RefundState, Role
from notifications.outbox import put
from tasks.refunds import queries, telling
from tasks.refunds.writing import release
from worker.job import Night

_MAY_APPROVE = frozenset({Role.REVIEWER, Role.MANAGER, Role.ADMIN, "operator"})


def approve(session: Session, night: Night, refund_id: int, role: str) -> int:
    """Reserve the money and put the notice. Raises Refusal for the wrong role, state or the preparer."""
    refund = _asked(session, night, refund_id, role, "approve")
    if refund.state is not RefundState.WAITING:
        raise Refusal(
            f"Refund {refund_id} is {refund.state}, not waiting"
            + (f": {refund.approved_by} approved it." if refund.approved_by else ".")
            + f" See: huikuan case show {queries.claim_no_of(session, refund.work_order_id)}"
        )
    if refund.prepared_by == night.by:
        raise Refusal(
            f"Refund {refund_id} was prepared by {night.by}; nobody approves an entry of their own. "
            f"Ask another reviewer: huikuan refund approve {refund_id}"
        )
    _reserve(session, night, refund)
    told = telling.refund_ready(session, night, refund_id)
    put(session, told.notice, occasion=f"refund_ready:{refund_id}", recipient=told.recipient, night=night,
        case_id=told.case_id, hold=told.hold)  # fmt: skip
    _record(session, night, refund, "refund_approved", {"amount": refund.amount})
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
        .values(state=RefundState.DECLINED, declined_because=because.strip())
    )
    _record(session, night, refund, "refund_declined", {"amount": refund.amount, "because": because.strip()})
    return 1


def _asked(session: Session, night: Night, refund_id: int, role: str, verb: str) -> Refund:
    if role not in _MAY_APPROVE:
        raise Refusal(
            f"{night.by} is {role}; a refund is approved or declined by a reviewer, manager or admin. "
            f"Ask one of them: huikuan refund {verb} {refund_id}"
        )
    refund = queries.refund_for_change(session, night.shop_id, refund_id)
    if refund is None:
        raise Refusal(f"There is no refund {refund_id} in shop {night.shop_code}. See: huikuan refund list")
    return refund


def _reserve(session: Session, night: Night, refund: Refund) -> None:
    releasable = queries.releasable_of(session, refund.work_order_id)
    if refund.amount > releasable:
        raise Refusal(
            f"Refund {refund.id} asks for {yuan(refund.amount)} yuan, but {yuan(releasable)} are releasable "
            "now. Run the night, or: huikuan night run"
        )
    occasion = f"refund_reserved:{refund.id}:{queries.reservations_of(session, refund.id) + 1}"
    movement = Movement(refund.work_order_id, EntryKind.REFUND_RESERVED, refund.amount, night.date, occasion)
    post(session, [movement], **night.trail)
    session.execute(
        update(Refund)
        .where(Refund.id == refund.id)
        .values(state=RefundState.APPROVED, approved_by=night.by, approved_at=night.at)
    )


def _record(session: Session, night: Night, refund: Refund, kind: str, inputs: dict[str, object]) -> None:
    happening = Happening(kind, {"refund": refund.id, **inputs}, work_order_id=refund.work_order_id)
    record(session, [happening], **night.trail)
