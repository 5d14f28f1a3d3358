"""How many sets of amounts add up to a total: exact, with plain big integers. Pure; whole fen above zero.

A sum is a bit of a big integer: adding an amount shifts all sums at once. What costs is items times bits of
the total; beyond the limits named here nothing is searched and the answer says so (performance 6).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import gcd

VERDICT_BITS = 50_000_000_000
"""Items x total that are tried for none, one or many: some ten seconds at the worst."""

TABLE_BITS = 800_000_000
"""Items x total for which the table is kept that every set is read from: 100 MB."""

MOST_COUNTED = 10_000
"""So many sets are counted one by one; of more it is said that they are more."""

MOST_STEPS = 500_000
"""Steps of one count; reached only where a number of claims is asked for as well."""

Set = tuple[int, ...]
"""Positions of amounts, ascending"""


@dataclass(frozen=True)
class Count:
    """`count` sets add up; `exact` is False where counting stopped there, `stopped` says why."""

    count: int
    exact: bool
    sets: tuple[Set, ...] = ()
    """The first of them, as many as were asked for."""
    common: frozenset[int] = frozenset()
    """Positions that every set holds."""
    stopped: str | None = None


def verdict(amounts: Sequence[int], total: int) -> int | None:
    """Whether no (0), one (1) or more than one set (2) adds up to the total; None beyond the work limit.

    >>> verdict([200, 500, 700], 700)
    2
    """
    amounts, total = _lighter(amounts, total)
    if total <= 0 or not amounts or sum(amounts) < total:
        return int(total == 0)
    if len(amounts) * total > VERDICT_BITS:
        return None
    in_order = sorted(amounts)
    if not _reaches(in_order, total):
        return 0
    return 2 if _reaches_twice(in_order, total) else 1


def _reaches(amounts: Sequence[int], total: int) -> bool:
    """Bit s of `missing`: some set leaves s to go. Shifting down, what is too much falls off by itself."""
    missing = 1 << total
    for amount in amounts:
        missing |= missing >> amount
        if missing & 1:
            return True
    return False


def _reaches_twice(amounts: Sequence[int], total: int) -> bool:
    once, twice = 1 << total, 0
    for amount in amounts:
        taken = once >> amount
        twice |= (twice >> amount) | (once & taken)
        once |= taken
        if twice & 1:
            return True
    return False


def _lighter(amounts: Sequence[int], total: int) -> tuple[list[int], int]:
    """The same question with smaller numbers: what is too large left out, common factors, the complement."""
    usable = [amount for amount in amounts if amount <= total]
    rest = sum(usable) - total
    small = [amount for amount in usable if amount <= rest] if 0 < rest < total else usable
    goal = rest if 0 < rest < total else total
    factor = gcd(*small) if small else 1
    if goal % factor:
        return [], 1
    return [amount // factor for amount in small], goal // factor


def subsets(amounts: Sequence[int], total: int, size: int | None = None, most: int = 20) -> Count:
    """Count the sets that add up to the total, of so many items if `size` is given, and show the first."""
    usable = [at for at, amount in enumerate(amounts) if amount <= total]
    if not usable or total <= 0:
        return Count(0, exact=True)
    factor = gcd(total, *(amounts[at] for at in usable))
    own, goal = [amounts[at] // factor for at in usable], total // factor
    if len(own) * goal > TABLE_BITS:
        return _only_verdict(amounts, total, size)
    found = _Search(own, goal, size, most).run()
    sets = tuple(tuple(usable[at] for at in each) for each in found.sets)
    return Count(found.count, found.exact, sets, frozenset(usable[at] for at in found.common), found.stopped)


def _only_verdict(amounts: Sequence[int], total: int, size: int | None) -> Count:
    told = verdict(amounts, total)
    if told == 0:
        return Count(0, exact=True)
    why = f"{len(amounts)} claims and {total} fen are beyond the limit up to which sets are laid out"
    return Count(told or 0, exact=told == 1 and size is None, stopped=why)


class _Search:
    """Reads every set from a table of what the items from each on can add up to."""

    def __init__(self, amounts: list[int], total: int, size: int | None, most: int) -> None:
        self.amounts, self.total, self.size, self.most = amounts, total, size, most
        self.sets: list[Set] = []
        self.count = self.steps = 0
        self.common: frozenset[int] | None = None
        self.reach = self._table()

    def _table(self) -> list[bytes]:
        """Bit s of entry i: the items from i on can add up to s."""
        mask, sums, bits = (1 << (self.total + 1)) - 1, [1], 1
        for amount in reversed(self.amounts):
            bits = (bits | (bits << amount)) & mask
            sums.append(bits)
        size = self.total // 8 + 1
        return [each.to_bytes(size, "little") for each in reversed(sums)]

    def run(self) -> Count:
        stopped = None
        if self._can(0, self.total):
            stopped = self._walk()
        return Count(self.count, stopped is None, tuple(self.sets), self.common or frozenset(), stopped)

    def _can(self, at: int, missing: int) -> bool:
        return missing >= 0 and bool(self.reach[at][missing >> 3] >> (missing & 7) & 1)

    def _walk(self) -> str | None:
        """Depth first without recursion; says why it stopped early, if it did."""
        stack: list[tuple[int, int, Set]] = [(0, self.total, ())]
        while stack:
            at, missing, taken = stack.pop()
            self.steps += 1
            if self.steps > MOST_STEPS:
                return f"stopped after {MOST_STEPS} steps"
            if not missing:
                self._keep(taken)
                if self.count >= MOST_COUNTED:
                    return f"stopped counting at {MOST_COUNTED}"
                continue
            if at == len(self.amounts) or (self.size is not None and len(taken) == self.size):
                continue
            if self._can(at + 1, missing):
                stack.append((at + 1, missing, taken))
            if self._can(at + 1, missing - self.amounts[at]):
                stack.append((at + 1, missing - self.amounts[at], (*taken, at)))
        return None

    def _keep(self, taken: Set) -> None:
        if self.size is not None and len(taken) != self.size:
            return
        self.count += 1
        self.common = frozenset(taken) if self.common is None else self.common & frozenset(taken)
        if len(self.sets) < self.most:
            self.sets.append(taken)


def density(amounts: Sequence[int], total: int) -> float:
    """The share of totals near this one, as round as it, that some set adds up to: chance as evidence.

    1.0 beyond the table limit: there, almost any total is explained.
    """
    low, high, grain = near(total)
    usable = [amount for amount in amounts if amount <= high]
    if len(usable) * high > TABLE_BITS:
        return 1.0
    bits, mask = 1, (1 << (high + 1)) - 1
    for amount in usable:
        bits = (bits | (bits << amount)) & mask
    if grain == 1:
        hits = (bits >> low).bit_count()
    else:
        sums = bits.to_bytes(high // 8 + 1, "little")
        hits = sum(sums[s >> 3] >> (s & 7) & 1 for s in range(-(-low // grain) * grain, high + 1, grain))
    return min(1.0, (hits + 1) / places(total))


def near(total: int) -> tuple[int, int, int]:
    """Totals that could as well have come: within a quarter, and as round (whole yuan, tens, hundreds)."""
    grain = next(each for each in (10_000, 1_000, 100, 10, 1) if total % each == 0)
    return total - total // 4, total + total // 4, grain


def places(total: int) -> int:
    """How many such totals there are."""
    low, high, grain = near(total)
    return max(1, high // grain - (low - 1) // grain)
