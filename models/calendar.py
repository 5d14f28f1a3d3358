"""Which days are worked, and where a last day goes that is not (domain 2.2 and 5). Standard library only.

A calendar is frozen and passed in. A year without an official notice is computed: weekends and the
days fixed by the 放假办法 as amended on 2024-11-10, without substitute and make-up days, and whatever
rests on it is provisional.
"""

from calendar import monthrange
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import NamedTuple, Self

from models.words import DayKind

_ONE_DAY = timedelta(days=1)
_SATURDAY = 5

# 元旦, 劳动节, 国庆节: the same every year.
_SOLAR = ((1, 1), (5, 1), (5, 2), (10, 1), (10, 2), (10, 3))

# 春节 (初一), 清明, 端午, 中秋: from the lunar calendar, which no rule of this house computes.
_LUNAR = {
    2025: ((1, 29), (4, 4), (5, 31), (10, 6)),
    2026: ((2, 17), (4, 5), (6, 19), (9, 25)),
    2027: ((2, 6), (4, 5), (6, 9), (9, 15)),
    2028: ((1, 26), (4, 4), (5, 28), (10, 3)),
    2029: ((2, 13), (4, 4), (6, 16), (9, 22)),
    2030: ((2, 3), (4, 5), (6, 5), (9, 12)),
    2031: ((1, 23), (4, 5), (6, 24), (10, 1)),
    2032: ((2, 11), (4, 4), (6, 12), (9, 19)),
    2033: ((1, 31), (4, 4), (6, 1), (9, 8)),
    2034: ((2, 19), (4, 5), (6, 20), (9, 27)),
    2035: ((2, 8), (4, 5), (6, 10), (9, 16)),
}


class Rolled(NamedTuple):
    """A day moved to where it counts, and whether that rests on a year whose notice is not out."""

    day: date
    provisional: bool


class MissingNotice(NamedTuple):
    """A year whose notice ought to be in; an error when the year is about to begin, or has begun."""

    year: int
    is_error: bool


@dataclass(frozen=True)
class Calendar:
    """The days named by official notices, and the years whose notice is in."""

    days: Mapping[date, DayKind]
    known_years: frozenset[int]

    @classmethod
    def of(cls, days: Mapping[date, DayKind]) -> Self:
        """A calendar that knows the years it has days of; an empty year is not known (domain 5)."""
        return cls(days, frozenset(day.year for day in days))

    def is_workday(self, day: date) -> bool:
        kind = self.days.get(day)
        if kind is not None:
            return kind is DayKind.MAKE_UP_WORKDAY
        if day.weekday() >= _SATURDAY:
            return False
        return day.year in self.known_years or day not in statutory_days(day.year)

    def is_provisional(self, day: date) -> bool:
        """Whether a notice still to come may change the day: next year's may name days after 24 December."""
        eve = (day.month, day.day) >= (12, 25)
        return day.year not in self.known_years or (eve and day.year + 1 not in self.known_years)

    def missing_notice(self, today: date) -> MissingNotice | None:
        """This year's notice, or from 1 October next year's: an error from 15 December (domain 5)."""
        if today.year not in self.known_years:
            return MissingNotice(today.year, is_error=True)
        if today.month < 10 or today.year + 1 in self.known_years:
            return None
        return MissingNotice(today.year + 1, is_error=(today.month, today.day) >= (12, 15))

    def add_workdays(self, day: date, count: int) -> Rolled:
        """The `count`-th working day after `day`, which itself is not counted."""
        provisional = False
        for _ in range(count):
            day, unsure = self.roll(day + _ONE_DAY)
            provisional |= unsure
        return Rolled(day, provisional)

    def roll(self, day: date) -> Rolled:
        """The day itself if it is worked, else the first worked day after it (民法典 203).

        Provisional when any day looked at is: the roll might end elsewhere once the notice is out.
        """
        provisional = self.is_provisional(day)
        while not self.is_workday(day):
            day += _ONE_DAY
            provisional |= self.is_provisional(day)
        return Rolled(day, provisional)

    def next_workday(self, day: date) -> date:
        """The first working day on or after `day`: when something due then is sent."""
        return self.roll(day).day


def statutory_days(year: int) -> frozenset[date]:
    """The 13 days of the 放假办法 (2024 text); without the lunar ones for years the table lacks."""
    return frozenset(_statutory_days(year))


def _statutory_days(year: int) -> Iterator[date]:
    for month, day in _SOLAR:
        yield date(year, month, day)
    if year in _LUNAR:
        new_year, *others = (date(year, month, day) for month, day in _LUNAR[year])
        # 春节 is four days since 2025: 除夕, 初一, 初二, 初三.
        yield from (new_year + offset * _ONE_DAY for offset in range(-1, 3))
        yield from others


def add_months(day: date, months: int) -> date:
    """The corresponding day so many months on, else the month's last day (民法典 202)."""
    years, month = divmod(day.month - 1 + months, 12)
    year, month = day.year + years, month + 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))
