"""Signs of life: a process that is up and a queue that is heard are not the same (reliability 1.1).

The ticker writes when it ticked, and once a minute asks each queue; a worker that hears the question
writes the answer. Whoever looks sees a ticker that stopped, and a queue that nobody hears.
"""

import platform
from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from models.sign_of_life import QUEUE, TICKER, SignOfLife
from models.upsert import put
from worker import clock, db
from worker.app import QUEUES, handles

KIND = "sign_of_life"
ASK_EVERY = timedelta(seconds=60)
TICKER_LATE = timedelta(minutes=2)
QUEUE_LATE = timedelta(minutes=20)
"""A worker answers when it is free: between the steps of a long night that may take some minutes."""


class Late(NamedTuple):
    """Who has given no sign for too long; `seen_at` is None where there never was one."""

    name: str
    seen_at: datetime | None


def leave(session: Session, moment: datetime) -> None:
    """The ticker's own sign."""
    sign = {"name": TICKER, "asked_at": moment, "seen_at": moment, "seen_on": platform.node()}
    put(session, SignOfLife, [sign], ["name"])


def ask(session: Session, moment: datetime) -> list[tuple[int, str]]:
    """The questions to send now, as (row, queue): one a minute for each queue."""
    questions = []
    for queue in QUEUES:
        name = f"{QUEUE}{queue}"
        row = session.execute(
            select(SignOfLife.id, SignOfLife.asked_at).where(SignOfLife.name == name)
        ).one_or_none()
        if row is None or row.asked_at + ASK_EVERY <= moment:
            put(session, SignOfLife, [{"name": name, "asked_at": moment}], ["name"])
            number = session.execute(select(SignOfLife.id).where(SignOfLife.name == name)).scalar_one()
            questions.append((number, queue))
    return questions


@handles(KIND)
def answer(number: int) -> None:
    """A worker heard the question of row `number`."""
    with db.transaction() as session:
        session.execute(
            update(SignOfLife)
            .where(SignOfLife.id == number)
            .values(seen_at=clock.db_now(session), seen_on=platform.node())
        )


def late(session: Session) -> list[Late]:
    """Who has given no sign for too long, by the database's clock. Empty where nothing ever ticked."""
    moment = clock.db_now(session)
    return [
        Late(row.name, row.seen_at)
        for row in session.scalars(select(SignOfLife).order_by(SignOfLife.name))
        if (row.seen_at or row.asked_at) < moment - (TICKER_LATE if row.name == TICKER else QUEUE_LATE)
    ]
