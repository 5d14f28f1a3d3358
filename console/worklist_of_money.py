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
