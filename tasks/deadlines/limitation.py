"""A limitation is watched 18, 21 and 23 months after the last event that began it (domain 2.6). Pure."""

from datetime import date

from models.calendar import add_months

MARKS = (18, 21, 23)
LAPSED = 24


def mark(started_on: date, due_on: date, today: date) -> int | None:
    """The last mark in months that `today` has reached; LAPSED after the last day; None before the first."""
    if today > due_on:
        return LAPSED
    return max((months for months in MARKS if add_months(started_on, months) <= today), default=None)
