"""When customers may be written to: by day, on days that are worked."""

from datetime import datetime, time

from models.calendar import Calendar
from worker.clock import SHANGHAI

OPENS, CLOSES = time(9), time(20)


def may_write_to_customers(moment: datetime, calendar: Calendar) -> bool:
    """Whether a mail or message may reach a customer now. Files disturb nobody and do not ask."""
    local = moment.astimezone(SHANGHAI)
    return OPENS <= local.time() < CLOSES and calendar.is_workday(local.date())
