"""Runs: claims that follow each other in settlement order, without a gap or with one. Pure; fen above zero.

An insurer pays what it settled since the last time: a run is a far simpler explanation than any set.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence

from tasks.reconciliation.counting import Set

MOST_SUMS = 4_000_000
"""Runs with an omission that are looked at; beyond it the class is not searched."""


def runs(amounts: Sequence[int], total: int) -> Iterator[Set]:
    """Runs of two or more that add up to the total."""
    first = sum_ = 0
    for last, amount in enumerate(amounts):
        sum_ += amount
        while sum_ > total:
            sum_ -= amounts[first]
            first += 1
        if sum_ == total and last > first:
            yield tuple(range(first, last + 1))


def runs_but_one(amounts: Sequence[int], total: int) -> Iterator[Set]:
    """Runs of which one inner claim was left out, two or more remaining."""
    at: dict[int, list[int]] = defaultdict(list)
    for position, amount in enumerate(amounts):
        at[amount].append(position)
    largest = max(amounts, default=0)
    for first in range(len(amounts)):
        sum_ = 0
        for last in range(first, len(amounts)):
            sum_ += amounts[last]
            if sum_ > total + largest:
                break
            if sum_ > total:
                for out in at.get(sum_ - total, ()):
                    if first < out < last:
                        yield tuple(each for each in range(first, last + 1) if each != out)


def run_sums(amounts: Sequence[int], low: int, high: int) -> Iterator[int]:
    """The sums of runs of two or more between two bounds."""
    for first in range(len(amounts)):
        sum_ = amounts[first]
        for last in range(first + 1, len(amounts)):
            sum_ += amounts[last]
            if sum_ > high:
                break
            if sum_ >= low:
                yield sum_


def sums_but_one(amounts: Sequence[int], low: int, high: int) -> Iterator[int] | None:
    """The sums of runs with an inner omission between two bounds; None where they are too many."""
    largest = max(amounts, default=0)
    inner = 0
    for first in range(len(amounts)):
        sum_ = 0
        for last in range(first, len(amounts)):
            sum_ += amounts[last]
            if sum_ > high + largest:
                break
            inner += max(0, last - first - 1) if sum_ >= low else 0
        if inner > MOST_SUMS:
            return None
    return _sums_but_one(amounts, low, high, largest)


def _sums_but_one(amounts: Sequence[int], low: int, high: int, largest: int) -> Iterator[int]:
    for first in range(len(amounts)):
        sum_ = 0
        for last in range(first, len(amounts)):
            sum_ += amounts[last]
            if sum_ > high + largest:
                break
            if sum_ >= low:
                for out in range(first + 1, last):
                    if low <= sum_ - amounts[out] <= high:
                        yield sum_ - amounts[out]
