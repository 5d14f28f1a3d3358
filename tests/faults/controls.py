"""The files by which the clocks of our programs are turned and their steps broken (`tests.faults.launch`)."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from datetime import time as hour
from pathlib import Path

from worker import clock

_NOW = clock.now
"""This machine's own clock: the one of this process is the oracle's."""
TURN = timedelta(minutes=11)
"""A little more than a lease, and than the pause after a first failure."""


@dataclass
class Controls:
    """Clocks and aims of the programs that work in a folder."""

    home: Path

    def turn_to(self, day: date, at: hour) -> None:
        """Turn the clocks to an hour of a day in Asia/Shanghai, unless they are past it."""
        ahead = (datetime.combine(day, at, clock.SHANGHAI) - _NOW()).total_seconds()
        if not (self.home / "database_clock").exists() or ahead > self._ahead():
            self._write("database_clock", ahead)

    def turn_on(self, by: timedelta = TURN) -> None:
        self._write("database_clock", self._ahead() + by.total_seconds())

    def moment(self) -> datetime:
        """What the clocks say."""
        return _NOW() + timedelta(seconds=self._ahead())

    def _ahead(self) -> float:
        return float((self.home / "database_clock").read_text())

    def step_host_clock(self, by: timedelta) -> None:
        """Set the clock of the machine of worker and beat wrong; the database's stays right."""
        self._write("host_clock", by.total_seconds())

    def aim(self, point: str, number: int, act: str) -> None:
        """Have something happen at the n-th pass of a point."""
        (self.home / "passes").unlink(missing_ok=True)
        self._write("aim", f"{point} {number} {act}")

    def passes(self) -> int:
        """How often the point was passed since it was aimed at."""
        passes = self.home / "passes"
        return passes.stat().st_size if passes.exists() else 0

    def fired(self) -> int:
        """Whether what was aimed at happened: 1 or 0."""
        aim = self.home / "aim"
        if not aim.exists():
            return 0
        _, number, act = aim.read_text().split()
        return int(act != "none" and self.passes() >= int(number))

    def listens(self, worker: int) -> bool:
        """Whether the worker with this number has come as far as to listen for wake-ups."""
        ready = self.home / "ready"
        return ready.exists() and ready.read_text() == str(worker)

    def is_at_work(self) -> bool:
        """Whether a child that lives, and is not frozen, has a wake-up in its hands."""
        for each in self.home.glob("at_work.*"):
            state = _state_of(each.suffix[1:])
            if state in {"", "Z"}:
                each.unlink(missing_ok=True)
            elif state != "T":
                return True
        return False

    def is_frozen(self) -> bool:
        """Whether a child is frozen with a wake-up in its hands."""
        return any(_state_of(each.suffix[1:]) == "T" for each in self.home.glob("at_work.*"))

    def lay_down(self) -> None:
        """Nothing is aimed at any more."""
        (self.home / "aim").unlink(missing_ok=True)

    def _write(self, name: str, value: object) -> None:
        beside = self.home / f".{name}"
        beside.write_text(str(value))
        beside.replace(self.home / name)


def _state_of(process: str) -> str:
    """One letter, as `ps` tells it: T is stopped, Z has ended; nothing where there is none."""
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(") ")[2][:1]
    except (FileNotFoundError, ProcessLookupError):
        return ""
