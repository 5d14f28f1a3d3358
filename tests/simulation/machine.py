"""The machine room of a simulated house: a ticker and workers, whose messages get lost, doubled and late."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import timedelta

from sqlalchemy import or_, select

from models.run import Run
from models.words import RunState
from scheduler.daytime import DAYTIME
from scheduler.due import NIGHT, due_nights
from scheduler.tick import tick
from scheduler.timetable import MOST_ATTEMPTS
from tests.simulation.house import House
from tests.simulation.trouble import Broke, Fault, Killed, bury
from worker import db
from worker.app import wake
from worker.seat import LEASE

ROUND = timedelta(minutes=6)
"""Between two looks at what is left: a lease runs out within two of them."""
MOST_ROUNDS = 60
AT_MOST_STATEMENTS = 650
"""How far into a night a fault may strike; most have some more statements than that."""

IN_A_NIGHT = (*Fault,)


@dataclass
class Machine:
    """Nights are run only through what the ticker asks for, by whoever picks the message up."""

    house: House
    faults_per_night: float
    surprises: list[str] = field(default_factory=list)
    mishaps: Counter[str] = field(default_factory=Counter)

    def until_calm(self) -> bool:
        """Tick and work until nothing is due or under way; False where that never came."""
        faults = 0
        for _ in range(MOST_ROUNDS):
            faults += self._round(may_break=faults < MOST_ATTEMPTS - 2)
            if self.is_calm():
                return True
            self.house.now += ROUND
        return False

    def is_calm(self) -> bool:
        with db.reading() as session:
            if next(due_nights(session, self.house.now), None) is not None:
                return False
            ours = or_(Run.job == NIGHT, Run.why == DAYTIME)
            going = Run.state.in_((RunState.PENDING, RunState.RUNNING)) | (
                (Run.state == RunState.FAILED) & (Run.attempts < MOST_ATTEMPTS)
            )
            return session.execute(select(Run.id).where(ours, going).limit(1)).first() is None

    def _round(self, *, may_break: bool) -> int:
        """One tick and the work that it calls for; returns how many faults were laid out."""
        chance, laid = self.house.chance, 0
        if may_break and chance.random() < self.faults_per_night / 10:
            self.house.trouble.arm(Fault.KILLED, chance.randint(1, 40))
            laid += 1
        self._attempt("tick", tick)
        messages = self.house.messages()
        for kind, row in self._as_they_arrive(messages) if may_break else messages:
            if may_break and kind == NIGHT and chance.random() < self.faults_per_night:
                laid += 1
                self._lay_out(kind, row)
            self._attempt(f"{kind} {row}", lambda k=kind, r=row: wake(k, r))
        return laid

    def _lay_out(self, kind: str, row: int) -> None:
        chance = self.house.chance
        fault = chance.choice(IN_A_NIGHT)
        after = chance.randint(1, AT_MOST_STATEMENTS)
        self.house.trouble.arm(fault, after, lambda: self._another_worker(kind, row, fault))

    def _another_worker(self, kind: str, row: int, fault: Fault) -> None:
        if fault is Fault.FROZEN:
            self.house.now += LEASE + ROUND
        wake(kind, row)

    def _as_they_arrive(self, messages: list[tuple[str, int]]) -> list[tuple[str, int]]:
        """Some messages are lost, some come twice, some before others."""
        chance, arrived = self.house.chance, list[tuple[str, int]]()
        for message in messages:
            lot = chance.random()
            if lot < 0.03:
                self.mishaps["message lost"] += 1
                continue
            arrived.append(message)
            if lot < 0.08:
                self.mishaps["message doubled"] += 1
                arrived.insert(chance.randint(0, len(arrived)), message)
        return arrived

    def _attempt(self, what: str, work: object) -> None:
        assert callable(work)
        died = False
        try:
            work()
        except (Killed, Broke):
            died = True
        except Exception as error:  # noqa: BLE001 - what nobody foresaw is what we look for
            self.surprises.append(f"{what}: {type(error).__name__}: {error}")
        finally:
            self.house.trouble.disarm()
        if died:
            bury()
