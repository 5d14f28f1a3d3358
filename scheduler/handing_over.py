"""When a worker lets go of a night that is not finished: it is long, or a step of it is in other hands."""

import time
from datetime import timedelta

from sqlalchemy import select, update

from models.run import Run
from models.words import RunState
from worker import clock, db
from worker.app import send_wake

LONGEST = 120.0
"""Seconds a worker spends on a night before it takes the next message: well under the hard limit of a
task (300 s), so that a long night is never killed in a step that could have had the whole time."""

BUSY = timedelta(seconds=60)
"""How long a step that another worker holds is left alone."""


class HandOver(Exception):
    """The night goes on in another task. `pause` is True where that should not be at once."""

    def __init__(self, why: str, *, pause: bool = False) -> None:
        super().__init__(why)
        self.pause = pause


def after(began: float) -> None:
    """Raise HandOver where this task has worked on a night long enough."""
    if time.monotonic() - began > LONGEST:
        raise HandOver("it is long")


def let_go(run_id: int, token: str, reason: HandOver) -> None:
    """Give the lease back; what is finished stays finished, and nobody has failed."""
    with db.transaction() as session:
        until = clock.db_now(session) + BUSY if reason.pause else None
        session.execute(
            update(Run)
            .where(Run.id == run_id, Run.lease_token == token)
            .values(state=RunState.PENDING, lease_until=until, lease_token=None, attempts=Run.attempts - 1)
        )
        kind = session.execute(select(Run.job).where(Run.id == run_id)).scalar_one()
    if not reason.pause:
        send_wake(kind, run_id)
