"""What a step could not decide: kept with its error, listed, and looked at again with growing pauses."""

from datetime import timedelta

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from models.run import SetAside
from models.upsert import put
from models.words import Why
from worker.job import Night
from worker.seat import Order

PAUSES = (1, 1, 2, 4, 7)
"""Days until it is looked at again, after the first, second ... failure; from then on the last."""


def resting(session: Session, step: str, night: Night, order: Order) -> frozenset[str]:
    """What the step looks at again on a later day; a person who asks is not made to wait."""
    if order.why in (Why.BY_HAND, Why.STARTED):
        return frozenset()
    later = (SetAside.step == step, SetAside.shop_id == night.shop_id, SetAside.look_again_on > night.date)
    return frozenset(session.scalars(select(SetAside.subject).where(*later)))


def keep(session: Session, step: str, night: Night) -> None:
    """Write what was set aside this time, and forget what went well since."""
    here = (SetAside.step == step, SetAside.shop_id == night.shop_id)
    known = {
        row.subject: row
        for row in session.execute(
            select(SetAside.subject, SetAside.attempts, SetAside.first_on).where(*here)
        )
    }
    rows = []
    for each in night.set_aside:
        before = known.get(each.subject)
        attempts = before.attempts + 1 if before else 1
        pause = PAUSES[min(attempts, len(PAUSES)) - 1]
        rows.append({
            "shop_id": night.shop_id, "step": step, "subject": each.subject, "error": each.error,
            "attempts": attempts, "first_on": before.first_on if before else night.date,
            "look_again_on": night.date + timedelta(days=pause),
        })  # fmt: skip
    put(session, SetAside, rows, ["step", "subject"])
    well = night.decided.intersection(known)
    session.execute(delete(SetAside).where(*here, SetAside.subject.in_(well)))
