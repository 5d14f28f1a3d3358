"""What the ledgers room reads of the repairs of a month: money, expected lines and submission rounds."""

from collections import defaultdict

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from models.case import Case, ExpectedLine, SubmissionRound
from models.difference import Difference
from models.payout import Payout
from models.refund import Position, Refund
from models.refund_paying import cash
from models.words import CustomerLineKind, DifferenceState, PayoutState, RefundState
from models.work_order import CustomerLine, WorkOrder
from tasks.ledgers import facts

AWAITS_COLLECTION = frozenset({RefundState.APPROVED, RefundState.IN_FILE, RefundState.UNCLAIMED})

_ORDER_FIELDS = (
    "work_order_no", "vehicle_series", "vehicle_release_date", "labour_fee", "parts_fee", "other_fee",
    "repair_gross_amount", "repair_net_amount", "customer_payable_amount",
)  # fmt: skip

Repairs = Select[int]
Moved = dict[int, list[facts.Movement]]


def work_orders(session: Session, repairs: Repairs) -> dict[int, facts.WorkOrder]:
    """The bills, the customers' money and the refunds, by work order."""
    receipts, deposits = _customer_money(session, repairs)
    refunds, approved = _refunds(session, repairs)
    found = session.execute(
        select(
            WorkOrder.id, *(getattr(WorkOrder, name) for name in _ORDER_FIELDS), Position.received,
            Position.refund_due, Position.releasable, Position.topup_due, Position.computed_on,
        )
        .outerjoin(Position, Position.work_order_id == WorkOrder.id)
        .where(WorkOrder.id.in_(repairs))
        .order_by(WorkOrder.id)
    )  # fmt: skip
    return {
        row.id: facts.WorkOrder(
            **{name: getattr(row, name) for name in _ORDER_FIELDS if name != "vehicle_series"},
            vehicle_series=row.vehicle_series or "",
            customer_receipts=tuple(receipts[row.id]),
            deposits=tuple(deposits[row.id]),
            refunds=tuple(refunds[row.id]),
            insurer_received=row.received or 0,
            refund_due=row.refund_due,
            releasable=row.releasable or 0,
            topup_due=row.topup_due or 0,
            approved=approved[row.id],
            computed_on=row.computed_on,
        )
        for row in found
    }


def _customer_money(session: Session, repairs: Repairs) -> tuple[Moved, Moved]:
    """All that customers paid, and the deposits among it, by work order."""
    found = session.execute(
        select(CustomerLine.work_order_id, CustomerLine.kind, CustomerLine.amount, CustomerLine.received_on,
               CustomerLine.cashier)
        .where(CustomerLine.work_order_id.in_(repairs))
        .order_by(CustomerLine.received_on, CustomerLine.id)
    )  # fmt: skip
    received: Moved = defaultdict(list)
    deposits: Moved = defaultdict(list)
    for row in found:
        movement = facts.Movement(row.received_on, row.amount, row.cashier or "")
        received[row.work_order_id].append(movement)
        if row.kind is CustomerLineKind.DEPOSIT:
            deposits[row.work_order_id].append(movement)
    return received, deposits


def _refunds(session: Session, repairs: Repairs) -> tuple[Moved, dict[int, int]]:
    """Refunds paid (and come back), and the fen that wait to be collected, by work order."""
    found = session.execute(
        select(
            Refund.work_order_id, Refund.amount, Refund.state, Refund.payee, Refund.paid_on,
            Refund.bounced_on, cash().label("cash"),
        )
        .where(Refund.work_order_id.in_(repairs))
        .order_by(Refund.work_order_id, Refund.number)
    )  # fmt: skip
    paid: Moved = defaultdict(list)
    approved: dict[int, int] = defaultdict(int)
    for row in found:
        if row.state in (RefundState.PAID, RefundState.BOUNCED):
            paid[row.work_order_id].append(facts.Movement(row.paid_on, row.amount, row.payee or ""))
        if row.state is RefundState.BOUNCED:
            paid[row.work_order_id].append(facts.Movement(row.bounced_on, -row.cash, row.payee or ""))
        if row.state in AWAITS_COLLECTION:
            approved[row.work_order_id] += row.amount
    return paid, approved


def lines(session: Session, repairs: Repairs) -> dict[int, list[facts.Line]]:
    """Expected lines with what came on them, by case."""
    receipts: Moved = defaultdict(list)
    came = session.execute(
        select(Payout.expected_line_id, Payout.amount, Payout.received_on, Payout.recorded_by)
        .join(Case, Case.id == Payout.case_id)
        .where(Case.work_order_id.in_(repairs), Payout.state != PayoutState.REVERSED)
        .order_by(Payout.received_on, Payout.id)
    )
    for payout in came:
        movement = facts.Movement(payout.received_on, payout.amount, payout.recorded_by or "")
        receipts[payout.expected_line_id].append(movement)
    resolved = (
        select(Difference.expected_line_id, func.max(Difference.resolved_on).label("resolved_on"))
        .where(Difference.state == DifferenceState.RESOLVED, Difference.resolution.is_not(None))
        .group_by(Difference.expected_line_id)
        .subquery()
    )
    expected = session.execute(
        select(
            ExpectedLine.id,
            ExpectedLine.case_id,
            ExpectedLine.kind,
            ExpectedLine.amount,
            ExpectedLine.resolution,
            resolved.c.resolved_on,
        )
        .outerjoin(resolved, resolved.c.expected_line_id == ExpectedLine.id)
        .join(Case, Case.id == ExpectedLine.case_id)
        .where(Case.work_order_id.in_(repairs))
        .order_by(ExpectedLine.id)
    )
    found: dict[int, list[facts.Line]] = defaultdict(list)
    for row in expected:
        line = facts.Line(row.kind, row.amount, tuple(receipts[row.id]), row.resolution, row.resolved_on)
        found[row.case_id].append(line)
    return found


def rounds(session: Session, repairs: Repairs) -> dict[int, list[facts.Round]]:
    """Returns and resubmissions in their order, by case."""
    found: dict[int, list[facts.Round]] = defaultdict(list)
    turned = session.execute(
        select(
            SubmissionRound.case_id, SubmissionRound.returned_on, SubmissionRound.reason,
            SubmissionRound.resubmitted_on,
        )
        .join(Case, Case.id == SubmissionRound.case_id)
        .where(Case.work_order_id.in_(repairs))
        .order_by(SubmissionRound.case_id, SubmissionRound.round_no)
    )  # fmt: skip
    for row in turned:
        found[row.case_id].append(facts.Round(row.returned_on, row.reason or "", row.resubmitted_on))
    return found
