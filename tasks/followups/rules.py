"""When a customer is called after closing. Pure."""

from datetime import date

from models.calendar import Calendar


def call_on(closed_on: date, workdays: int, calendar: Calendar) -> date | None:
    """The day of the call, so many working days after closing; None where the shop calls nobody."""
    return calendar.add_workdays(closed_on, workdays).day if workdays > 0 else None
