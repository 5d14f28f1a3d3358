"""The running balance as a witness: does each line follow from the one before?"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from tasks.statements.statement import StatementLine


@dataclass(frozen=True)
class Chain:
    """What the balances say. `gaps` are pairs of row numbers between which they don't follow."""

    pairs: int
    proved: int
    disproved: int
    """Pairs that would follow if money in were money out."""
    gaps: tuple[tuple[int, int], ...]

    @property
    def contradicts(self) -> bool:
        """Most pairs fit only the other way round; one may do so by chance where lines are missing."""
        return self.disproved > self.proved and self.disproved * 2 > self.pairs

    @property
    def proves_all(self) -> bool:
        return self.pairs > 0 and self.proved == self.pairs


Pair = tuple[StatementLine, StatementLine]


def chain_of(lines: Sequence[StatementLine]) -> Chain:
    """Follow the balances oldest first and newest first, and keep the order that explains more."""
    told = [line for line in lines if line.balance is not None]
    down = list(pairwise(told))
    up = [(later, earlier) for earlier, later in down]
    order = max(down, up, key=lambda pairs: sum(_follows(pair, 1) for pair in pairs))
    proved = sum(_follows(pair, 1) for pair in order)
    disproved = max(sum(_follows(pair, -1) for pair in pairs) for pairs in (down, up))
    if proved < len(order) and _closes(told):  # lines of one second may stand in any order
        return Chain(len(order), len(order), 0, ())
    gaps = tuple(
        sorted(
            (a.row, b.row) if a.row < b.row else (b.row, a.row) for a, b in order if not _follows((a, b), 1)
        )
    )
    return Chain(len(order), proved, disproved, gaps)


def _follows(pair: Pair, sign: int) -> bool:
    before, after = pair
    return (before.balance or 0) + sign * after.amount == after.balance


def _closes(lines: Sequence[StatementLine]) -> bool:
    """Whether the lines can be put in some order in which every balance follows: each leads on to another,
    save the first and the last."""
    ends = Counter(line.balance or 0 for line in lines)
    ends.subtract((line.balance or 0) - line.amount for line in lines)
    return sum(abs(count) for count in ends.values()) <= 2
