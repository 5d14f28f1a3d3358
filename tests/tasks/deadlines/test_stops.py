"""A clock stands still while the insurer waits for supplements (domain 2.1, 2.2)."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tasks.deadlines.stops import Round, Stop, known_on, stop

D = date.fromisoformat
Days = list[tuple[str | None, str | None]]


def rounds(days: Days) -> list[Round]:
    return [Round(a and D(a), b and D(b)) for a, b in days]  # type: ignore[arg-type]  # None stays None


@pytest.mark.parametrize(
    "days, expected",
    [
        ([], Stop(0)),
        ([("2026-03-05", "2026-03-06")], Stop(2)),
        ([("2026-03-05", "2026-03-05")], Stop(1)),
        # Two rounds add up; a day they share counts once.
        ([("2026-03-05", "2026-03-06"), ("2026-03-10", "2026-03-12")], Stop(5)),
        ([("2026-03-05", "2026-03-10"), ("2026-03-10", "2026-03-12")], Stop(8)),
        # On the raw last day (04-01) it counts, after it not, unless an earlier stop has moved that day.
        ([("2026-04-01", "2026-04-03")], Stop(3)),
        ([("2026-04-02", "2026-04-03")], Stop(0)),
        ([("2026-03-30", "2026-04-02"), ("2026-04-04", "2026-04-05")], Stop(6)),
        ([("2026-03-30", "2026-04-02"), ("2026-04-06", "2026-04-07")], Stop(4)),
        # Sent back before the insurer took it in: only the days of the clock count.
        ([("2026-02-20", "2026-03-03")], Stop(2)),
        ([("2026-02-20", "2026-02-25")], Stop(0)),
        # Still with the shop: the clock waits; the day of return is the one sure day.
        ([("2026-03-05", None)], Stop(1, open=True)),
        ([("2026-03-05", "2026-03-06"), ("2026-03-20", None)], Stop(3, open=True)),
        # An unknown day of return: the longest stop there can have been, and an estimate.
        ([(None, "2026-03-09")], Stop(8, estimate=True)),
        ([("2026-03-05", "2026-03-06"), (None, "2026-03-09")], Stop(5, estimate=True)),
        ([(None, None)], Stop(1, open=True, estimate=True)),
        # Handed in before it was sent back is a slip of the pen: as if the day of return were unknown.
        ([("2026-03-09", "2026-03-05")], Stop(4, estimate=True)),
    ],
)
def test_a_clock_from_march_the_second_over_thirty_days(days: Days, expected: Stop) -> None:
    assert stop(D("2026-03-02"), D("2026-04-01"), rounds(days)) == expected


@pytest.mark.parametrize(
    "today, known",
    [
        ("2026-09-09", []),
        ("2026-09-10", [("2026-09-10", None)]),
        ("2026-09-14", [("2026-09-10", None)]),
        ("2026-09-15", [("2026-09-10", "2026-09-15")]),
    ],
)
def test_a_night_knows_only_what_happened_up_to_it(today: str, known: Days) -> None:
    assert known_on(rounds([("2026-09-10", "2026-09-15")]), D(today)) == tuple(rounds(known))


DAYS = st.dates(D("2025-01-01"), D("2026-12-31"))


@given(DAYS, st.integers(1, 90), st.lists(st.builds(Round, st.none() | DAYS, st.none() | DAYS), max_size=4))
def test_a_stop_is_never_negative_and_not_knowing_never_shortens_it(
    start: date, length: int, days: list[Round]
) -> None:
    raw = start + timedelta(days=length)
    first = days[:1]

    known = stop(start, raw, first)
    unknown = stop(start, raw, [Round(None, each.resubmitted_on) for each in first])

    assert stop(start, raw, days).days >= 0
    assert unknown.days >= known.days
