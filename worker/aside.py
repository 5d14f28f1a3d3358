"""What a step could not decide: kept with its error, listed, and looked at again with growing pauses."""

from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Generic, NamedTuple, TypeVar

from sqlalchemy import bindparam, delete, select
from sqlalchemy.exc import DataError, DBAPIError, IntegrityError
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
    return frozenset(session.scalars(_RESTING, {"step": step, "shop": night.shop_id, "on": night.date}))


# Made once: every step of a night asks for it.
_RESTING = select(SetAside.subject).where(
    SetAside.step == bindparam("step"),
    SetAside.shop_id == bindparam("shop"),
    SetAside.look_again_on > bindparam("on"),
)


Row = TypeVar("Row")


class Written(NamedTuple, Generic[Row]):
    """The rows that were written, in their order, and what `how` counted of them."""

    rows: Sequence[Row]
    done: int


def write(
    session: Session,
    night: Night,
    rows: Sequence[Row],
    how: Callable[[Sequence[Row]], int | None],
    subject: Callable[[Row], str],
) -> Written[Row]:
    """Write what was decided, all at once: `how` does it, and returns how many where they are counted.

    A write that fails is taken back and halved, down to the row that it fails for: that one is set aside, and
    the others are written.
    """
    if not rows:
        return Written((), 0)
    noted = dict(night.notes)
    try:
        with session.begin_nested():
            count = how(rows) or 0
    except Exception as error:
        if _is_everybodys(error):
            raise
        night.notes.clear()
        night.notes.update(noted)
        if len(rows) == 1:
            night.leave(subject(rows[0]), error)
            return Written((), 0)
    else:
        return Written(rows, count)
    half = len(rows) // 2
    first, second = (write(session, night, some, how, subject) for some in (rows[:half], rows[half:]))
    return Written([*first.rows, *second.rows], first.done + second.done)


def write_one(session: Session, night: Night, subject: str, how: Callable[[], int]) -> int:
    """Write one thing; returns what `how` counts, or 0 where it was set aside."""
    return write(session, night, [subject], lambda _: how(), str).done


def _is_everybodys(error: Exception) -> bool:
    """The database or the disk went away, or the transaction is lost: the next row would fare no better."""
    of_the_row = isinstance(error, IntegrityError | DataError)
    return isinstance(error, DBAPIError | OSError) and not of_the_row


def keep(session: Session, step: str, night: Night) -> None:
    """Write what was set aside this time, and forget what went well since."""
    if not night.set_aside and not night.decided:
        return
    here = (SetAside.step == step, SetAside.shop_id == night.shop_id)
    known = {
        row.subject: row
        for row in session.execute(
            select(SetAside.subject, SetAside.attempts, SetAside.first_on).where(*here)
        )
    }
    rows = []
    # A part of a long job may come upon what an earlier one set aside.
    for each in {one.subject: one for one in night.set_aside}.values():
        before = known.get(each.subject)
        attempts = before.attempts + 1 if before else 1
        pause = PAUSES[min(attempts, len(PAUSES)) - 1]
        rows.append({
            "shop_id": night.shop_id, "step": step, "subject": each.subject, "error": each.error,
            "attempts": attempts, "first_on": before.first_on if before else night.date,
            "look_again_on": night.date + timedelta(days=pause),
        })  # fmt: skip
    put(session, SetAside, rows, ["step", "subject"])
    if well := night.decided.intersection(known):
        session.execute(delete(SetAside).where(*here, SetAside.subject.in_(well)))
