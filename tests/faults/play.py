"""One fault in one night (or three), and what it left behind, held against nights that nothing disturbed."""

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import count, pairwise
from pathlib import Path
from random import Random
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from console import night_history
from models import secrecy
from models.run import Seat
from models.shop import Shop
from tasks.proof import whole
from tests.faults import story
from tests.faults.effects import effects
from tests.faults.faults import Fault
from tests.faults.opening import world
from tests.faults.oracle import Oracle, oracle
from tests.faults.world import World


@dataclass
class Outcome:
    """What came of one fault."""

    fault: str
    injected: int
    nights: int
    """How many of the shops' nights were completed."""
    due: int
    lost: list[str]
    """Effects that were to be there and are not."""
    doubled: list[str]
    """Effects that are there and were not to be, or more often."""
    complaints: list[str]
    """What else is not as it should be."""
    restarted: int = 0
    turned: int = 0
    seconds: float = 0.0

    @property
    def is_good(self) -> bool:
        return not (self.lost or self.doubled or self.complaints) and self.nights == self.due


@dataclass
class Life:
    """A world and its oracle, day after day."""

    world: World
    oracle: Oracle
    day: date = story.FIRST

    def of(self, fault: Fault, dice: Random) -> Outcome:
        """Live the next nights with a fault in them. What is never done is a complaint."""
        days = [self.day + timedelta(days=number) for number in range(fault.days)]
        self.day = days[-1] + timedelta(days=1)
        secrecy.use_keys([self.world.key.encode()])  # another test of this process may have set its own
        begun = time.monotonic()
        for day in days:
            self.world.tell(day)
        self.world.open(days)
        late = [*_late(lambda: fault.inject(self.world, dice))]
        expected = self.oracle.live(days)
        late = late or [*_late(self.world.live_on)]
        found = effects(self.world.engine, self.world.home / "outbox")
        shown = self._history(days)
        return Outcome(
            fault=fault.name,
            injected=self.world.injected(),
            nights=sum(each["night"] == night_history.OK for each in shown),
            due=len(days) * len(story.SHOPS),
            lost=list((expected - found).elements()),
            doubled=list((found - expected).elements()),
            complaints=[*late, *self._off_books(), *self._out_of_order(days), *_untold(shown, fault)],
            restarted=self.world.restarted,
            turned=self.world.turned,
            seconds=time.monotonic() - begun,
        )

    def _history(self, days: Sequence[date]) -> list[dict[str, Any]]:
        with Session(self.world.engine) as session:
            return night_history.history(session, story.SHOPS, days[0], days[-1])

    def _off_books(self) -> Iterator[str]:
        """The money check: every sum by rows is the sum by entries."""
        with Session(self.world.engine) as session:
            for shop in session.scalars(select(Shop)).all():
                for subject, why in whole.prove(session, shop.id).off.items():
                    yield f"{shop.code} {subject}: {why}"

    def _out_of_order(self, days: Sequence[date]) -> Iterator[str]:
        """Nights of a shop that ended before an older one."""
        with Session(self.world.engine) as session:
            for shop in story.SHOPS:
                of = (Seat.job == "night", Seat.scope == shop, Seat.business_date.in_(days))
                ended = session.scalars(select(Seat.taken_at).where(*of).order_by(Seat.business_date)).all()
                if any(later < earlier for earlier, later in pairwise(ended)):
                    yield f"{shop}: the nights {days} did not end in their order"


def _untold(shown: Sequence[dict[str, Any]], fault: Fault) -> Iterator[str]:
    """What `huikuan night history` does not say although it was so."""
    yield from (
        f"{each['shop']} {each['date']}: {each['steps']}" for each in shown if each["done"] < each["total"]
    )
    if fault.told and all(each["attempts"] == 1 for each in shown):
        yield "a night was taken up again, and the history tells of one attempt"


def _late(part: Callable[[], None]) -> Iterator[str]:
    try:
        part()
    except TimeoutError as late:
        yield str(late)


@dataclass
class Play:
    """One life for many faults; after one that ended badly a new one, so that none is blamed for another."""

    home: Path
    server: str
    life: Life | None = None
    _stack: ExitStack = field(default_factory=ExitStack)
    _number: Iterator[int] = field(default_factory=count)

    def of(self, fault: Fault, dice: Random) -> Outcome:
        """Live the nights of a fault; see `Life.of`."""
        if self.life is None:
            self.life = self._stack.enter_context(
                _life(self.home / f"house{next(self._number)}", self.server)
            )
        outcome = self.life.of(fault, dice)
        if not outcome.is_good:
            self.end()
        return outcome

    def logs(self) -> dict[str, str]:
        """What the programs of the last life said, by its name."""
        last = max(self.home.glob("house*"), key=lambda each: each.stat().st_mtime)
        return {
            each.stem: each.read_text(errors="replace") for each in sorted((last / "world").glob("*.log"))
        }

    def end(self) -> None:
        """End all programs and servers of the life that is lived."""
        self.life = None
        self._stack.close()


def dice_of(seed: int, fault: Fault) -> Random:
    """The dice of one fault: the same seed breaks the same thing at the same pass."""
    return Random(f"{seed}:{fault.name}")  # noqa: S311 - it has to be replayed, and is no secret


@contextmanager
def _life(home: Path, server: str) -> Iterator[Life]:
    home.mkdir()
    with world(home / "world") as broken, oracle(broken.key, home / "oracle", server) as undisturbed:
        yield Life(broken, undisturbed)


@contextmanager
def play(home: Path, server: str) -> Iterator[Play]:
    """Give lives to break things in; the undisturbed ones are lived on the PostgreSQL `server`."""
    found = Play(home, server)
    try:
        yield found
    finally:
        found.end()
