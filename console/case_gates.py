"""What stands before the next stage of a case, or before its closing; looked at again after every fact."""

from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from console import by_hand
from console.output import say
from console.permits import Act
from console.who import Person
from models.blocker import Blocker
from models.words import Fact, Gate
from tasks.gates.recording import STAGE_FACTS

_ACTS = {
    Fact.DEPOSIT: Act.TAKE_MONEY,
    Fact.SELF_PAY: Act.TAKE_MONEY,
    Fact.TOP_UP: Act.TAKE_MONEY,
    Fact.REVIEW: Act.REVIEW,
    Fact.DEPOSIT_RECEIPT: Act.TAKE_PAPERS,
    Fact.SIGNATURE: Act.TAKE_PAPERS,
}
_CHECKS = ("check_stage_gates", "check_closing")


def act_of(fact: Fact) -> Act:
    """What recording the fact is, for who may do it."""
    return _ACTS.get(fact, Act.RECORD_FACT)


def job_of(fact: Fact) -> str:
    """The job that records it."""
    return "record_stage_fact" if fact in STAGE_FACTS else "record_fact"


def look_again(shop: str, case_id: int, day: date, who: Person) -> None:
    """Let what was mended go from the list at once."""
    for job in _CHECKS:
        scope = by_hand.again(job, day, f"case:{case_id}")
        by_hand.do(job, shop, day, scope, who, case_id=case_id)


def blockers(session: Session, case_id: int) -> list[dict[str, Any]]:
    """What the case lacks: before its next stage first, then before closing."""
    rows = session.scalars(
        select(Blocker).where(Blocker.case_id == case_id).order_by(Blocker.gate.desc(), Blocker.id)
    )
    return [
        {"gate": row.gate.value, "code": row.code, "since": row.since, "sentence": row.sentence}
        for row in rows
    ]


def tell(found: list[dict[str, Any]], gate: Gate, *before: str) -> None:
    """What the case lacks, for a person; `before` are lines to be said before it."""
    say(*before)
    mine = [each for each in found if each["gate"] == gate]
    if mine:
        say("Before its next stage:" if gate is Gate.STAGE else "Before it can be closed:")
        say(*(f"  {each['sentence']}" for each in mine))
