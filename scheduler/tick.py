"""What the ticker does each time: request what is due, and wake what nobody is working on.

Any number of copies may tick. A night is one row; a wake-up too many finds it leased or done.
"""

from datetime import datetime, timedelta
from typing import NamedTuple

from kombu.exceptions import OperationalError
from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from models.run import Run
from models.words import RunState
from scheduler.daytime import DAYTIME, deliveries_due
from scheduler.nightly import NIGHT, due_nights, request_night
from worker import clock, db, log
from worker.app import send_wake
from worker.seat import request

MOST_ATTEMPTS = 5
PAUSE = timedelta(minutes=10)
"""A failed run is tried again after ten minutes, then twenty, thirty ..."""


class Wake(NamedTuple):
    kind: str
    run_id: int


def tick() -> int:
    """One round; returns how many wake-ups were sent. A broker that is away costs only this round."""
    with db.transaction() as session:
        moment = clock.db_now(session)
        for shop, day in due_nights(session, moment):
            request_night(session, day, shop, by="system", why="schedule")
        for order in deliveries_due(session, moment):
            request(session, order)
        wakes = to_wake(session, moment)
    for wake in wakes:
        try:
            send_wake(*wake)
        except (OSError, OperationalError) as error:
            log.bind(job="tick").warning("broker_away", error=str(error))
            return 0
    return len(wakes)


def to_wake(session: Session, moment: datetime) -> list[Wake]:
    """The nights and daytime deliveries that nobody holds and that are not finished, oldest first."""
    rows = session.execute(
        select(Run.id, Run.job, Run.state, Run.attempts, Run.finished_at)
        .where(
            or_(Run.job == NIGHT, Run.why == DAYTIME),
            Run.state.in_((RunState.PENDING, RunState.RUNNING, RunState.FAILED)),
            or_(Run.lease_until.is_(None), Run.lease_until < moment),
            Run.attempts < MOST_ATTEMPTS,
        )
        .order_by(Run.business_date, Run.id)
    ).all()
    return [
        Wake(NIGHT if row.job == NIGHT else "job", row.id)
        for row in rows
        if row.state is not RunState.FAILED or _paused_enough(row.finished_at, row.attempts, moment)
    ]


def _paused_enough(finished: datetime | None, attempts: int, moment: datetime) -> bool:
    return finished is None or finished + PAUSE * attempts <= moment
