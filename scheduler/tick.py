"""What the ticker does each time: request what is due, and wake what nobody is working on.

Any number of copies may tick. A night is one row; a wake-up too many finds it leased or done.
"""

from datetime import datetime, timedelta
from typing import NamedTuple

from kombu.exceptions import OperationalError
from sqlalchemy import and_, case, func, or_, select, update
from sqlalchemy.orm import Session

from models.run import Run
from models.words import RunState, Why
from scheduler import signs
from scheduler.alarm import tell_of_missed_nights
from scheduler.daytime import DAYTIME, deliveries_due
from scheduler.due import NIGHT, due_nights, newest_night
from scheduler.nightly import request_night
from scheduler.timetable import MOST_ATTEMPTS, PAUSE
from worker import clock, db, fault, log
from worker.app import NOTICES, send_wake
from worker.seat import request

WAKE_AGAIN = timedelta(seconds=60)
"""A wake-up that nobody followed is repeated after this: a long queue is not called every few seconds."""

DIED = f"its worker died {MOST_ATTEMPTS} times; see the worker's log"


_OPEN = (RunState.PENDING, RunState.RUNNING)


class Wake(NamedTuple):
    kind: str
    run_id: int


def tick_on() -> None:
    """One round whatever happens: a database that is away for a minute must not end the ticker.

    Nights go on where telling of those that are missed does not.
    """
    for part in (tick, _tell):
        try:
            part()
        except Exception:  # noqa: BLE001 - see above; the next round tries again
            log.bind(job="tick").exception("tick_failed")


def _tell() -> int:
    with db.transaction() as session:
        return tell_of_missed_nights(session, clock.db_now(session))


def tick() -> int:
    """One round; returns how many wake-ups were sent. A broker that is away costs only this round."""
    with db.transaction() as session:
        moment = clock.db_now(session)
        signs.leave(session, moment)
        give_up(session, moment)
        for shop, day in due_nights(session, moment):
            why = Why.SCHEDULE if day == newest_night(moment) else Why.CATCH_UP
            request_night(session, day, shop, by="system", why=why)
        for order in deliveries_due(session, moment):
            request(session, order)
        wakes = to_wake(session, moment)
        woken = Run.id.in_([wake.run_id for wake in wakes])
        session.execute(update(Run).where(woken).values(woken_at=moment))
        questions = signs.ask(session, moment)
    fault.point("requested")
    try:
        for wake in wakes:
            send_wake(*wake)
        for number, queue in questions:
            send_wake(signs.KIND, number, queue)
    except (OSError, OperationalError) as error:
        log.bind(job="tick").warning("broker_away", error=str(error))
        return 0
    return len(wakes)


def give_up(session: Session, moment: datetime) -> None:
    """End what killed its worker again and again: it says so, and stands in nobody's way."""
    # What waits was put off by its worker, which left the reason; what runs has lost its worker.
    why = case((Run.state == RunState.PENDING, func.coalesce(Run.error, DIED)), else_=DIED)
    session.execute(
        update(Run)
        .where(
            Run.state.in_((RunState.PENDING, RunState.RUNNING)),
            Run.attempts >= MOST_ATTEMPTS,
            or_(Run.lease_until.is_(None), Run.lease_until < moment),
        )
        .values(state=RunState.FAILED, error=why, lease_until=None, finished_at=moment)
    )


def to_wake(session: Session, moment: datetime) -> list[Wake]:
    """What nobody holds and is not finished, oldest first: nights, daytime deliveries, started jobs."""
    rows = session.execute(
        select(Run.id, Run.job, Run.why, Run.state, Run.attempts, Run.finished_at)
        .where(
            or_(
                and_(or_(Run.job == NIGHT, Run.why == DAYTIME), Run.state.in_((*_OPEN, RunState.FAILED))),
                # What a person started and what failed is done again when he says so.
                and_(Run.why == Why.STARTED, Run.state.in_(_OPEN)),
            ),
            or_(Run.lease_until.is_(None), Run.lease_until < moment),
            or_(Run.woken_at.is_(None), Run.woken_at <= moment - WAKE_AGAIN),
            Run.attempts < MOST_ATTEMPTS,
        )
        .order_by(Run.business_date, Run.id)
    ).all()
    return [
        Wake(_kind(row.job, row.why), row.id)
        for row in rows
        if row.state is not RunState.FAILED or _paused_enough(row.finished_at, row.attempts, moment)
    ]


def _kind(job: str, why: str) -> str:
    """What a wake-up is about decides its queue: a night, notices by day, or what a person asked for."""
    if job == NIGHT:
        return NIGHT
    return NOTICES if why == DAYTIME else "job"


def _paused_enough(finished: datetime | None, attempts: int, moment: datetime) -> bool:
    return finished is None or finished + PAUSE * attempts <= moment
