"""Working days, and the last day of a period that falls on a rest day (domain 2.2 and 5)."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.calendar import Calendar, add_months, statutory_days
from tests.calendars import is_worked, notices

KNOWN = notices(2025, 2026)
DAYS = st.dates(date(2024, 1, 1), date(2040, 12, 31))


@pytest.mark.parametrize(
    "start, days, last_day",
    [
        # The vectors of domain 2.2.
        ("2026-09-01", 30, "2026-10-08"),
        ("2026-09-01", 60, "2026-11-02"),
        ("2026-09-18", 10, "2026-09-28"),
        ("2026-09-10", 10, "2026-09-20"),
        ("2026-09-21", 5, "2026-09-28"),
        ("2026-09-24", 1, "2026-09-28"),
        ("2026-09-30", 3, "2026-10-08"),
        ("2026-09-01", 30 + 6, "2026-10-08"),
        # Make-up workdays: the day stays, on a Saturday and on a Sunday.
        ("2025-01-16", 10, "2025-01-26"),
        ("2025-02-03", 5, "2025-02-08"),
        ("2026-01-03", 1, "2026-01-04"),
        ("2026-10-05", 5, "2026-10-10"),
        # Ordinary weekends, and the longest holidays.
        ("2025-06-04", 10, "2025-06-16"),
        ("2025-09-21", 10, "2025-10-09"),
        ("2026-02-04", 10, "2026-02-14"),
        ("2026-02-05", 10, "2026-02-24"),
        ("2026-04-30", 1, "2026-05-06"),
        ("2025-12-31", 1, "2026-01-04"),
    ],
)
def test_the_last_day_rolls_over_rest_days_only(start: str, days: int, last_day: str) -> None:
    raw = date.fromisoformat(start) + timedelta(days=days)

    rolled = KNOWN.roll(raw)

    assert rolled == (date.fromisoformat(last_day), False)


@pytest.mark.parametrize(
    "raw, rolled",
    [
        ("2026-12-25", "2026-12-25"),
        ("2026-12-26", "2026-12-28"),
        ("2027-01-01", "2027-01-04"),
        ("2027-02-05", "2027-02-09"),
        ("2027-02-08", "2027-02-09"),
        ("2027-04-05", "2027-04-06"),
        ("2027-05-01", "2027-05-03"),
        ("2027-06-09", "2027-06-10"),
        ("2027-09-15", "2027-09-16"),
        ("2027-10-01", "2027-10-04"),
        ("2027-11-22", "2027-11-22"),
        ("2036-01-28", "2036-01-28"),
    ],
)
def test_a_year_whose_notice_is_not_out_is_computed_and_provisional(raw: str, rolled: str) -> None:
    assert KNOWN.roll(date.fromisoformat(raw)) == (date.fromisoformat(rolled), True)


@pytest.mark.parametrize(
    "raw, provisional",
    [
        ("2026-12-24", False),
        ("2026-12-25", True),
        ("2026-12-31", True),
        ("2025-12-31", False),
        ("2024-12-31", True),
    ],
)
def test_the_week_before_an_unknown_year_is_provisional_too(raw: str, provisional: bool) -> None:
    assert KNOWN.is_provisional(date.fromisoformat(raw)) is provisional


def test_a_roll_that_passes_into_an_unknown_year_is_provisional() -> None:
    only_2025 = notices(2025)

    assert only_2025.roll(date(2025, 12, 24)) == (date(2025, 12, 24), False)
    assert only_2025.roll(date(2025, 12, 31)) == (date(2025, 12, 31), True)
    assert only_2025.roll(date(2026, 1, 1)) == (date(2026, 1, 2), True)


def test_a_year_with_an_empty_list_of_days_is_not_known() -> None:
    assert Calendar.of({}).known_years == frozenset()
    assert Calendar.of({}).roll(date(2026, 10, 1)) == (date(2026, 10, 5), True)


def test_the_notice_of_next_year_turns_the_answer_firm() -> None:
    before, after = notices(2025), notices(2025, 2026)

    assert before.roll(date(2026, 9, 20)) == (date(2026, 9, 21), True)
    assert after.roll(date(2026, 9, 20)) == (date(2026, 9, 20), False)


@given(st.dates(date(2025, 1, 1), date(2026, 12, 31)))
def test_a_known_year_is_worked_as_the_notice_says(day: date) -> None:
    assert KNOWN.is_workday(day) == is_worked(day)


@pytest.mark.parametrize("year", [2025, 2026])
def test_the_fixed_days_of_a_year_are_rest_days_of_its_notice(year: int) -> None:
    days = statutory_days(year)

    assert len(days) == 13
    assert not [day for day in days if KNOWN.is_workday(day)]


def test_spring_festival_begins_on_its_eve() -> None:
    days = sorted(day for day in statutory_days(2027) if day.month == 2)

    assert days == [date(2027, 2, 5), date(2027, 2, 6), date(2027, 2, 7), date(2027, 2, 8)]


@given(DAYS)
def test_a_roll_ends_on_the_first_working_day_and_stays_there(day: date) -> None:
    rolled = KNOWN.roll(day).day

    assert KNOWN.is_workday(rolled)
    assert KNOWN.next_workday(rolled) == rolled
    assert not [n for n in range((rolled - day).days) if KNOWN.is_workday(day + timedelta(days=n))]


@pytest.mark.parametrize(
    "start, months, end",
    [
        ("2026-11-22", 24, "2028-11-22"),
        ("2024-02-29", 24, "2026-02-28"),
        ("2026-12-31", 2, "2027-02-28"),
        ("2027-08-31", 18, "2029-02-28"),
        ("2026-12-01", 1, "2027-01-01"),
        ("2026-03-31", -1, "2026-02-28"),
    ],
)
def test_months_end_on_the_corresponding_day_or_the_last(start: str, months: int, end: str) -> None:
    assert add_months(date.fromisoformat(start), months) == date.fromisoformat(end)


@pytest.mark.parametrize(
    "today, year, is_error",
    [
        ("2026-09-30", None, False),
        ("2026-10-01", 2027, False),
        ("2026-12-14", 2027, False),
        ("2026-12-15", 2027, True),
        ("2027-01-01", 2027, True),
        ("2025-12-31", None, False),
    ],
)
def test_a_missing_notice_is_a_warning_from_october_and_an_error_from_mid_december(
    today: str, year: int | None, is_error: bool
) -> None:
    missing = KNOWN.missing_notice(date.fromisoformat(today))

    assert (missing.year if missing else None) == year
    assert bool(missing and missing.is_error) is is_error


@pytest.mark.parametrize(
    "day, count, end",
    [
        ("2026-09-18", 1, "2026-09-20"),
        ("2026-09-24", 1, "2026-09-28"),
        ("2026-09-28", 7, "2026-10-13"),
        ("2026-11-20", 7, "2026-12-01"),
    ],
)
def test_workdays_are_counted_from_the_day_after(day: str, count: int, end: str) -> None:
    assert KNOWN.add_workdays(date.fromisoformat(day), count) == (date.fromisoformat(end), False)
