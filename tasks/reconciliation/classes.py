"""How a transfer without references can be explained, class by class, the simplest first (issue 4, tier 4).

An explanation belongs to the simplest class that holds it. Each class says how many explanations it has and
how likely an unrelated amount, near this one and as round, would have had one too: the evidence of a hit.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import combinations, islice

from tasks.reconciliation.counting import MOST_COUNTED, Set, density, near, places, subsets
from tasks.reconciliation.facts import Case
from tasks.reconciliation.pool import Pool
from tasks.reconciliation.runs import run_sums, runs, runs_but_one, sums_but_one

MOST_SHOWN = 20
MOST_COVERS = 8

Parts = tuple[tuple[int, int], ...]
"""(case, fen) pairs"""


@dataclass(frozen=True)
class Class:
    """One class: its explanations counted, the best of them, and the chance that there is one by chance."""

    name: str
    count: int
    exact: bool
    chance: float
    shown: tuple[Parts, ...] = ()
    common: frozenset[int] = frozenset()
    """Claims that every explanation of the class holds."""
    stopped: str | None = None


def classes(pool: Pool, total: int, size: int | None) -> tuple[Class, ...]:
    """Every class for a total in fen; `size` is the number of claims where it is known."""
    amounts = [case.open_amount for case in pool.cases]
    found = [
        _one_line(pool, total, size), _covers(pool, total, size),
        _of_runs("run", runs, pool, total, size), _of_runs("run_but_one", runs_but_one, pool, total, size),
    ]  # fmt: skip
    return (*found, _any_set(pool, amounts, total, size, found))


def _one_line(pool: Pool, total: int, size: int | None) -> Class:
    chance = _chance((case.open_amount for case in pool.cases), total)
    if size not in (None, 1):
        return Class("one_line", 0, exact=True, chance=0.0)
    hits = [((case.case_id, total),) for case in pool.cases if case.open_amount == total]
    return _class("one_line", hits, chance, pool)


def _covers(pool: Pool, total: int, size: int | None) -> Class:
    """Some covers of one claim, not all of them: 交强 without 商业."""
    split = [case for case in pool.cases if 1 < len(case.covers) <= MOST_COVERS]
    if size not in (None, 1) or not split:
        return Class("covers", 0, exact=True, chance=0.0)
    sums = [(case, frozenset(_part_sums(case))) for case in split]
    hits = [((case.case_id, total),) for case, of in sums if total in of and total != case.open_amount]
    return _class("covers", hits, _chance((each for _, of in sums for each in of), total), pool)


def _part_sums(case: Case) -> Iterator[int]:
    for size in range(1, len(case.covers)):
        yield from (sum(some) for some in combinations(case.covers, size))


Finder = Callable[[Sequence[int], int], Iterator[Set]]


def _of_runs(name: str, find: Finder, pool: Pool, total: int, size: int | None) -> Class:
    amounts = [case.open_amount for case in pool.cases]
    low, high, _ = near(total)
    sums = run_sums(amounts, low, high) if find is runs else sums_but_one(amounts, low, high)
    if sums is None:
        return Class(name, 0, exact=False, chance=1.0, stopped="too many runs to look at each")
    sets = [each for each in find(amounts, total) if size in (None, len(each))]
    return _class(name, [_parts(pool, each) for each in sets], _chance(sums, total), pool)


def _any_set(
    pool: Pool, amounts: Sequence[int], total: int, size: int | None, simpler: Sequence[Class]
) -> Class:
    found = subsets(amounts, total, size, MOST_COUNTED)
    known = {frozenset(case for case, _ in parts) for of in simpler for parts in of.shown}
    whole = (_parts(pool, each) for each in found.sets)
    sets = [parts for parts in whole if frozenset(case for case, _ in parts) not in known]
    simple = sum(of.count for of in simpler if of.name != "covers")
    chance = density(amounts, total) if found.count or len(amounts) <= MOST_SHOWN else 1.0
    made = _class("any_set", sets, chance, pool)
    return replace(
        made, count=max(0, found.count - simple), exact=found.exact, stopped=found.stopped,
        common=made.common if found.exact else frozenset(),
    )  # fmt: skip


def _parts(pool: Pool, positions: Set) -> Parts:
    return tuple((pool.cases[at].case_id, pool.cases[at].open_amount) for at in positions)


def _class(name: str, hits: Sequence[Parts], chance: float, pool: Pool) -> Class:
    common = (
        frozenset.intersection(*(frozenset(case for case, _ in parts) for parts in hits)) if hits else None
    )
    shown = tuple(islice(sorted(hits, key=lambda parts: _plain_first(parts, pool)), MOST_SHOWN))
    return Class(name, len(hits), exact=True, chance=chance, shown=shown, common=common or frozenset())


def _plain_first(parts: Parts, pool: Pool) -> tuple[int, int, int, Parts]:
    """Claims of the branch that paid first, then those close together in settlement order, then few."""
    at = {case.case_id: number for number, case in enumerate(pool.cases)}
    places_ = [at[case] for case, _ in parts]
    strange = sum(case not in pool.same_branch for case, _ in parts) if pool.same_branch else 0
    return strange, max(places_) - min(places_), len(parts), parts


def _chance(sums: Iterable[int], total: int) -> float:
    """The share of totals near this one, and as round, that these sums explain; one more, to be careful."""
    low, high, grain = near(total)
    hits = {each for each in sums if low <= each <= high and each % grain == 0}
    return min(1.0, (len(hits) + 1) / places(total))
