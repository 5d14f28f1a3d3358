"""Sets that add up, counted exactly: held against trying every set there is."""

import random
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tasks.reconciliation import counting
from tasks.reconciliation.counting import density, subsets, verdict
from tasks.reconciliation.runs import run_sums, runs, runs_but_one, sums_but_one

AMOUNTS = st.lists(st.integers(1, 60), max_size=10)


def every(amounts: list[int], total: int) -> list[tuple[int, ...]]:
    sizes = range(1, len(amounts) + 1)
    sets = (some for size in sizes for some in combinations(range(len(amounts)), size))
    return sorted(some for some in sets if sum(amounts[at] for at in some) == total)


@given(AMOUNTS, st.integers(1, 200))
def test_none_one_or_many_is_what_trying_all_says(amounts: list[int], total: int) -> None:
    assert verdict(amounts, total) == min(2, len(every(amounts, total)))


@given(AMOUNTS, st.integers(1, 200), st.sampled_from([None, 1, 2, 3]))
def test_every_set_is_counted_and_shown(amounts: list[int], total: int, size: int | None) -> None:
    expected = [some for some in every(amounts, total) if size in (None, len(some))]

    found = subsets(amounts, total, size, most=2000)

    assert (found.count, found.exact, sorted(found.sets)) == (len(expected), True, expected)
    if expected:
        assert found.common == frozenset.intersection(*map(frozenset, expected))


@given(AMOUNTS, st.integers(1, 200))
def test_runs_are_the_sets_without_a_gap(amounts: list[int], total: int) -> None:
    several = [some for some in every(amounts, total) if len(some) > 1]

    assert sorted(runs(amounts, total)) == [some for some in several if some[-1] - some[0] == len(some) - 1]
    assert sorted(runs_but_one(amounts, total)) == [
        some for some in several if some[-1] - some[0] == len(some)
    ]


@given(AMOUNTS, st.integers(1, 100), st.integers(0, 100))
def test_the_sums_of_runs_are_those_that_runs_find(amounts: list[int], low: int, width: int) -> None:
    span = range(low, low + width + 1)

    assert set(run_sums(amounts, low, low + width)) == {total for total in span if list(runs(amounts, total))}
    assert set(sums_but_one(amounts, low, low + width) or ()) == {
        total for total in span if list(runs_but_one(amounts, total))
    }


def test_counting_stops_at_its_limit_and_says_so() -> None:
    found = subsets([100] * 40, 2000)

    assert (found.count, found.exact, len(found.sets)) == (counting.MOST_COUNTED, False, 20)
    assert found.stopped == "stopped counting at 10000"


def test_beyond_the_table_only_the_verdict_is_given(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(counting, "TABLE_BITS", 1000)

    assert subsets([700, 333, 250, 111], 1_033).count == 1
    assert subsets([700, 333, 250, 111], 1_033).exact
    assert subsets([700, 333, 250, 111], 1_034) == counting.Count(0, exact=True)
    assert "beyond the limit" in (subsets([700, 333, 250, 83], 1_033).stopped or "")


def test_beyond_the_work_limit_there_is_no_verdict(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(counting, "VERDICT_BITS", 1000)

    assert verdict([701, 333, 250, 111], 1_034) is None


@pytest.mark.parametrize(
    ("claims", "at_least", "at_most"),
    [(8, 0.00001, 0.001), (12, 0.0002, 0.02), (20, 0.02, 0.6), (30, 0.5, 1.0)],
)
def test_the_chance_of_a_coincidence_grows_to_certainty_with_the_claims(
    claims: int, at_least: float, at_most: float
) -> None:
    amounts = random.Random(7)  # noqa: S311 - the same dice every time
    owed = [round(amounts.lognormvariate(8, 0.6) * 100) for _ in range(claims)]

    assert at_least <= density(owed, sum(owed) // 2 + 1) <= at_most


def test_a_round_total_is_weaker_evidence_than_one_with_cents() -> None:
    owed = [500_000, 320_000, 410_000, 760_000, 150_000, 230_000]

    assert density(owed, 1_140_000) > 20 * density(owed, 1_140_037)
