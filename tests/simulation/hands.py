"""How people do a job: through the same door as the console, with doubled clicks and machines that die."""

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from console import by_hand
from console.who import Person
from models.values import Refusal
from models.words import Role, RunState
from tests.simulation.house import House
from tests.simulation.trouble import Broke, Fault, Killed, bury
from worker import clock
from worker.seat import LEASE

PEOPLE = {
    Role.HANDLER: "张接车", Role.CASHIER: "钱会", Role.ACCOUNTANT: "周会计", Role.REVIEWER: "李审核",
    Role.MANAGER: "王经理", Role.VIEWER: "孙实习",
}  # fmt: skip
FAULTS = (
    Fault.KILLED, Fault.KILLED_BEFORE_COMMIT, Fault.KILLED_AFTER_COMMIT, Fault.BROKE,
    Fault.BROKE_BEFORE_COMMIT, Fault.BROKE_AFTER_COMMIT, Fault.FROZEN, Fault.DOUBLED,
)  # fmt: skip
AT_MOST_STATEMENTS = 25


@dataclass
class Hands:
    """The people of one shop."""

    house: House
    shop: str
    faults_per_act: float
    done: Counter[str] = field(default_factory=Counter)
    refused: Counter[str] = field(default_factory=Counter)
    surprises: list[str] = field(default_factory=list)
    _acts: int = 0

    def do(self, job: str, role: Role, **parameters: Any) -> bool:
        """Do a job as whoever has the role; True where it is done, now or by an earlier attempt."""
        self._acts += 1
        scope = f"{job}:{self.shop}:{self._acts}"
        chance, took_effect = self.house.chance, False
        clicks = 2 if chance.random() < 0.1 else 1
        if chance.random() < self.faults_per_act:
            self._lay_out(job, role, scope, parameters)
            clicks += 2
        for _ in range(clicks):
            took_effect = self._click(job, role, scope, parameters) or took_effect
        self.house.trouble.disarm()
        (self.done if took_effect else self.refused)[job] += 1
        return took_effect

    def must_refuse(self, job: str, role: Role, **parameters: Any) -> None:
        """Try what the role may not do."""
        if self.do(job, role, **parameters):
            self.surprises.append(f"{job} was done by a {role}: {parameters}")

    def _click(self, job: str, role: Role, scope: str, parameters: dict[str, Any]) -> bool:
        """One attempt; whose process died or froze tries again when the lease has run out."""
        died = False
        try:
            return self._once(job, role, scope, parameters)
        except Refusal:
            return False
        except (Killed, Broke):
            died = True
            self.house.now += LEASE + LEASE
        except Exception as error:  # noqa: BLE001 - what nobody foresaw is what we look for
            if type(error).__name__ != "LeaseLost":
                self.surprises.append(f"{job} {parameters}: {type(error).__name__}: {error}")
            self.house.now += LEASE + LEASE
        if died:
            bury()
        return False

    def _once(self, job: str, role: Role, scope: str, parameters: dict[str, Any]) -> bool:
        person = Person(PEOPLE[role], role)
        result = by_hand.do(job, self.shop, clock.today(), scope, person, **parameters)
        return result.state in (RunState.SUCCEEDED, RunState.PARTIAL)

    def _lay_out(self, job: str, role: Role, scope: str, parameters: dict[str, Any]) -> None:
        fault = self.house.chance.choice(FAULTS)

        def meanwhile() -> None:
            if fault is Fault.FROZEN:
                self.house.now += LEASE + LEASE
            self._click(job, role, scope, parameters)

        self.house.trouble.arm(fault, self.house.chance.randint(1, AT_MOST_STATEMENTS), meanwhile)
