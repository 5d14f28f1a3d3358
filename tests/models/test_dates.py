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
    "value",
    [
        None,
        "",
        "待定",
        "26/1/5",
        "1月5日",
        "5/1/2026",
        "2026-01-05 上午",
        "2026-01",
        "2026-02-30",
        "2026-13-01",
        "1989-12-31",
        "2101-01-01",
        5,
        39999,
        60001,
        46027.5e9,
        True,
        float("nan"),
        float("inf"),
    ],
)
def test_what_is_not_a_date_is_said(value: object) -> None:
    with pytest.raises(UnreadableValue):
        business_date(value)


@pytest.mark.parametrize("text", ["2026-11", "2026年11月", "202611", "2026/11", " ２０２６-１１ "])
def test_a_month_is_read_as_people_write_it(text: str) -> None:
    assert Period.parse(text) == Period(2026, 11)


@pytest.mark.parametrize("text", ["2026-13", "2026-00", "11", "2026-11-01", ""])
def test_what_is_not_a_month_is_said(text: str) -> None:
    with pytest.raises(UnreadableValue):
        Period.parse(text)


def test_a_month_knows_its_days_and_its_neighbours() -> None:
    february = Period.of(date(2028, 2, 9))

    assert (february.first, february.last) == (date(2028, 2, 1), date(2028, 2, 29))
    assert str(Period(2026, 12).next()) == "2027-01"
    assert str(Period(2027, 1).previous()) == "2026-12"
    assert str(Period(2026, 1)) == "2026-01"
