"""What the cases room reads: one case with its rounds and its lines."""

from typing import Any, NamedTuple

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models.case import Case, ExpectedLine, SubmissionRound
from models.payout import Payout
from models.words import CustomerLineKind, PayoutState
from models.work_order import CustomerLine


class CaseRow(NamedTuple):
    """A case, its rounds in order, its lines with what was received, and whether the deposit is known."""

    case: Case
    rounds: list[Any]
    lines: list[Any]
    deposit_is_known: bool


def case_with_details(session: Session, shop_id: int, case_id: int, deposit_origin: str) -> CaseRow:
    """Everything a recorded fact is held against; the case is locked until the transaction ends."""
    case = session.execute(
        select(Case).where(Case.id == case_id, Case.shop_id == shop_id).with_for_update()
    ).scalar_one()
    rounds = session.execute(
        select(SubmissionRound.round_no, SubmissionRound.returned_on, SubmissionRound.resubmitted_on)
        .where(SubmissionRound.case_id == case_id)
        .order_by(SubmissionRound.round_no)
    ).all()
    deposit = select(CustomerLine.id).where(
        CustomerLine.work_order_id == case.work_order_id,
        CustomerLine.kind == CustomerLineKind.DEPOSIT,
        CustomerLine.origin == deposit_origin,
    )
    known = session.execute(deposit).first() is not None
    return CaseRow(case, list(rounds), _lines(session, case_id), known)


def _lines(session: Session, case_id: int) -> list[Any]:
    received = (
        select(func.coalesce(func.sum(Payout.amount), 0))
        .where(Payout.expected_line_id == ExpectedLine.id, Payout.state != PayoutState.REVERSED)
        .scalar_subquery()
    )
    return list(
        session.execute(
            select(
                ExpectedLine.id,
                ExpectedLine.kind,
                ExpectedLine.amount,
                ExpectedLine.work_order_id,
                ExpectedLine.resolution,
                ExpectedLine.customer_paid_third_party_on,
                received.label("received"),
            )
            .where(ExpectedLine.case_id == case_id)
            .order_by(ExpectedLine.id)
        )
    )
