"""Everything that happens by itself, on one screen.

The night of business date D starts at 02:00 Asia/Shanghai on D+1 and covers facts dated up to D.
Its steps run per shop, in this order; a finished step is not done again, so to resume is to run again.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import timedelta
from difflib import get_close_matches
from typing import NamedTuple

from models.values import Refusal


class Step(NamedTuple):
    """One step of a shop's night: a job by name, what people call it, and whether it goes case by case.

    A step that goes case by case decides cases, repairs, expected lines or refunds one by one and tells
    nobody outside, so that it can be done for one case alone.
    """

    job: str
    title: str
    by_case: bool = False


NIGHT_STARTS_AT = 2
"""Hour of the day in Asia/Shanghai."""

CATCH_UP_DAYS = 31
"""How many missed nights the ticker runs by itself, oldest first; older ones are listed as missed."""

MOST_ATTEMPTS = 5
"""A run that failed so often waits for a person; the shop's later nights go on without it."""

PAUSE = timedelta(minutes=10)
"""A failed run is tried again after ten minutes, then twenty, thirty ..."""

DELIVER_EVERY_MINUTES = 15
"""Between nights, `deliver` runs for every shop that has a notice whose time has come."""

STEPS = (
    Step("read_accounts", "bank accounts"),
    Step("read_ledgers", "ledgers"),
    Step("read_contacts", "contacts"),
    Step("read_statements", "bank statements"),
    Step("match_lines", "reconciliation"),
    Step("find_differences", "differences", by_case=True),
    Step("reopen_late_cases", "cases opened again"),
    Step("compute_deadlines", "deadlines", by_case=True),
    Step("prove_money", "proof of all money", by_case=True),
    Step("compute_refunds", "refunds", by_case=True),
    Step("remind_unclaimed", "refunds not collected"),
    Step("tell_customers", "news for customers"),
    Step("announce_callbacks", "callbacks"),
    Step("check_stage_gates", "stage gates", by_case=True),
    Step("check_closing", "closing", by_case=True),
    Step("watch_disputes", "disputes"),
    Step("watch_limitation", "limitation"),
    Step("chase_insurers", "chasing"),
    Step("pass_on_errands", "errands"),
    Step("remind_staff", "overdue tasks"),
    Step("check_calendar", "calendar"),
    Step("build_ledger", "ledger"),
    Step("tell_staff", "digest"),
    Step("deliver", "notices"),
)


def check(jobs: Iterable[str], steps: Sequence[Step] = STEPS, hour: int = NIGHT_STARTS_AT) -> None:
    """Refuse a timetable that names an unknown job, a job twice, or an impossible hour."""
    known = set(jobs)
    for step in steps:
        if step.job not in known:
            near = get_close_matches(step.job, known, n=1)
            raise Refusal(
                f"The timetable names the job {step.job}, which does not exist."
                + (f" Did you mean {near[0]}?" if near else "")
            )
    for job, times in Counter(step.job for step in steps).items():
        if times > 1:
            raise Refusal(f"The timetable names the job {job} {times} times; keep one of them.")
    if not 0 <= hour <= 23:
        raise Refusal(f"The night cannot start at {hour}:00; an hour is between 0 and 23.")
