"""How long a clock stood still while the insurer waited for supplements (domain 2.1, 2.2). Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import NamedTuple

_ONE_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Round:
    """The insurer sent the file back and the shop handed it in again; None = not known, or not yet."""

    returned_on: date | None
    resubmitted_on: date | None


class Stop(NamedTuple):
    """So many days, both end days counted; open = the file still lies with the shop (one day counted)."""

    days: int = 0
    open: bool = False
    estimate: bool = False


def known_on(rounds: Sequence[Round], today: date) -> tuple[Round, ...]:
    """The rounds as they were known on `today`."""
    return tuple(
        Round(each.returned_on, each.resubmitted_on if (each.resubmitted_on or today) <= today else None)
        for each in rounds
        if (each.returned_on or today) <= today
    )


def stop(start: date, raw_due_on: date, rounds: Sequence[Round]) -> Stop:
    """The stops of a clock that runs from `start` to `raw_due_on`, which every stop moves.

    A stop that begins after the raw last day has no effect, one that begins on it counts. A round whose
    day of return is unknown (or later than the day it was handed in again, a slip of the pen) counts as if
    the file had lain with the shop since the insurer took it in: the longest stop there can have been, so
    that nobody is accused falsely, and an estimate.
    """
    days, estimate, free_from = 0, False, start
    for each in rounds:
        known = each.returned_on and (each.resubmitted_on or each.returned_on) >= each.returned_on
        begin = max(each.returned_on, free_from) if known and each.returned_on else free_from
        if begin > raw_due_on + timedelta(days=days):
            continue
        estimate = estimate or not known
        if each.resubmitted_on is None:
            return Stop(days + 1, True, estimate)
        days += max(0, (each.resubmitted_on - begin).days + 1)
        free_from = max(free_from, each.resubmitted_on + _ONE_DAY)
    return Stop(days, False, estimate)
