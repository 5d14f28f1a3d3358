"""What the ledgers room reads of the repairs of a month: money, expected lines and submission rounds."""

from collections import defaultdict
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.case import Case, ExpectedLine, SubmissionRound
from models.difference import Difference
from models.payout import Payout
from models.refund import Position, Refund
from models.refund_paying import cash
from models.words import CustomerLineKind, DifferenceState, PayoutState, RefundState
from models.work_order import CustomerLine, WorkOrder
from tasks.ledgers import facts
from tasks.ledgers.due_queries import Due, dues
from tasks.ledgers.spans import Repairs, Span
from tasks.ledgers.then import Then

AWAITS_COLLECTION = frozenset({RefundState.APPROVED, RefundState.IN_FILE, RefundState.UNCLAIMED})

_ORDER_FIELDS = (
    "work_order_no", "vehicle_series", "vehicle_release_date", "labour_fee", "parts_fee", "other_fee",
    "repair_gross_amount", "repair_net_amount", "customer_payable_amount",
)  # fmt: skip

Moved = dict[int, list[facts.Movement]]


def work_orders(session: Session, repairs: Repairs, span: Span, then: Then) -> dict[int, facts.WorkOrder]:
    """The bills, the customers' money and the refunds, by work order."""
    receipts, deposits = _customer_money(session, repairs, then)
    refunds, approved = _refunds(session, repairs, then)
    due = dues(session, repairs, span)
    found = session.execute(
        select(
            WorkOrder.id,
            *(getattr(WorkOrder, name) for name in _ORDER_FIELDS),
            Position.releasable,
            Position.topup_due,
            Position.computed_on,
        )
        .outerjoin(Position, Position.work_order_id == WorkOrder.id)
        .where(WorkOrder.id.in_(repairs))
        .order_by(WorkOrder.id)
    )
    return {
        row.id: facts.WorkOrder(
            **{name: getattr(row, name) for name in _ORDER_FIELDS if name != "vehicle_series"},
            vehicle_series=row.vehicle_series or "",
            customer_receipts=tuple(receipts[row.id]),
            deposits=tuple(deposits[row.id]),
            refunds=tuple(refunds[row.id]),
            surplus=due.get(row.id, Due()).surplus,
            insurer_received=due.get(row.id, Due()).came,
            releasable=row.releasable or 0,
            topup_due=row.topup_due or 0,
            approved=approved[row.id],
            computed_on=row.computed_on,
        )
        for row in then.rows("work_order", found)
    }


def _customer_money(session: Session, repairs: Repairs, then: Then) -> tuple[Moved, Moved]:
    """All that customers paid, and the deposits among it, by work order."""
    found = session.execute(
        select(CustomerLine.id, CustomerLine.work_order_id, CustomerLine.kind, CustomerLine.amount,
               CustomerLine.received_on, CustomerLine.cashier)
        .where(CustomerLine.work_order_id.in_(repairs))
        .order_by(CustomerLine.received_on, CustomerLine.id)
    )  # fmt: skip
    received: Moved = defaultdict(list)
    deposits: Moved = defaultdict(list)
    for row in then.rows("customer_line", found):
        movement = facts.Movement(row.received_on, row.amount, row.cashier or "")
        received[row.work_order_id].append(movement)
        if row.kind is CustomerLineKind.DEPOSIT:
            deposits[row.work_order_id].append(movement)
    return received, deposits


def _refunds(session: Session, repairs: Repairs, then: Then) -> tuple[Moved, dict[int, int]]:
    """Refunds paid (and come back), and the fen that wait to be collected, by work order."""
    found = session.execute(
        select(
            Refund.id, Refund.work_order_id, Refund.amount, Refund.state, Refund.payee, Refund.paid_on,
            Refund.bounced_on, cash().label("cash"),
        )
        .where(Refund.work_order_id.in_(repairs))
        .order_by(Refund.work_order_id, Refund.number)
    )  # fmt: skip
    paid: Moved = defaultdict(list)
    approved: dict[int, int] = defaultdict(int)
    for row in then.rows("refund", found):
        if row.state in (RefundState.PAID, RefundState.BOUNCED):
            paid[row.work_order_id].append(facts.Movement(row.paid_on, row.amount, row.payee or ""))
        if row.state is RefundState.BOUNCED:
            paid[row.work_order_id].append(facts.Movement(row.bounced_on, -row.cash, row.payee or ""))
        if row.state in AWAITS_COLLECTION:
            approved[row.work_order_id] += row.amount
    return paid, approved


def lines(session: Session, repairs: Repairs, then: Then) -> dict[int, list[facts.Line]]:
    """Expected lines with what came on them, by case."""
    receipts, resolved = _payouts(session, repairs, then), _resolved(session, repairs, then)
    expected = session.execute(
        select(
            ExpectedLine.id, ExpectedLine.case_id, ExpectedLine.kind, ExpectedLine.amount,
            ExpectedLine.resolution,
        )
        .join(Case, Case.id == ExpectedLine.case_id)
        .where(Case.work_order_id.in_(repairs))
        .order_by(ExpectedLine.id)
    )  # fmt: skip
    found: dict[int, list[facts.Line]] = defaultdict(list)
    for row in then.rows("expected_line", expected):
        line = facts.Line(row.kind, row.amount, tuple(receipts[row.id]), row.resolution, resolved.get(row.id))
        found[row.case_id].append(line)
    return found


def _payouts(session: Session, repairs: Repairs, then: Then) -> Moved:
    """What came and was not taken back, by expected line."""
    came = session.execute(
        select(
            Payout.id, Payout.expected_line_id, Payout.amount, Payout.received_on, Payout.recorded_by,
            Payout.state,
        )
        .join(Case, Case.id == Payout.case_id)
        .where(Case.work_order_id.in_(repairs))
        .order_by(Payout.received_on, Payout.id)
    )  # fmt: skip
    receipts: Moved = defaultdict(list)
    for row in then.rows("payout", came):
        if row.state is not PayoutState.REVERSED:
            movement = facts.Movement(row.received_on, row.amount, row.recorded_by or "")
            receipts[row.expected_line_id].append(movement)
    return receipts


def _resolved(session: Session, repairs: Repairs, then: Then) -> dict[int, date]:
    """When the difference of a line was resolved last, by line."""
    found = session.execute(
        select(
            Difference.id, Difference.expected_line_id, Difference.state, Difference.resolution,
            Difference.resolved_on,
        )
        .where(Difference.work_order_id.in_(repairs))
        .order_by(Difference.id)
    )  # fmt: skip
    last: dict[int, date] = {}
    for row in then.rows("difference", found):
        if row.state is DifferenceState.RESOLVED and row.resolution is not None and row.resolved_on:
            last[row.expected_line_id] = max(row.resolved_on, last.get(row.expected_line_id, date.min))
    return last


def rounds(session: Session, repairs: Repairs, then: Then) -> dict[int, list[facts.Round]]:
    """Returns and resubmissions in their order, by case."""
    found: dict[int, list[facts.Round]] = defaultdict(list)
    turned = session.execute(
        select(
            SubmissionRound.id, SubmissionRound.case_id, SubmissionRound.returned_on, SubmissionRound.reason,
            SubmissionRound.resubmitted_on,
        )
        .join(Case, Case.id == SubmissionRound.case_id)
        .where(Case.work_order_id.in_(repairs))
        .order_by(SubmissionRound.case_id, SubmissionRound.round_no)
    )  # fmt: skip
    for row in then.rows("submission_round", turned):
        found[row.case_id].append(facts.Round(row.returned_on, row.reason or "", row.resubmitted_on))
    return found
