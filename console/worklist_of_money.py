"""What waits because money came or is to go: refunds to approve, bank lines that nobody has placed."""

from collections.abc import Iterator
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from console.worklist import Item
from models.refund import Refund
from models.values import yuan
from models.words import Outcome, RefundState, Role
from models.work_order import WorkOrder
from tasks.reconciliation import shown


def refunds(session: Session, code: str, shop_id: int) -> Iterator[Item]:
    """Refunds that wait for approval."""
    rows = session.execute(
        select(
            Refund.id,
            Refund.amount,
            Refund.computed_on,
            Refund.payee,
            WorkOrder.work_order_no,
            WorkOrder.plate_no,
        )
        .join(WorkOrder, WorkOrder.id == Refund.work_order_id)
        .where(Refund.shop_id == shop_id, Refund.state == RefundState.WAITING)
        .order_by(Refund.id)
    )
    for row in rows:
        yield Item(
            "refund",
            f"refund:{row.id}",
            code,
            Role.REVIEWER,
            row.computed_on or date.min,
            row.amount,
            f"refund {row.id} of {yuan(row.amount)} yuan, {row.work_order_no} {row.plate_no}",
            f"huikuan refund approve {row.id}",
        )


def payments(session: Session, code: str, shop_id: int) -> Iterator[Item]:
    """Approved refunds that the cashier pays, and those in a payment file that no statement has shown."""
    rows = session.execute(
        select(Refund, WorkOrder.work_order_no, WorkOrder.plate_no)
        .join(WorkOrder, WorkOrder.id == Refund.work_order_id)
        .where(Refund.shop_id == shop_id, Refund.state.in_((RefundState.APPROVED, RefundState.IN_FILE)))
        .order_by(Refund.id)
    )
    for refund, order_no, plate_no in rows:
        in_file = refund.state is RefundState.IN_FILE
        yield Item(
            "payment_to_confirm" if in_file else "refund_to_pay",
            f"payment:{refund.id}",
            code,
            Role.CASHIER,
            refund.approved_on or refund.computed_on or date.min,
            refund.amount,
            f"refund {refund.id} of {yuan(refund.amount)} yuan, {order_no} {plate_no}, "
            + ("sent to the bank, seen on no statement yet" if in_file else "approved"),
            f"huikuan refund paid {refund.id} --on DATE"
            if in_file
            else f"huikuan refund pay-file --shop {code}",
        )


def bank_lines(session: Session, code: str, shop_id: int) -> Iterator[Item]:
    """Bank lines with a proposal to accept, or with none."""
    for line in shown.waiting(session, shop_id):
        kind = "proposal" if line.outcome is Outcome.PROPOSED else "unmatched_line"
        yield Item(
            kind,
            f"bank_line:{line.line_id}",
            code,
            Role.ACCOUNTANT,
            line.since,
            abs(line.amount),
            line.sentence,
            line.commands[0],
        )
