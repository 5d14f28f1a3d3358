"""The world that is broken: PostgreSQL, Redis, a worker with two children and a beat, and the days they live.

Time is turned and not waited for: a lease of 600 s has run out when the clock of the database says so. Programs
that ended are started again, as `restart: unless-stopped` of docker-compose.yml does.
"""

import os
import signal
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from datetime import time as hour

from sqlalchemy import Engine, create_engine, select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from models.run import Run
from tests.faults import looks, story
from tests.faults.breakable import Program, Server
from tests.faults.controls import Controls
from worker import clock
from worker.app import QUEUES

PATIENCE = 300.0
"""Seconds of our own in which a night has to be done, whatever was broken and whoever else uses this machine."""
TICKS_AT_REST = 3
"""Rounds of beat in which nobody has anything to do: the first had begun before, the last has not sent all yet."""
_LOOK = 0.1


@dataclass
class World(Controls):
    """Everything that can be broken, and what of it was."""

    postgres: Server
    redis: Server
    url: str
    key: str
    environment: dict[str, str]
    days: tuple[date, ...] = ()
    struck: int = 0
    restarted: int = 0
    turned: int = 0
    down: set[str] = field(default_factory=set)
    """What is not started again by itself for now: a program that an operator stopped."""

    def __post_init__(self) -> None:
        words = ["worker", f"--queues={','.join(QUEUES)}", "--concurrency=2", "--without-gossip"]
        self.programs = {
            "worker": Program(self.home, self.environment, words),
            "beat": Program(self.home, self.environment, ["beat", "--pidfile="]),
        }
        # Asked before each use whether it lives: the server is stopped under it.
        self.engine: Engine = create_engine(self.url, pool_pre_ping=True)

    @property
    def worker(self) -> Program:
        return self.programs["worker"]

    @property
    def beat(self) -> Program:
        return self.programs["beat"]

    # ------------------------------------------------------------------ what its supervisor does

    def tend(self) -> None:
        """Start again what ended."""
        for name, program in self.programs.items():
            if not program.is_up and name not in self.down:
                program.kill()
                self.restarted += 1
                program.start()

    def thaw(self) -> None:
        """Let go on whoever was frozen."""
        for child in self.worker.children():
            self.signal(child, signal.SIGCONT)

    def signal(self, process: int, which: signal.Signals) -> None:
        with suppress(ProcessLookupError):
            os.kill(process, which)

    def another_beat(self) -> Program:
        return Program(self.home, self.environment, ["beat", "--pidfile="])

    # ------------------------------------------------------------------ nights

    def tell(self, day: date) -> None:
        with Session(self.engine, expire_on_commit=False) as session, session.begin():
            story.tell(session, day)

    def open(self, days: Sequence[date]) -> None:
        """Begin to speak of the nights of these days."""
        self.days, self.struck, self.restarted, self.turned = tuple(days), 0, 0, 0
        self.lay_down()
        self.step_host_clock(timedelta(0))

    def begin(self) -> None:
        """Turn the clocks to an hour after the last of the nights should have begun."""
        self.turn_to(self.days[-1] + timedelta(days=1), hour(2, 5))

    def live_on(self) -> None:
        """Wait until the nights are done and their mail is out, and nothing is under way. Raises TimeoutError."""
        self.wait_until(self._has_nights)
        self.turn_to(self.days[-1] + timedelta(days=1), hour(10))
        self.wait_until(
            lambda session: self._has_nights(session) and not looks.mail_waits(session, self.moment())
        )

    def injected(self) -> int:
        """How often something was broken since `open`."""
        return self.struck + self.fired()

    def wait_until(self, done: Callable[[Session], bool]) -> None:
        """Wait; where everybody is at rest, time is turned on. Raises TimeoutError."""
        end, ticks = time.monotonic() + PATIENCE, set[datetime]()
        while time.monotonic() < end and self.moment() < self._next_night():
            self.tend()
            tick = None
            with suppress(DBAPIError), Session(self.engine) as session:
                if done(session):
                    return
                tick = looks.last_tick(session)
            ticks = ticks | {tick} if tick and self._is_at_rest() else set()
            if len(ticks) > TICKS_AT_REST:
                self.turn_on()
                self.turned += 1
                ticks = set()
            time.sleep(_LOOK)
        raise TimeoutError(f"not done at {self.moment():%m-%d %H:%M} UTC: {self.under_way()}")

    def _is_at_rest(self) -> bool:
        """Whether the worker listens and nobody in it does anything."""
        return self.listens(self.worker.pid) and not self.is_at_work()

    def _next_night(self) -> datetime:
        """When the night begins of which nothing has been told yet."""
        return datetime.combine(self.days[-1] + timedelta(days=2), hour(2), clock.SHANGHAI)

    def wait_for_the_pass(self) -> None:
        """Wait until what is aimed at is reached. Raises TimeoutError where no night comes to it."""
        _, number, _ = (self.home / "aim").read_text().split()
        self.wait_for_passes(int(number))

    def wait_for_passes(self, number: int) -> None:
        self.wait_until(lambda _session: self.passes() >= number)

    @contextmanager
    def hears(self, word: str) -> Iterator[None]:
        """Wait until a program has said a word in its log since: what is broken is felt. Raises TimeoutError."""
        logs = {each.log: each.log.stat().st_size for each in self.programs.values() if each.log.exists()}
        yield
        end = time.monotonic() + PATIENCE
        while not any(word.encode() in log.read_bytes()[size:] for log, size in logs.items()):
            if time.monotonic() > end:
                raise TimeoutError(f"nobody said {word} in {PATIENCE:.0f} s")
            self.tend()
            time.sleep(_LOOK)

    def wait_for_others(self, passes: int) -> None:
        """Wait until the others are so many steps on, or wait for the one who is frozen, or are done."""
        self.aim("leased", passes, "none")
        self.wait_until(
            lambda session: self.passes() >= passes or looks.is_held_up(session) or self._has_nights(session)
        )

    def runs(self) -> list[tuple[int, str]]:
        with Session(self.engine) as session:
            return [(row.id, row.job) for row in session.execute(select(Run.id, Run.job))]

    def under_way(self) -> list[str]:
        """What has not ended well, for whoever looks for the reason."""
        with suppress(DBAPIError), Session(self.engine) as session:
            return looks.under_way(session)
        return ["the database does not answer"]

    def _has_nights(self, session: Session) -> bool:
        return looks.has_nights(session, self.days)
