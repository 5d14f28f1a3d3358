"""What the nights leave behind when nothing is broken: the same story, lived in this process."""

import os
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from datetime import time as hour
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from migrations.schema import upgrade
from scheduler import nightly
from scheduler.daytime import deliveries_due
from tests import servers
from tests.faults import story
from tests.faults.effects import effects
from worker import clock, db
from worker.run import run


class Oracle:
    """One house that is left in peace, on a PostgreSQL that nobody breaks."""

    def __init__(self, home: Path, patch: pytest.MonkeyPatch) -> None:
        self.home, self._patch = home, patch

    def live(self, days: Sequence[date]) -> Counter[str]:
        """Live these days, their nights and the morning after; returns every effect so far."""
        for day in days:
            with db.transaction() as session:
                story.tell(session, day)
        for day in days:
            self._set_clock(days[-1] + timedelta(days=1), hour(2, 5))
            for shop in story.SHOPS:
                with db.transaction() as session:
                    night, _ = nightly.request_night(session, day, shop, by="system", why="schedule")
                nightly.run_night(night)
        self._set_clock(days[-1] + timedelta(days=1), hour(10))
        with db.transaction() as session:
            due = list(deliveries_due(session, clock.now()))
        for order in due:
            run(order)
        return effects(db.engine(), self.home / "outbox")

    def _set_clock(self, day: date, at: hour) -> None:
        moment = datetime.combine(day, at, clock.SHANGHAI).astimezone(UTC)

        def of_database(_session: Session) -> datetime:
            return moment

        self._patch.setattr(clock, "now", lambda: moment)
        self._patch.setattr(clock, "db_now", of_database)


@contextmanager
def oracle(key: str, home: Path, server: str) -> Iterator[Oracle]:
    """Give an empty house on a PostgreSQL server, in this process; its environment is this process's."""
    with servers.database(server) as url, pytest.MonkeyPatch.context() as patch:
        for name in [name for name in os.environ if name.startswith("HUIKUAN_") and "_TEST_" not in name]:
            patch.delenv(name)
        for name, value in (("HOME", str(home)), ("DATABASE_URL", url), ("KEYS", key)):
            patch.setenv(f"HUIKUAN_{name}", value)
        db.forget()
        upgrade(db.engine())
        yield Oracle(home, patch)
        db.forget()
    db.forget()
