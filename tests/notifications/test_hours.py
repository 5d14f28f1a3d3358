"""When customers may be written to."""

from datetime import date, datetime

import pytest

from models.calendar import Calendar
from models.words import DayKind
from notifications.hours import may_write_to_customers
from worker.clock import SHANGHAI

CALENDAR = Calendar.of(
    {
        date(2026, 10, 1): DayKind.HOLIDAY,
        date(2026, 10, 10): DayKind.MAKE_UP_WORKDAY,
    }
)

MOMENTS = [
    ("2026-11-23T08:59:59", False),  # Monday
    ("2026-11-23T09:00:00", True),
    ("2026-11-23T19:59:59", True),
    ("2026-11-23T20:00:00", False),
    ("2026-11-22T10:00:00", False),  # Sunday
    ("2026-10-01T10:00:00", False),  # 国庆节, a Thursday
    ("2026-10-10T10:00:00", True),  # a Saturday that is worked
]


@pytest.mark.parametrize("moment, may", MOMENTS)
def test_customers_are_written_to_by_day_and_on_workdays(moment: str, may: bool) -> None:
    local = datetime.fromisoformat(moment).replace(tzinfo=SHANGHAI)

    assert may_write_to_customers(local, CALENDAR) is may
