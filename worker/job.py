"""What a job is, and what it is given: one business date, one shop, one seat, one transaction.

A job is a plain function of (session, night). It does not commit, read the clock, catch or
log: `worker.run` does that once for all.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, NamedTuple, TypeVar

from sqlalchemy.orm import Session

Row = TypeVar("Row")
Decision = TypeVar("Decision")


class Surprise(NamedTuple):
    """One row that a rule could not decide, and what went wrong."""

    subject: str
    error: str


@dataclass
class Night:
    """What a job knows of its run. `at` is the moment it began, in UTC; `by` is who asked for it."""

    date: date
    shop_id: int
    shop_code: str
    by: str
    at: datetime
    lease_token: str = ""
    parameters: Mapping[str, Any] = field(default_factory=dict)
    dry_run: bool = False
    notes: dict[str, Any] = field(default_factory=dict)
    resting: frozenset[str] = frozenset()
    """Subjects that this step set aside before and looks at again on a later day."""
    set_aside: list[Surprise] = field(default_factory=list)
    decided: set[str] = field(default_factory=set)
    stop_asked: Callable[[Session], bool] = lambda _session: False
    """Whether a person asked this run to stop: a sender, which has no parts, looks between two notices."""
    rest: int | None = None
    """How much a part of a long job left to do, by its own count; None: it is done."""
    handed_on: Any = None
    """What the part before gave to this one; None in the first, and in the first after the worker died."""

    def go_on(self, rest: int, hand_on: Any = None) -> None:
        """Say that so much is left: the job is called again, in a transaction of its own (worker.parts).

        What is handed on lives in memory only: it may save the next part work, and nothing may depend on it.
        """
        self.rest, self.handed_on = rest, hand_on

    def decide(
        self,
        rows: Iterable[Row],
        rule: Callable[[Row], Decision],
        subject: Callable[[Row], str],
        *,
        rests: bool = True,
    ) -> Iterator[tuple[Row, Decision]]:
        """Decide row by row; a surprise sets that row aside and the others go on.

        `subject` names a row in the list of what was set aside, e.g. 'work_order:17'. Where a run is about
        some subjects only, the others are passed over; what failed often rests some nights, unless `rests`
        is False.
        """
        for row in rows:
            name = subject(row)
            if not self.is_about(name) or (rests and name in self.resting):
                continue
            try:
                decision = rule(row)
            except Exception as error:  # noqa: BLE001 - a surprise is one case's (design 4): kept, listed, retried
                self.leave(name, error)
                continue
            self.decided.add(name)
            yield row, decision

    def leave(self, subject: str, error: Exception) -> None:
        """Set a subject aside, whether its rule failed or what was written of it (`worker.aside.write`)."""
        self.decided.discard(subject)
        self.set_aside.append(Surprise(subject, f"{type(error).__name__}: {error}"))

    def is_about(self, subject: str) -> bool:
        """Whether this run is to decide it: every run but one that was asked for some subjects by name."""
        only = self.parameters.get("only")
        return only is None or subject in only

    def note(self, **figures: Any) -> None:
        """Keep counts and sums of this run for its result; numbers of the same name add up."""
        for name, figure in figures.items():
            known = self.notes.get(name)
            self.notes[name] = (
                known + figure if isinstance(known, int) and isinstance(figure, int) else figure
            )

    @property
    def trail(self) -> dict[str, Any]:
        """The arguments that `models.entry.post` and `models.event.record` want of every run."""
        return {"shop_id": self.shop_id, "business_date": self.date, "by": self.by, "at": self.at}


JobFunction = Callable[[Session, Night], int]
SenderFunction = Callable[[Night], int]


class Job(NamedTuple):
    """A registered job. A sender opens short transactions itself: it calls the outside in between."""

    name: str
    function: JobFunction | SenderFunction
    is_sender: bool

    @property
    def purpose(self) -> str:
        """The first line of its docstring."""
        return (self.function.__doc__ or "").strip().splitlines()[0]


REGISTRY: dict[str, Job] = {}


def job(function: JobFunction) -> JobFunction:
    """Register a job under its function's name and hand the function back untouched."""
    REGISTRY[function.__name__] = Job(function.__name__, function, is_sender=False)
    return function


def sender(function: SenderFunction) -> SenderFunction:
    """Register the one job that speaks to the outside: claim, commit, call, settle."""
    REGISTRY[function.__name__] = Job(function.__name__, function, is_sender=True)
    return function
