"""What insurers are to pay on a repair, and what came, line by line: money in yuan."""

from typing import Any

from sqlalchemy import and_, func, select
from sqlalchemy.orm import Session

from models.case import Case, ExpectedLine
from models.payout import Payout
from models.values import yuan
from models.words import PayoutState


def lines(session: Session, case_id: int, work_order_id: int) -> list[dict[str, Any]]:
    """The expected lines of the case, and those of other claims that pay for its repair."""
    arrived = and_(Payout.expected_line_id == ExpectedLine.id, Payout.state != PayoutState.REVERSED)
    rows = session.execute(
        select(ExpectedLine, Case.claim_no, func.coalesce(func.sum(Payout.amount), 0).label("received"))
        .join(Case, Case.id == ExpectedLine.case_id)
        .outerjoin(Payout, arrived)
        .where((ExpectedLine.case_id == case_id) | (ExpectedLine.work_order_id == work_order_id))
        .group_by(ExpectedLine.id, Case.id)
        .order_by(ExpectedLine.id)
    )
    return [
        {
            "claim_no": row.claim_no,
            "cover": row.ExpectedLine.cover.value,
            "kind": row.ExpectedLine.kind.value,
            "for_other_repair": row.ExpectedLine.work_order_id != work_order_id,
            "expected": yuan(row.ExpectedLine.amount),
            "received": yuan(int(row.received)),
            "result": row.ExpectedLine.resolution,
        }
        for row in rows
    ]


def payouts(session: Session, case_id: int) -> list[dict[str, Any]]:
    """The receipts of the case, reversed ones too; below zero where money went back or elsewhere."""
    rows = session.execute(
        select(Payout, ExpectedLine.cover)
        .join(ExpectedLine, ExpectedLine.id == Payout.expected_line_id)
        .where(Payout.case_id == case_id)
        .order_by(Payout.received_on, Payout.id)
    )
    return [
        {
            "id": row.Payout.id,
            "received_on": row.Payout.received_on,
            "cover": row.cover.value,
            "amount": yuan(row.Payout.amount),
            "state": row.Payout.state.value,
        }
        for row in rows
    ]
