"""What the disputes room reads: the disputes that stand, the rules, and the case a dispute is about."""

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.case import Case
from models.deadline import LegalRule
from models.difference import Difference
from models.dispute import Dispute, DisputeClock
from models.words import DifferenceState, DisputeState


def standing(session: Session, shop_id: int) -> list[Any]:
    """The disputes of a shop that are not resolved, with the number of their case, by id."""
    query = (
        select(Dispute, Case.claim_no)
        .join(Case, Case.id == Dispute.case_id)
        .where(Dispute.shop_id == shop_id, Dispute.state != DisputeState.RESOLVED)
        .order_by(Dispute.id)
    )
    return list(session.execute(query).all())


def clocks_of(session: Session, dispute_ids: list[int]) -> dict[tuple[int, str], DisputeClock]:
    """The clocks as they were last written."""
    query = select(DisputeClock).where(DisputeClock.dispute_id.in_(dispute_ids)).order_by(DisputeClock.id)
    return {(each.dispute_id, each.rule_code): each for each in session.scalars(query)}


def legal_rules(session: Session) -> list[LegalRule]:
    """The rules of law, the newest first."""
    return list(session.scalars(select(LegalRule).order_by(LegalRule.valid_from.desc(), LegalRule.code)))


def open_difference(session: Session, case_id: int) -> int | None:
    """The oldest open payout difference of a case."""
    query = select(Difference.id).where(
        Difference.case_id == case_id, Difference.state == DifferenceState.OPEN
    )
    return session.scalar(query.order_by(Difference.id).limit(1))


def numbered(session: Session, shop_id: int, number: str) -> Dispute | None:
    """A dispute of the shop by its number."""
    query = select(Dispute).where(Dispute.shop_id == shop_id, Dispute.number == number)
    return session.scalars(query).one_or_none()
