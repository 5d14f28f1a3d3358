"""The limitation is watched at 18, 21 and 23 months, and begins anew with a demand that arrived."""

from dataclasses import replace
from datetime import date

import pytest

from models.words import Cover, DeadlineState
from tasks.deadlines.limitation import mark
from tasks.deadlines.rules import Claim, CoverMoney, Deadline, clocks
from tests.calendars import notices
from tests.law import LAW

D = date.fromisoformat


@pytest.mark.parametrize(
    "today, months",
    [
        ("2026-02-27", None),
        ("2026-02-28", 18),
        ("2026-05-30", 18),
        ("2026-05-31", 21),
        ("2026-07-30", 21),
        ("2026-07-31", 23),
        ("2026-08-31", 23),
        ("2026-09-01", 24),
    ],
)
def test_a_mark_is_reached_on_its_day(today: str, months: int | None) -> None:
    assert mark(D("2024-08-31"), D("2026-08-31"), D(today)) == months


def limitation(cover: Cover, *interruptions: str, today: str = "2026-11-21") -> Deadline:
    claim = Claim(
        True,
        False,
        {"dispatch_date": D("2025-01-10"), "accident_date": D("2025-01-05")},
        (),
        (CoverMoney(cover, 500_000, False),),
        tuple(D(day) for day in interruptions),
    )
    found = [
        each for each in clocks(claim, LAW, notices(2025, 2026), D(today)) if "limitation" in each.rule_code
    ]
    assert len(found) == 1
    return found[0]


def test_a_demand_that_arrived_begins_the_limitation_anew() -> None:
    before = limitation(Cover.OWN_DAMAGE)
    after = limitation(Cover.OWN_DAMAGE, "2026-03-02", "2026-06-15")

    assert (before.started_on, before.due_on, before.state) == (
        D("2025-01-05"), D("2027-01-05"), DeadlineState.RUNNING,
    )  # fmt: skip
    assert (after.started_on, after.raw_due_on, after.state) == (
        D("2026-06-15"), D("2028-06-15"), DeadlineState.RESTARTED,
    )  # fmt: skip
    assert after.estimate is False


def test_a_demand_of_tomorrow_is_not_known_tonight() -> None:
    assert limitation(Cover.OWN_DAMAGE, "2026-11-22").started_on == D("2025-01-05")


def test_a_liability_limitation_whose_beginning_is_unknown_is_certain_after_a_demand() -> None:
    unknown, after = limitation(Cover.THIRD_PARTY), limitation(Cover.THIRD_PARTY, "2026-06-15")

    assert (unknown.estimate, after.estimate) == (True, False)
    assert replace(after, rule_code="") != replace(unknown, rule_code="")
