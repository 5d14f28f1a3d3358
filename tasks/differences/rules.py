"""When a difference opens, changes and closes by itself (domain 1.7). Pure; amounts are fen."""

from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from models.words import Resolution

VERSION = "difference/1"

SETTLES = frozenset({Resolution.CUSTOMER_TOPUP, Resolution.SHOP_ABSORB, Resolution.ROUNDING})
"""Results after which nothing more is expected; RECLAIM and DISPUTE keep a line open."""


class Step(StrEnum):
    """What happens to the difference of a line, in the order in which it is done."""

    UNSETTLE = "unsettle"
    """Its result was given for another amount: take it back by counter-entries."""
    ADOPT = "adopt"
    """A result was recorded as a fact of the case: keep it with its amount."""
    CLOSE = "close"
    """There is no difference any more, or none that anybody can speak of yet."""
    ROUND = "round"
    """A few fen that nobody will ever pay: written off by itself."""
    CHANGE = "change"
    """It is still open, over another amount."""
    OPEN = "open"


@dataclass(frozen=True)
class Line:
    """An expected line, what has come on it, and what is written down of its difference."""

    expected: int
    received: int
    last_on: date | None
    """When money last came; None where nobody wrote it down."""
    resolution: Resolution | None = None
    told_final: bool = False
    """The insurer says that it has paid in full."""
    open: int | None = None
    """The amount of the difference that is open."""
    settled: int | None = None
    """The amount for which the newest result was given."""
    prepared: bool = False
    """A result stands on the open difference and waits for approval."""

    @property
    def difference(self) -> int:
        """Expected minus received: above zero the insurer paid too little."""
        return self.expected - self.received


@dataclass(frozen=True)
class Patience:
    """Settings of the shop: days without money after which a payout is final, and fen that are rounding."""

    days: int = 7
    tolerance: int = 5


def review(line: Line, today: date, patience: Patience) -> tuple[Step, ...]:
    """The steps that bring the difference of a line to where its money is."""
    if line.resolution not in SETTLES:
        return _unsettled(line, today, patience)
    if line.settled is None and line.difference > 0:
        return (Step.ADOPT,)
    if line.settled == line.difference:
        return ()
    return (Step.UNSETTLE, *_unsettled(replace(line, resolution=None), today, patience))


def _unsettled(line: Line, today: date, patience: Patience) -> tuple[Step, ...]:
    if 0 < line.difference <= patience.tolerance and line.received > 0:
        return (Step.ROUND,)
    if not line.difference or not _can_be_told(line, today, patience):
        return (Step.CLOSE,) if line.open is not None or line.resolution else ()
    if line.open is None:
        return (Step.OPEN,)
    if line.open == line.difference:
        return ()
    # Too little is another matter than too much: one row is never both.
    same = (line.open > 0) == (line.difference > 0)
    return (Step.CHANGE,) if same else (Step.CLOSE, Step.OPEN)


def _can_be_told(line: Line, today: date, patience: Patience) -> bool:
    """Too much shows at once; too little when no more will come, or when somebody has spoken of it."""
    if line.difference < 0 or line.told_final or line.resolution is not None or line.prepared:
        return True
    if line.received <= 0:
        return False
    was_short = line.open is not None and line.open > 0
    return was_short or line.last_on is None or (today - line.last_on).days >= patience.days
