"""What is kept of a case that proves something: files of recorded facts, and letters with their delivery."""

from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.chase import ChaseLetter, ChaseStep
from models.dispute import Dispute
from models.event import Event
from models.notice import Notice


class Proof(NamedTuple):
    """A file that proves a fact: the fact's name, its day, the file's name and its copy."""

    fact: str
    on: date
    name: str
    stored_as: str


def proofs(session: Session, case_id: int) -> list[Proof]:
    """Every file brought with a fact or a dispute of the case, in the order in which they were recorded."""
    found = []
    events = select(Event.kind, Event.inputs, Event.business_date).where(Event.case_id == case_id)
    for row in session.execute(events.order_by(Event.id)):
        inputs = row.inputs if isinstance(row.inputs, dict) else {}
        if row.kind.startswith("recorded_") and inputs.get("proof_stored_as"):
            on = date.fromisoformat(inputs["on"]) if inputs.get("on") else row.business_date
            fact = row.kind.removeprefix("recorded_").replace("_", "-")
            found.append(Proof(fact, on, str(inputs["proof"]), str(inputs["proof_stored_as"])))
    disputes = select(Dispute).where(Dispute.case_id == case_id, Dispute.proof_stored_as.is_not(None))
    found += [
        Proof(f"dispute-{each.kind}", each.happened_on, each.proof or "", each.proof_stored_as or "")
        for each in session.scalars(disputes.order_by(Dispute.id))
    ]
    return found


def letters(session: Session, case_id: int) -> list[Any]:
    """The letters that carried a step of the case, with the notice that holds their words, by day."""
    carried = select(ChaseStep.notice_occasion).where(ChaseStep.case_id == case_id)
    query = (
        select(
            ChaseLetter.letter_no,
            ChaseLetter.level,
            ChaseLetter.written_on,
            ChaseLetter.statement,
            ChaseLetter.delivered_on,
            ChaseLetter.proof,
            ChaseLetter.proof_stored_as,
            ChaseLetter.occasion,
            Notice.kind,
            Notice.words,
            Notice.recipient,
            Notice.written_at,
            Notice.sent_at,
        )
        .join(Notice, Notice.occasion == ChaseLetter.occasion)
        .where(ChaseLetter.occasion.in_(carried))
        .order_by(ChaseLetter.written_on, ChaseLetter.id)
    )
    return list(session.execute(query).all())


def happenings(session: Session, case_id: int) -> list[Any]:
    """What happened to the case, in order: business_date, kind, inputs, by."""
    query = select(Event.business_date, Event.kind, Event.inputs, Event.by).where(Event.case_id == case_id)
    return list(session.execute(query.order_by(Event.id)).all())
