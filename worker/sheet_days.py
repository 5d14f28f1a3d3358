"""Days and times as spreadsheets keep them: numbers, told from others by how they are to look."""

import re
from datetime import datetime, timedelta
from enum import Enum, auto

from worker.sheet_cells import Cell, streamed_cell

BEGINNING = datetime.fromisoformat("1899-12-30")
LEAP_DAY = 60  # spreadsheets count a 29 February 1900, which was none: days before it stand one later
MILLISECONDS = 86_400_000  # of a day

# The number formats that have no words in the file (ECMA-376 part 1, 18.8.30).
DATED, LASTING = frozenset({*range(14, 23), 45, 47}), 46
_QUOTED = re.compile(r'"[^"]*"|\\.|_.')
_DURATION = re.compile(r"\[(?:hh?|mm?|ss?)\]", re.IGNORECASE)
_BRACKETS = re.compile(r"\[[^\]]*\]")
_PARTS_OF_DAYS = re.compile("[dmhys]", re.IGNORECASE)


class Look(Enum):
    """What a number is meant as."""

    NUMBER = auto()
    MOMENT = auto()
    DURATION = auto()


def look_of(number: int, words: str | None) -> Look:
    """The look of a number format, by its words or, where it has none, its number."""
    if words is None:
        return Look.DURATION if number == LASTING else Look.MOMENT if number in DATED else Look.NUMBER
    first = _QUOTED.sub("", words.split(";")[0])
    if _DURATION.search(first):
        return Look.DURATION
    return Look.MOMENT if _PARTS_OF_DAYS.search(_BRACKETS.sub("", first)) else Look.NUMBER


def day_or_time(days: float, look: Look) -> Cell:
    """The day, the moment or the time that a number of days is; itself where no calendar has it."""
    whole, part = divmod(days, 1)
    try:
        time_of_day = timedelta(milliseconds=round(part * MILLISECONDS))
        if look is Look.DURATION:
            return str(timedelta(whole) + time_of_day)
        moment = BEGINNING + timedelta(whole + (0 < days < LEAP_DAY)) + time_of_day
    except (OverflowError, ValueError):
        return days
    return moment.time() if 0 <= days < 1 else streamed_cell(moment)
