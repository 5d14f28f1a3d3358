"""The only place that reads the clock.

Stored in UTC; business days are Asia/Shanghai. The night of day D runs at 02:00 on D+1 and
covers facts dated up to D (design 4, time).
"""

import time
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import func, select
from sqlalchemy.orm import Session

SHANGHAI = ZoneInfo("Asia/Shanghai")


def now() -> datetime:
    """This moment, aware, in UTC."""
    return datetime.now(UTC)


def today() -> date:
    """The business day of this moment."""
    return now().astimezone(SHANGHAI).date()


def db_now(session: Session) -> datetime:
    """The database's moment, for leases: workers whose own clocks differ must agree.

    SQLite has no clock of its own, so there it is this machine's.
    """
    if session.get_bind().dialect.name == "sqlite":
        return now()
    moment: datetime = session.execute(select(func.clock_timestamp())).scalar_one()
    return moment.astimezone(UTC)


@dataclass
class DbClock:
    """The database's moment for many short transactions: asked for every ten seconds, counted on in between.

    Counted by this machine's monotonic clock, which nobody sets.
    """

    _asked: tuple[datetime, float] | None = field(default=None, init=False)

    def __call__(self, session: Session) -> datetime:
        passed = time.monotonic() - self._asked[1] if self._asked else _ASK_AGAIN
        if self._asked is None or passed >= _ASK_AGAIN:
            self._asked, passed = (db_now(session), time.monotonic()), 0.0
        return self._asked[0] + timedelta(seconds=passed)


_ASK_AGAIN = 10.0
"""Seconds."""


def night_to_run(at: datetime, start_hour: int = 2) -> date:
    """The newest business date whose night may run now: yesterday from 02:00 on, else the day before."""
    local = at.astimezone(SHANGHAI)
    return (local - timedelta(days=1 if local.hour >= start_hour else 2)).date()
