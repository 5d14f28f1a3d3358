"""Cases walked night by night up the ladder of domain 2.6."""

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from models.words import ChaseReason, Cover
from tasks.chasing.facts import Taken
from tasks.chasing.ladder import Ladder
from tasks.chasing.rules import chase
from tasks.deadlines.stops import Round
from tests.claims import case_on, facts

D = date.fromisoformat
ONE_DAY = timedelta(days=1)


def walk(
    nights: Iterable[date], known: Mapping[str, date | None], **more: Any
) -> list[tuple[str, int, Cover]]:
    """Run the nights one by one; what was taken on which."""
    taken: list[Taken] = []
    for today in nights:
        case = case_on(today, known, taken, **more)
        decision = chase(case, Ladder(), today)
        if decision.step:
            taken.append(Taken(decision.step.cover, decision.step.step, case.round_no, today))
    return [(str(each.taken_on), each.step, each.cover) for each in taken]


def nights(first: str, last: str) -> list[date]:
    return [D(first) + n * ONE_DAY for n in range((D(last) - D(first)).days + 1)]


def steps(taken: list[tuple[str, int, Cover]]) -> list[tuple[str, int]]:
    return [(day, step) for day, step, _ in taken]


def test_an_unpaid_commercial_claim_climbs_the_whole_ladder() -> None:
    taken = walk(nights("2026-03-02", "2026-07-01"), facts("2026-03-02"))

    # Decision due 2026-04-01, advance payment due 2026-05-06 after the Labour Day holiday.
    assert steps(taken) == [
        ("2026-03-04", 0),
        ("2026-03-17", 1),
        ("2026-03-29", 2),
        ("2026-04-02", 3),
        ("2026-04-09", 5),
        ("2026-04-16", 6),
        ("2026-04-23", 7),
        ("2026-05-07", 4),
    ]


def test_compulsory_cover_goes_overdue_earlier_and_has_no_progress_query() -> None:
    both = (Cover.COMPULSORY, Cover.OWN_DAMAGE)

    taken = walk(nights("2026-03-02", "2026-03-20"), facts("2026-03-02"), covers=both)

    assert taken == [
        ("2026-03-03", 0, Cover.COMPULSORY),
        ("2026-03-04", 0, Cover.OWN_DAMAGE),
        ("2026-03-06", 2, Cover.COMPULSORY),
        ("2026-03-10", 3, Cover.COMPULSORY),
        ("2026-03-17", 1, Cover.OWN_DAMAGE),
        ("2026-03-18", 5, Cover.COMPULSORY),
    ]


def test_a_claim_that_comes_in_late_starts_at_the_bottom_and_is_not_flooded() -> None:
    taken = walk(nights("2026-06-01", "2026-06-20"), facts("2026-03-02"))

    assert steps(taken) == [
        ("2026-06-01", 0),
        ("2026-06-04", 1),
        ("2026-06-07", 2),
        ("2026-06-10", 3),
        ("2026-06-13", 4),
        ("2026-06-17", 5),
    ]


def test_without_an_agreement_a_part_payment_ends_in_estimates() -> None:
    taken = walk(nights("2026-03-02", "2026-07-01"), facts("2026-03-02"), has_payout=True)
    last = chase(
        case_on(
            D("2026-07-01"),
            facts(),
            [Taken(Cover.OWN_DAMAGE, n, 0, D("2026-03-04")) for n in range(3)],
            has_payout=True,
        ),
        Ladder(),
        D("2026-07-01"),
    )

    assert [step for _, step in steps(taken)] == [0, 1, 2]
    assert last.reason is ChaseReason.ESTIMATE_ONLY


def test_an_agreed_sum_is_demanded_the_day_after_its_ten_days() -> None:
    known = facts("2026-03-02", settlement_agreed_on="2026-03-09")

    taken = walk(nights("2026-03-02", "2026-04-10"), known)

    assert steps(taken) == [
        ("2026-03-04", 0),
        ("2026-03-20", 3),
        ("2026-03-27", 5),
        ("2026-04-03", 6),
        ("2026-04-10", 7),
    ]


def test_a_return_on_an_unknown_day_goes_no_further_than_the_reminder() -> None:
    rounds = (Round(None, D("2026-03-20")),)

    taken = walk(nights("2026-03-20", "2026-07-01"), facts("2026-03-02"), rounds=rounds)

    assert [step for _, step in steps(taken)] == [0, 1, 2]


OPTIONAL_DAY = st.none() | st.dates(D("2026-01-05"), D("2026-04-30"))


@given(
    known=st.fixed_dictionaries(
        {"insurer_accepted_date": OPTIONAL_DAY, "settlement_agreed_on": OPTIONAL_DAY}
    ),
    covers=st.sets(st.sampled_from(Cover), min_size=1).map(sorted),
    rounds=st.lists(st.builds(Round, OPTIONAL_DAY, OPTIONAL_DAY), max_size=1).map(tuple),
    missed=st.sets(st.integers(0, 119)),
    changes=st.sampled_from([{}, {"authorised": False}, {"disputed": True}, {"is_agency_claim": False}]),
)
def test_every_night_has_a_step_or_a_reason_and_no_step_comes_twice_or_too_early(
    known: dict[str, date | None],
    covers: list[Cover],
    rounds: tuple[Round, ...],
    missed: set[int],
    changes: dict[str, Any],
) -> None:
    taken: list[Taken] = []
    for day in (D("2026-01-05") + n * ONE_DAY for n in range(120) if n not in missed):
        case = case_on(day, known, taken, covers=covers, rounds=rounds, **changes)
        decision = chase(case, Ladder(), day)

        assert (decision.step is None) == (decision.reason is not None)
        assert decision.look_again_on is None or decision.look_again_on > day
        if decision.step:
            assert decision.step.due_on <= day
            taken.append(Taken(decision.step.cover, decision.step.step, case.round_no, day))

    keys = [(each.cover, each.step, each.round_no) for each in taken]
    assert len(keys) == len(set(keys))
    assert not (taken and changes)
    for each in taken:
        if each.step in (5, 6):
            assert {3, each.step - 1} - {4} <= {
                other.step for other in taken if other.taken_on < each.taken_on
            }
