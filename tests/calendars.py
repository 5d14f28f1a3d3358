"""Calendars as the State Council's notices make them."""

from datetime import date

import chinese_calendar  # type: ignore[import-untyped]  # it ships no types

from models.calendar import Calendar
from models.words import DayKind


def notices(*years: int) -> Calendar:
    """The calendar that knows exactly these years."""
    rest = {day: DayKind.HOLIDAY for day in chinese_calendar.constants.holidays if day.year in years}
    worked = {
        day: DayKind.MAKE_UP_WORKDAY for day in chinese_calendar.constants.workdays if day.year in years
    }
    return Calendar.of(rest | worked)


def is_worked(day: date) -> bool:
    """What the library says of a day that a notice covers."""
    return bool(chinese_calendar.is_workday(day))
