"""Dates and months as people, banks and spreadsheets write them."""

from datetime import date, datetime

import pytest

from models.values import Period, UnreadableValue, business_date


@pytest.mark.parametrize(
    "value",
    [
        "2026-01-05",
        "2026/1/5",
        "20260105",
        "2026年1月5日",
        "2026 年 1 月 5 号",
        "2026.1.5",
        "２０２６－０１－０５",
        "2026-01-05 10:23:45",
        "2026-01-05T10:23:45",
        "20260105 102345",
        "20260105102345",
        "2026-01-05 \t ",
        "46027",
        46027,
        46027.75,
        20260105,
        20260105.0,
        date(2026, 1, 5),
        datetime.fromisoformat("2026-01-05T23:59:00"),
        datetime.fromisoformat("2026-01-04T16:00:00+00:00"),
    ],
)
def test_a_date_is_read_in_every_way_it_is_written(value: object) -> None:
    assert business_date(value) == date(2026, 1, 5)


@pytest.mark.parametrize(
    "value, day",
    [
        ("1990-01-01", date(1990, 1, 1)),
        ("2100-12-31", date(2100, 12, 31)),
        (40000, date(2009, 7, 6)),
        (60000, date(2064, 4, 8)),
        ("60000", None),
        ("59999", date(2064, 4, 7)),
    ],
)
def test_the_first_and_the_last_date_are_read(value: object, day: date | None) -> None:
    if day is not None:
        assert business_date(value) == day
        return
    with pytest.raises(UnreadableValue, match="^not a date$"):
        business_date(value)


OUTSIDE, NO_DATE, NOWHERE = "a year outside 1990 to 2100", "not a date", "a day that is in no calendar"


@pytest.mark.parametrize(
    "value, why",
    [
        (None, "empty"),
        ("", "empty"),
        (" ", "empty"),
        ("待定", NO_DATE),
        ("26/1/5", NO_DATE),
        ("1月5日", NO_DATE),
        ("5/1/2026", NO_DATE),
        ("2026-01-05 上午", NO_DATE),
        ("2026-01", NO_DATE),
        ("2026-02-30", NOWHERE),
        ("2026-13-01", NOWHERE),
        ("1989-12-31", OUTSIDE),
        ("2101-01-01", OUTSIDE),
        (5, NO_DATE),
        (39999, NO_DATE),
        (60001, NO_DATE),
        (20260105.5, NO_DATE),
        (46027.5e9, NOWHERE),
        (True, NO_DATE),
        (float("nan"), NO_DATE),
        (float("inf"), NO_DATE),
        ([], NO_DATE),
    ],
)
def test_what_is_not_a_date_is_said(value: object, why: str) -> None:
    with pytest.raises(UnreadableValue, match=f"^{why}$"):
        business_date(value)


@pytest.mark.parametrize("text", ["2026-11", "2026年11月", "202611", "2026/11", " ２０２６-１１ "])
def test_a_month_is_read_as_people_write_it(text: str) -> None:
    assert Period.parse(text) == Period(2026, 11)


@pytest.mark.parametrize("text", ["2026-13", "2026-00", "11", "2026-11-01", ""])
def test_what_is_not_a_month_is_said(text: str) -> None:
    with pytest.raises(UnreadableValue, match="^not a month such as 2026-11$"):
        Period.parse(text)


def test_a_month_knows_its_days_and_its_neighbours() -> None:
    february = Period.of(date(2028, 2, 9))

    assert (february.first, february.last) == (date(2028, 2, 1), date(2028, 2, 29))
    assert str(Period(2026, 12).next()) == "2027-01"
    assert str(Period(2027, 1).previous()) == "2026-12"
    assert str(Period(2026, 1)) == "2026-01"
