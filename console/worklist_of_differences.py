"""What waits because the insurer's money is not what was expected, or was passed on too early."""

from collections.abc import Iterator
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from console import refund_held
from console.difference_view import choices_of, command_of, waits
from console.worklist import Item
from models.case import Case
from models.difference import Difference
from models.refund import Position
from models.values import fen, yuan
from models.words import DifferenceState, Role
from models.work_order import WorkOrder


def differences(session: Session, code: str, shop_id: int) -> Iterator[Item]:
    """Differences that wait for a result, or for approval of one.

    What is claimed again or in dispute waits for the insurer: it is chased, and stands in `huikuan difference
    list`; where a customer's refund waits with it, `held_refunds` says so.
    """
    rows = session.execute(
        select(Difference, Case.claim_no)
        .join(Case, Case.id == Difference.case_id)
        .where(Difference.shop_id == shop_id, Difference.state == DifferenceState.OPEN)
        .order_by(Difference.opened_on, Difference.id)
    )
    for found, claim_no in rows:
        if found.resolution is not None and not waits(found):
            continue
        yield Item(
            "difference",
            f"difference:{found.id}",
            code,
            Role.MANAGER if waits(found) else Role.HANDLER,
            found.opened_on,
            abs(found.amount),
            _what(found, claim_no),
            command_of(found) or f"huikuan case show {claim_no}",
        )


def _what(found: Difference, claim_no: str) -> str:
    side = "too little" if found.amount > 0 else "too much"
    result = found.resolution or found.over_result
    came = f"difference {found.id}, {claim_no}: the insurer paid {yuan(abs(found.amount))} yuan {side}"
    if result is None:
        return f"{came}: {' or '.join(choices_of(found))}"
    return f"{came}; {result} of {found.prepared_by} waits"


def held_refunds(session: Session, code: str, _: int) -> Iterator[Item]:
    """Customers' money that is held back: somebody sees to it that it ends (domain 1.7)."""
    for each in refund_held.held(session, [code]):
        since = each["since"]
        yield Item(
            "refund_held",
            f"work_order:{each['work_order_id']}",
            code,
            Role.REVIEWER if each["hold_reason"] == "manual_hold" else Role.HANDLER,
            date.fromisoformat(since) if since else each["computed_on"],
            fen(each["amount"]),
            f"{each['work_order_no']} {each['plate_no']}: {each['sentence'] or each['hold_reason']}",
            each["command"],
        )


def overpaid_refunds(session: Session, code: str, shop_id: int) -> Iterator[Item]:
    """Customers who owe a refund back: a payout was taken back after it was paid (domain 1.7)."""
    rows = session.execute(
        select(Position, WorkOrder.work_order_no, Case.claim_no, Case.insured_name)
        .join(WorkOrder, WorkOrder.id == Position.work_order_id)
        .join(Case, (Case.work_order_id == WorkOrder.id) & Case.is_lead)
        .where(WorkOrder.shop_id == shop_id, Position.refunded > Position.refund_due)
        .order_by(Position.work_order_id)
    )
    for position, order_no, claim_no, insured in rows:
        owes = position.refunded - position.refund_due
        yield Item(
            "refund_to_claim",
            f"work_order:{position.work_order_id}",
            code,
            Role.HANDLER,
            position.computed_on,
            owes,
            f"{insured} got {yuan(owes)} yuan too much back on {order_no} ({claim_no}): claim them",
            f"huikuan case record {claim_no} top-up {yuan(owes)}",
        )
