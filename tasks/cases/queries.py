"""What the cases room reads: one case with its rounds and its lines."""

from typing import Any, NamedTuple

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models.case import Case, ExpectedLine, Registration, SubmissionRound
from models.difference import Difference
from models.entry import Entry
from models.payout import Payout
from models.words import Cover, CustomerLineKind, DifferenceState, EntryKind, PayoutState, Resolution
from models.work_order import CustomerLine


class CaseRow(NamedTuple):
    """A case, its rounds in order, its lines with what was received, and whether the receipt is known."""

    case: Case
    rounds: list[Any]
    lines: list[Any]
    receipt_is_known: bool
    third_party_paid: int
    registrations: dict[Cover, str]


def open_difference(session: Session, line_id: int) -> Difference | None:
    """The open difference of a line, locked against a second decision at the same moment."""
    return session.execute(
        select(Difference)
        .where(Difference.expected_line_id == line_id, Difference.state == DifferenceState.OPEN)
        .with_for_update()
    ).scalar_one_or_none()


def case_with_details(
    session: Session, shop_id: int, case_id: int, origin: str, kind: CustomerLineKind
) -> CaseRow:
    """Everything a recorded fact is held against; the case is locked until the transaction ends."""
    case = session.execute(
        select(Case).where(Case.id == case_id, Case.shop_id == shop_id).with_for_update()
    ).scalar_one()
    rounds = session.execute(
        select(SubmissionRound.round_no, SubmissionRound.returned_on, SubmissionRound.resubmitted_on)
        .where(SubmissionRound.case_id == case_id)
        .order_by(SubmissionRound.round_no)
    ).all()
    receipt = select(CustomerLine.id).where(
        CustomerLine.work_order_id == case.work_order_id,
        CustomerLine.kind == kind,
        CustomerLine.origin == origin,
    )
    known = session.execute(receipt).first() is not None
    paid = _third_party_paid(session, case_id)
    registered = session.execute(
        select(Registration.cover, Registration.number).where(Registration.case_id == case_id)
    )
    numbers = {row.cover: row.number for row in registered}
    return CaseRow(case, list(rounds), _lines(session, case_id), known, paid, numbers)


def _third_party_paid(session: Session, case_id: int) -> int:
    """What the shop has paid to the third party of this claim, in fen; what was taken back left out."""
    undone = select(Entry.reverses_id).where(Entry.reverses_id.is_not(None))
    paid = session.execute(
        select(func.coalesce(func.sum(Entry.amount), 0)).where(
            Entry.kind == EntryKind.THIRD_PARTY_PAID,
            Entry.occasion.startswith(f"third_party_paid:{case_id}:", autoescape=True),
            Entry.id.not_in(undone),
        )
    ).scalar_one()
    return int(paid)


def _lines(session: Session, case_id: int) -> list[Any]:
    received = (
        select(func.coalesce(func.sum(Payout.amount), 0))
        .where(Payout.expected_line_id == ExpectedLine.id, Payout.state != PayoutState.REVERSED)
        .scalar_subquery()
    )
    consented = (
        select(func.max(Difference.amount))
        .where(
            Difference.expected_line_id == ExpectedLine.id,
            Difference.state == DifferenceState.OPEN,
            Difference.resolution == Resolution.CUSTOMER_TOPUP,
        )
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
                consented.label("consented"),
            )
            .where(ExpectedLine.case_id == case_id)
            .order_by(ExpectedLine.id)
        )
    )
