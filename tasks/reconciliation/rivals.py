"""Whether a simple explanation has near rivals: a run with a defect or two that comes to the same. Pure.

A run that adds up is weak evidence where a run with a claim left out and a stranger taken in adds up as well:
insurers do that, and exchanging a few round amounts for others costs the sum nothing.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations

MOST_CLAIMS = 300
"""With more open claims than this a rival is taken for granted."""


def has_rival(amounts: Sequence[int], total: int, chosen: frozenset[int]) -> bool:
    """Whether a run of any length, with two defects at most, comes to the total and is not `chosen`."""
    if len(amounts) > MOST_CLAIMS:
        return True
    index = _Index(amounts)
    near = _near_runs(amounts, total)
    return any(rival != chosen for run, sum_ in near for rival in index.mend(run, total - sum_) if rival)


def _near_runs(amounts: Sequence[int], total: int) -> Iterator[tuple[range, int]]:
    """Runs whose sum two defects can bring to the total."""
    slack = 2 * max(amounts, default=0)
    for first in range(len(amounts)):
        sum_ = 0
        for last in range(first, len(amounts)):
            sum_ += amounts[last]
            if sum_ > total + slack:
                break
            if sum_ >= total - slack:
                yield range(first, last + 1), sum_


class _Index:
    """Claims and pairs of claims by their sum."""

    def __init__(self, amounts: Sequence[int]) -> None:
        self.amounts = amounts
        self.ones: Mapping[int, list[int]] = defaultdict(list)
        self.twos: Mapping[int, list[tuple[int, int]]] = defaultdict(list)
        for at, amount in enumerate(amounts):
            self.ones[amount].append(at)
        for one, other in combinations(range(len(amounts)), 2):
            self.twos[amounts[one] + amounts[other]].append((one, other))

    def mend(self, run: range, missing: int) -> Iterator[frozenset[int]]:
        """The run with at most two defects that make up what is missing (below zero: what is too much)."""
        own = frozenset(run)
        if not missing:
            yield own
        for one in self.ones.get(abs(missing), ()):
            if (one in run) == (missing < 0):
                yield own ^ {one}
        for pair in self.twos.get(abs(missing), ()):
            if all((one in run) == (missing < 0) for one in pair):
                yield own ^ {*pair}
        yield from self._exchanged(run, own, missing)

    def _exchanged(self, run: range, own: frozenset[int], missing: int) -> Iterator[frozenset[int]]:
        """One claim left out and a stranger taken in."""
        for out in run:
            for stranger in self.ones.get(missing + self.amounts[out], ()):
                if stranger not in run:
                    yield own ^ {out, stranger}
