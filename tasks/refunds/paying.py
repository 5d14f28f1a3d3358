"""What becomes of a refund on its way out, as the cashier records it: paid, come back, or refused."""

from datetime import date

from sqlalchemy import update
from sqlalchemy.orm import Session

from models import refund_paying
from models.ledger import require_open
from models.refund import Refund
from models.upsert import changed_rows
from models.values import Refusal, business_date
from models.words import RefundState
from tasks.refunds import duties, holds, writing
from tasks.refunds.asked import actor_of, keep, refund_asked, refuse_unproven
from worker.job import Night


def pay(session: Session, night: Night, refund_id: int) -> int:
    """Post it as paid on a day: in cash, or as the bank did. Raises Refusal for one not approved, or paid."""
    command = f"huikuan refund paid {refund_id} --on DATE"
    refund = _mine(session, night, refund_id, "a refund is paid", command)
    on = _day(night, refund_id)
    if refund.approved_on and on < refund.approved_on:
        raise Refusal(
            f"Refund {refund_id} was approved on {refund.approved_on} and can't have been paid on {on}. "
            f"Correct the day: {command}"
        )
    if refund.state is not RefundState.IN_FILE:
        duties.refuse_approver(actor_of(night), refund_id, refund.approved_by, command)
        refuse_unproven(session, refund)
        holds.refuse_held(session, refund)
    require_open(session, night.shop_id, on, today=night.date)
    if not refund_paying.pay(session, refund_id, on, night.trail):
        raise Refusal(_not_payable(refund))
    cash = refund_paying.cash_of(session, [refund_id])[refund_id]
    keep(session, night, refund, "refund_paid", amount=cash, on=str(on), was=refund.state.value)
    return 1


def bounce(session: Session, night: Night, refund_id: int) -> int:
    """Post that the money of a paid refund came back (退汇). After the night a new one waits for approval."""
    command = f'huikuan refund bounced {refund_id} --on DATE --because "..."'
    refund = _mine(session, night, refund_id, "a bounced refund is recorded", command)
    because, on = _because(night, refund_id, "bounced"), _day(night, refund_id)
    require_open(session, night.shop_id, on, today=night.date)
    if refund.state is RefundState.IN_FILE:
        raise Refusal(
            f"Refund {refund_id} is in a payment file and not known as paid. If the bank never paid it: "
            f'huikuan refund failed {refund_id} --because "..."; if it did: '
            f"huikuan refund paid {refund_id} --on DATE"
        )
    if refund.paid_on and on < refund.paid_on:
        raise Refusal(f"Refund {refund_id} was paid on {refund.paid_on} and can't have come back on {on}.")
    if refund.state is RefundState.PAID and not refund_paying.cash_of(session, [refund_id])[refund_id]:
        raise Refusal(f"Refund {refund_id} went out without money: all of it was set off or passed on.")
    if not refund_paying.bounce(session, refund_id, on, night.trail):
        raise Refusal(
            f"Refund {refund_id} is {refund.state}; only money that was paid comes back. "
            f"See: huikuan refund show {refund_id}"
        )
    keep(session, night, refund, "refund_bounced", on=str(on), because=because)
    return 1


def fail(session: Session, night: Night, refund_id: int) -> int:
    """Give the money back to the balance: the bank refused the transfer. It waits for approval again then."""
    command = f'huikuan refund failed {refund_id} --because "..."'
    refund = _mine(session, night, refund_id, "a failed payment is recorded", command)
    because = _because(night, refund_id, "failed")
    done = session.execute(
        update(Refund)
        .where(Refund.id == refund_id, Refund.state == RefundState.IN_FILE)
        .values(state=RefundState.FAILED)
    )
    if not changed_rows(done):
        raise Refusal(
            f"Refund {refund_id} is {refund.state}, not in a payment file: there is no payment to fail. "
            f"See: huikuan refund show {refund_id}"
        )
    writing.release(session, night, refund.work_order_id, refund_id, refund.amount)
    refund_paying.settle_again(session, {refund.work_order_id}, night.date)
    keep(session, night, refund, "refund_failed", because=because)
    return 1


def _mine(session: Session, night: Night, refund_id: int, what: str, command: str) -> Refund:
    duties.refuse_unless(actor_of(night), duties.MAY_PAY, what, command)
    refund = refund_asked(session, night, refund_id)
    session.expunge(refund)
    return refund


def _day(night: Night, refund_id: int) -> date:
    on = business_date(night.parameters["on"])
    if on > night.date:
        raise Refusal(f"Refund {refund_id}: {on} is after {night.date}. Record it once it has happened.")
    return on


def _because(night: Night, refund_id: int, verb: str) -> str:
    because = str(night.parameters.get("because") or "").strip()
    if not because:
        raise Refusal(f'Say why: huikuan refund {verb} {refund_id} --because "..."')
    return because


def _not_payable(refund: Refund) -> str:
    if refund.state is RefundState.PAID:
        return f"Refund {refund.id} was paid on {refund.paid_on or 'an unknown day'}; it is paid once only."
    if refund.state is RefundState.WAITING:
        return f"Refund {refund.id} waits for approval first: huikuan refund approve {refund.id}"
    return (
        f"Refund {refund.id} is {refund.state}: there is nothing laid aside to pay. "
        f"See: huikuan refund show {refund.id}"
    )
