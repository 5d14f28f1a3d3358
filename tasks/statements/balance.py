"""The running balance as a witness: does each line follow from the one before? Pure."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Protocol


class Booked(Protocol):
    """A line as far as balances go: fen, money in positive; `balance` is the one after it."""

    @property
    def amount(self) -> int: ...
    @property
    def balance(self) -> int | None: ...


class Placed(Booked, Protocol):
    """A line of a file, with its row as the spreadsheet counts."""

    @property
    def row(self) -> int: ...


@dataclass(frozen=True)
class Gap:
    """Where the balance doesn't follow: `before` and `after` are rows in the order of time."""

    before: int
    after: int
    balance: int
    amount: int
    stated: int


@dataclass(frozen=True)
class Chain:
    """What the balances say, of `pairs` of neighbours; `opening` and `closing` None where none does."""

    pairs: int
    proved: int
    disproved: int
    """Pairs that would follow if money in were money out."""
    gaps: tuple[Gap, ...]
    opening: int | None
    closing: int | None
    is_whole: bool
    """Every line has a balance."""

    @property
    def contradicts(self) -> bool:
        """Most pairs fit only the other way round; one may do so by chance where lines are missing."""
        return self.disproved > self.proved and self.disproved * 2 > self.pairs

    @property
    def proves_all(self) -> bool:
        return self.is_whole and self.pairs > 0 and self.proved == self.pairs


@dataclass(frozen=True)
class _Step:
    """From one balance to the next: some banks print it on a day's last line only."""

    row: int
    amount: int
    balance: int


def chain_of(lines: Sequence[Placed]) -> Chain:
    """Follow the balances oldest first and newest first, and keep the order that explains more."""
    ways = [(way, _steps(way)) for way in (lines, lines[::-1])]
    order, steps = max(ways, key=lambda way: sum(_follows(pair, 1) for pair in pairwise(way[1])))
    pairs = list(pairwise(steps))
    proved = sum(_follows(pair, 1) for pair in pairs)
    disproved = max(sum(_follows(pair, -1) for pair in pairwise(way[1])) for way in ways)
    found = ends(lines) if proved < len(pairs) else None
    if found is not None:  # lines of one second stand in any order
        opening, closing = found or (None, None)
        return Chain(len(pairs), len(pairs), 0, (), opening, closing, is_whole=True)
    gaps = tuple(_gap(pair) for pair in pairs if not _follows(pair, 1))
    opening = steps[0].balance - steps[0].amount if steps else None
    rest = sum(line.amount for line in order) - sum(step.amount for step in steps)
    closing = steps[-1].balance + rest if steps else None
    is_whole = len(steps) == len(lines)
    return Chain(len(pairs), proved, disproved, gaps, opening, closing, is_whole)


def _steps(lines: Sequence[Placed]) -> list[_Step]:
    steps: list[_Step] = []
    moved = 0
    for line in lines:
        moved += line.amount
        if line.balance is not None:
            steps.append(_Step(line.row, moved, line.balance))
            moved = 0
    return steps


def ends(lines: Sequence[Booked]) -> tuple[int, int] | tuple[()] | None:
    """The balances before and after some lines, put in whatever order makes every balance follow.

    () where such an order comes back to where it began, so that the ends can't be told; None where there is
    no order: each line must lead on to another, save the first and the last, and all must hang together.
    """
    if any(line.balance is None for line in lines):
        return None
    steps = [(_before(line), line.balance or 0) for line in lines]
    surplus = Counter(start for start, _ in steps)
    surplus.subtract(end for _, end in steps)
    odd = {balance: count for balance, count in surplus.items() if count}
    if not _hang_together(steps) or sorted(odd.values()) not in ([], [-1, 1]):
        return None
    return (max(odd, key=lambda each: odd[each]), min(odd, key=lambda each: odd[each])) if odd else ()


def _hang_together(steps: Sequence[tuple[int, int]]) -> bool:
    """Whether the steps between balances form one piece."""
    beside: defaultdict[int, set[int]] = defaultdict(set)
    for start, end in steps:
        beside[start].add(end)
        beside[end].add(start)
    reached: set[int] = set()
    waiting = [start for start, _ in steps[:1]]
    while waiting:
        if (at := waiting.pop()) not in reached:
            reached.add(at)
            waiting.extend(beside[at])
    return len(reached) == len(beside)


def _follows(pair: tuple[_Step, _Step], sign: int) -> bool:
    before, after = pair
    return before.balance + sign * after.amount == after.balance


def _before(line: Booked) -> int:
    return (line.balance or 0) - line.amount


def _gap(pair: tuple[_Step, _Step]) -> Gap:
    before, after = pair
    return Gap(before.row, after.row, before.balance, after.amount, after.balance)
