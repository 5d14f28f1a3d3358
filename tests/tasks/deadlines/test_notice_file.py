"""A year's holiday notice, as it is published and as people write it."""

import json
from datetime import date
from typing import Any

import pytest

from models.calendar import Calendar
from models.values import Refusal
from models.words import DayKind
from tasks.deadlines.notice_file import read_notice

REST_2027 = [
    "2027-01-01", "2027-02-05", "2027-02-06", "2027-02-07", "2027-02-08", "2027-02-09", "2027-04-05", "2027-05-01",
    "2027-05-02", "2027-05-03", "2027-06-09", "2027-09-15", "2027-10-01", "2027-10-02", "2027-10-03", "2027-10-04",
]  # fmt: skip
WORKED_2027 = ["2027-02-20", "2027-10-09"]


def published(rest: list[str], worked: list[str], year: Any = 2027) -> str:
    days = [{"name": "节", "date": day, "isOffDay": True} for day in rest]
    days += [{"name": "补班", "date": day, "isOffDay": False} for day in worked]
    return json.dumps({"$schema": "x", "year": year, "papers": ["p"], "days": days})


def test_the_published_shape_is_read() -> None:
    notice = read_notice("2027.json", published(REST_2027, WORKED_2027))

    assert notice.year == 2027
    assert len(notice.days) == 18
    calendar = Calendar.of({each.day: each.kind for each in notice.days})
    assert calendar.is_workday(date(2027, 2, 20))
    assert not calendar.is_workday(date(2027, 2, 9))


@pytest.mark.parametrize("heading", ["date,name,isOffDay", "日期,名称,类型", "\ufeffdate,name,kind"])
def test_a_simple_list_is_read(heading: str) -> None:
    rows = [f"{day},节,休" for day in REST_2027] + [f"{day.replace('-', '/')},,班" for day in WORKED_2027]

    notice = read_notice("2027.csv", "\n".join([heading.lstrip("\ufeff"), *rows, ",,"]))

    assert notice.year == 2027
    assert {each.day for each in notice.days if each.kind is DayKind.MAKE_UP_WORKDAY} == {
        date(2027, 2, 20),
        date(2027, 10, 9),
    }


def test_a_notice_may_name_days_of_the_december_before() -> None:
    notice = read_notice("2027.json", published(["2026-12-31", *REST_2027], ["2026-12-27"]))

    assert date(2026, 12, 31) in {each.day for each in notice.days}


COPIED_2026 = [
    "2027-01-01",
    "2027-02-14",
    "2027-02-15",
    "2027-02-16",
    "2027-02-17",
    "2027-04-05",
    "2027-05-01",
]


@pytest.mark.parametrize(
    "text, why",
    [
        (published([], []), "names no days of 2027.*its notice is not out"),
        ("date,name,isOffDay\n", "names no days"),
        ("{", "is not JSON"),
        ("[]", "has not the shape"),
        (published(REST_2027, [], year="2027"), "has not the shape"),
        ('{"year": 2027, "days": [{"date": "2027-01-01"}]}', "day 1: it needs a date and isOffDay"),
        (published(["2027-13-01"], []), "can't be read as a date"),
        (published([*REST_2027, "2029-01-01"], []), "notice of 2027 and names 2029-01-01"),
        (published(REST_2027, ["2027-02-22"]), "2027-02-22 a make-up workday"),
        (published(REST_2027, ["2027-10-02"]), "names 2027-10-02 twice"),
        # Last year's days with this year's number (domain 5): the eve of the new year is a workday in it.
        (published(COPIED_2026, []), "2027-02-05.*as workdays.*no notice of that year"),
        ("day,what\n2027-01-01,休", "has no headings date"),
        ("date,isOffDay\n2027-01-01,maybe", 'row 2: "maybe" is neither'),
    ],
)
def test_what_is_no_notice_is_refused(text: str, why: str) -> None:
    with pytest.raises(Refusal, match=why):
        read_notice("2027.json", text)
