"""When a customer is reminded to collect an approved refund, and when it is kept as owed (应付未领). Pure."""

from dataclasses import dataclass
from datetime import date, timedelta


@dataclass(frozen=True)
class Reminder:
    """What to do today. `look_again_on` is None when there is nothing more to wait for."""

    days: int
    """Since the approval."""
    is_last: bool
    look_again_on: date | None


def reminder(approved_on: date, today: date, first: int, last: int) -> Reminder:
    """Remind after `first` days, and after `last` days for the last time (domain: issue 3, 7 and 30 days).

    A night that comes late reminds once for what it missed.
    """
    days = (today - approved_on).days
    if days >= last:
        return Reminder(days, is_last=True, look_again_on=None)
    return Reminder(days, is_last=False, look_again_on=approved_on + timedelta(days=max(first + 1, last)))
