"""The clocks of decisions and complaints (domain 2.1, 2.4)."""

from datetime import date

import pytest

from models.words import DeadlineState, DisputeKind, DisputeState, PeriodUnit
from tasks.disputes.rules import Clock, Matter, Rule, clocks, to_see_to
from tests.calendars import notices

D = date.fromisoformat
CALENDAR = notices(2025, 2026)
SINCE = D("2020-03-01")
LAW = tuple(
    Rule(code, length, unit, f"law of {code}", SINCE, None)
    for code, length, unit in (
        ("refusal_reasons", 3, PeriodUnit.DAYS),
        ("objection_answer", 15, PeriodUnit.DAYS),
        ("complaint_simple", 15, PeriodUnit.DAYS),
        ("complaint_complex", 30, PeriodUnit.DAYS),
        ("complaint_extended", 60, PeriodUnit.DAYS),
        ("complaint_passed_on", 7, PeriodUnit.WORKDAYS),
        ("review_request", 30, PeriodUnit.DAYS),
        ("review_decision", 30, PeriodUnit.DAYS),
    )
)


def matter(kind: DisputeKind, on: str, answered: str | None = None, **more: str) -> Matter:
    state = DisputeState.ANSWERED if answered else DisputeState.OPEN
    return Matter(kind, state, D(on), more.get("institution"), D(answered) if answered else None)


def found(what: Matter, today: str) -> dict[str, Clock]:
    return {each.rule_code: each for each in clocks(what, LAW, CALENDAR, D(today))}


@pytest.mark.parametrize(
    "kind, on, dues",
    [
        (DisputeKind.REFUSED, "2026-09-30", {"refusal_reasons": "2026-10-08"}),
        (DisputeKind.OBJECTION, "2026-09-18", {"objection_answer": "2026-10-08"}),
        (
            DisputeKind.COMPLAINT, "2026-09-01",
            {
                "complaint_simple": "2026-09-16", "complaint_complex": "2026-10-08",
                "complaint_extended": "2026-11-02",
            },
        ),
        (DisputeKind.REVIEW, "2026-08-28", {"review_decision": "2026-09-28"}),
        (DisputeKind.PARTIAL, "2026-08-28", {}),
        (DisputeKind.APPROVED, "2026-08-28", {}),
    ],
)  # fmt: skip
def test_each_kind_has_the_clocks_of_its_law(kind: DisputeKind, on: str, dues: dict[str, str]) -> None:
    assert {code: str(each.due_on) for code, each in found(matter(kind, on), on).items()} == dues


def test_the_regulator_passes_a_complaint_on_within_seven_workdays() -> None:
    to_12378 = matter(DisputeKind.COMPLAINT, "2026-09-24", institution="12378")

    assert found(to_12378, "2026-09-24")["complaint_passed_on"].due_on == D("2026-10-12")


def test_an_answer_ends_the_wait_and_opens_thirty_days_for_a_review() -> None:
    answered = matter(DisputeKind.COMPLAINT, "2026-09-01", answered="2026-09-20")

    now = found(answered, "2026-09-21")

    assert now["complaint_extended"].state is DeadlineState.MET
    assert (now["review_request"].due_on, now["review_request"].state) == (
        D("2026-10-20"),
        DeadlineState.RUNNING,
    )
    assert [each.rule_code for each in to_see_to(list(now.values()))] == ["review_request"]
    assert found(answered, "2026-10-21")["review_request"].state is DeadlineState.MISSED


def test_only_the_last_day_of_a_complaint_asks_for_somebody() -> None:
    waiting = matter(DisputeKind.COMPLAINT, "2026-09-01")

    assert to_see_to(list(found(waiting, "2026-10-20").values())) == ()
    late = to_see_to(list(found(waiting, "2026-11-03").values()))
    assert [each.rule_code for each in late] == ["complaint_extended"]
