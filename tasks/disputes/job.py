"""The jobs of the disputes room."""

from sqlalchemy.orm import Session

from tasks.disputes import by_hand, queries, watching
from worker.job import Night, job


@job
def watch_disputes(session: Session, night: Night) -> int:
    """Say of every dispute which of its clocks run or were missed, and give people what is to be done."""
    rows = queries.standing(session, night.shop_id)
    night.note(disputes=len(rows))
    return watching.keep_clocks(session, night, rows)


@job
def open_dispute(session: Session, night: Night) -> int:
    """Enter a payout decision, objection, complaint or review: case_id, kind, on, because; returns its id."""
    return by_hand.enter(session, night)


@job
def answer_dispute(session: Session, night: Night) -> int:
    """Record that the reasons or the answer arrived: number, on."""
    return by_hand.answer(session, night)


@job
def resolve_dispute(session: Session, night: Night) -> int:
    """End a dispute with its outcome: number, outcome, on."""
    return by_hand.resolve(session, night)
