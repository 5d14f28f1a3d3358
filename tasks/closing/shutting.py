"""Closing a case: by a reviewer who is not its handler, and with nothing in the way (domain 7.2)."""

from collections.abc import Sequence

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from models.blocker import Blocker
from models.case import Case
from models.entry import Entry
from models.event import Happening, record
from models.values import Refusal
from models.words import Role, Stage
from tasks.closing.facts import Lack
from worker.job import Night

_MAY_CLOSE = frozenset({Role.REVIEWER, Role.MANAGER, Role.ADMIN, "operator"})


def close(session: Session, night: Night, case: Case, lacks: Sequence[Lack]) -> int:
    """Close it; 0 where it is closed already. Raises Refusal for the wrong person or with lacks."""
    command = f"huikuan case close {case.claim_no}"
    role = night.parameters.get("role")
    if role not in _MAY_CLOSE:
        raise Refusal(
            f"{night.by} is {role}; {case.claim_no} is closed by a reviewer, manager or admin. "
            f"Ask one of them: {command}"
        )
    if case.stage is Stage.CLOSED:
        return 0
    if night.by == case.insurance_receptionist:
        raise Refusal(
            f"{case.claim_no} was handled by {night.by} (保险接车员); nobody closes a case of their own. Ask "
            f"another reviewer: {command}"
        )
    if lacks:
        listed = "\n".join(f"  {lack.sentence}" for lack in lacks)
        things = "one thing is" if len(lacks) == 1 else f"{len(lacks)} things are"
        raise Refusal(f"{case.claim_no} can't be closed, {things} in the way:\n{listed}\nThen: {command}")
    _write(session, night, case)
    return 1


def _write(session: Session, night: Night, case: Case) -> None:
    case.stage, case.closed_date, case.closed_by = Stage.CLOSED, night.date, night.by
    session.flush()
    session.execute(delete(Blocker).where(Blocker.case_id == case.id))
    last = session.scalar(select(func.max(Entry.id)).where(Entry.work_order_id == case.work_order_id))
    # What moves after this entry moves after the closing, whatever its day.
    inputs = {"closed_on": night.date.isoformat(), "reviewer": night.by, "last_entry": last or 0}
    record(session, [Happening("case_closed", inputs, case.id, case.work_order_id)], **night.trail)
