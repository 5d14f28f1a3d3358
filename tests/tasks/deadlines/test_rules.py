"""The clocks of an open claim (domain 2.1 and 2.2)."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from models.words import Cover, DeadlineState, RuleCover
from tasks.deadlines.rules import Claim, CoverMoney, Deadline, LegalRule, clocks
from tasks.deadlines.stops import Round
from tests.calendars import notices
from tests.law import LAW, rule

CALENDAR = notices(2025, 2026)
D = date.fromisoformat


def claim(
    cover: Cover = Cover.UNSPLIT,
    rounds: Sequence[tuple[str | None, str | None]] = (),
    open_amount: int = 500_000,
    has_payout: bool = False,
    **facts: Any,
) -> Claim:
    return Claim(
        is_agency_claim=True,
        closed=False,
        facts={name: D(day) for name, day in facts.items()},
        rounds=tuple(Round(a and D(a), b and D(b)) for a, b in rounds),  # type: ignore[arg-type] # None stays None
        covers=(CoverMoney(cover, open_amount, has_payout),),
    )


def clock(case: Claim, code: str, today: str, legal: Sequence[LegalRule] = LAW) -> Deadline:
    found = [each for each in clocks(case, legal, CALENDAR, D(today)) if each.rule_code == code]
    assert len(found) == 1
    return found[0]


@pytest.mark.parametrize(
    "start, code, stop, raw, due",
    [
        # The vectors of domain 2.2.
        ("2026-09-01", "decision", None, "2026-10-01", "2026-10-08"),
        ("2026-09-01", "advance_payment", None, "2026-10-31", "2026-11-02"),
        ("2026-09-18", "payment", None, "2026-09-28", "2026-09-28"),
        ("2026-09-10", "payment", None, "2026-09-20", "2026-09-20"),
        ("2026-09-21", "compulsory_decision", None, "2026-09-26", "2026-09-28"),
        ("2026-09-24", "compulsory_documents", None, "2026-09-25", "2026-09-28"),
        ("2026-09-30", "refusal", None, "2026-10-03", "2026-10-08"),
        ("2026-09-01", "decision", ("2026-09-10", "2026-09-15"), "2026-10-07", "2026-10-08"),
        # A stop on the raw last day counts, after it not, and no stop moves the payment of an agreed sum.
        ("2026-03-02", "decision", ("2026-04-01", "2026-04-03"), "2026-04-04", "2026-04-07"),
        ("2026-03-02", "decision", ("2026-04-02", "2026-04-03"), "2026-04-01", "2026-04-01"),
        ("2026-09-18", "payment", ("2026-09-20", "2026-09-25"), "2026-09-28", "2026-09-28"),
        # Between the raw last day (a Thursday in the holiday) and the rolled one: too late to stop it.
        ("2026-09-01", "decision", ("2026-10-03", "2026-10-06"), "2026-10-01", "2026-10-08"),
        # The file came back on the day it was taken in; it was handed in before it was taken in.
        ("2026-03-02", "decision", ("2026-03-02", "2026-03-04"), "2026-04-04", "2026-04-07"),
        ("2026-03-10", "decision", ("2026-03-02", "2026-03-04"), "2026-04-09", "2026-04-09"),
        # Months end on the corresponding day, else the last; then the rest days.
        ("2024-02-29", "limitation", None, "2026-02-28", "2026-02-28"),
        ("2024-10-03", "limitation", None, "2026-10-03", "2026-10-08"),
    ],
)
def test_a_clock_ends_on_the_day_the_law_means(
    start: str, code: str, stop: tuple[str, str] | None, raw: str, due: str
) -> None:
    legal = (*LAW, rule("refusal", 3, "decided_on"))
    trigger = next(each.trigger for each in legal if each.code == code)
    cover = Cover.COMPULSORY if code.startswith("compulsory") else Cover.OWN_DAMAGE
    facts: dict[str, Any] = {trigger: start}
    case = claim(cover, [stop] if stop else [], **facts)

    found = clock(case, code, "2026-11-21", legal)

    assert (found.raw_due_on, found.due_on) == (D(raw), D(due))
    assert (found.started_on, found.estimate) == (D(start), False)


def test_payment_without_an_agreement_is_an_estimate_from_acceptance() -> None:
    case = claim(insurer_accepted_date="2026-09-01")

    found = clock(case, "payment", "2026-09-20")

    assert (found.started_on, found.raw_due_on) == (D("2026-10-01"), D("2026-10-11"))
    assert (found.due_on, found.estimate) == (D("2026-10-12"), True)


def test_payment_after_an_agreement_runs_ten_days_from_it() -> None:
    case = claim(insurer_accepted_date="2026-09-01", settlement_agreed_on="2026-09-18")

    assert clock(case, "payment", "2026-09-28").state is DeadlineState.RUNNING
    assert clock(case, "payment", "2026-09-29").state is DeadlineState.MISSED
    assert clock(case, "payment", "2026-09-29").estimate is False
    assert clock(case, "decision", "2026-09-29").state is DeadlineState.MET


def test_an_agreement_of_tomorrow_is_not_known_tonight() -> None:
    case = claim(insurer_accepted_date="2026-09-01", settlement_agreed_on="2026-09-18")

    assert clock(case, "payment", "2026-09-17").estimate is True
    assert clock(case, "decision", "2026-09-17").state is DeadlineState.RUNNING


def test_a_part_payment_meets_the_decision_and_the_advance_but_not_the_payment() -> None:
    case = claim(insurer_accepted_date="2026-08-01", has_payout=True)

    states = {each.rule_code: each.state for each in clocks(case, LAW, CALENDAR, D("2026-11-21"))}

    assert states == {
        "decision": DeadlineState.MET,
        "advance_payment": DeadlineState.MET,
        "payment": DeadlineState.MISSED,
    }


@pytest.mark.parametrize(
    "rounds, today, state",
    [
        ([], "2026-09-02", DeadlineState.RUNNING),
        ([], "2026-09-03", DeadlineState.MET),
        ([("2026-09-02", None)], "2026-09-03", DeadlineState.MET),
        ([("2026-09-08", None)], "2026-09-09", DeadlineState.MISSED),
        ([(None, "2026-09-08")], "2026-09-09", DeadlineState.MET),
    ],
)
def test_the_compulsory_insurer_lists_missing_papers_within_a_day(
    rounds: list[tuple[str | None, str | None]], today: str, state: DeadlineState
) -> None:
    case = claim(Cover.COMPULSORY, rounds, insurer_accepted_date="2026-09-01")

    assert clock(case, "compulsory_documents", today).state is state


def test_each_cover_has_its_own_clocks() -> None:
    both = replace(
        claim(
            insurer_accepted_date="2026-09-01", accident_date="2026-08-30", liability_fixed_on="2026-09-05"
        ),
        covers=tuple(
            CoverMoney(cover, 100, False) for cover in (Cover.COMPULSORY, Cover.THIRD_PARTY, Cover.OWN_DAMAGE)
        ),
    )

    found = clocks(both, LAW, CALENDAR, D("2026-09-20"))

    compulsory = {each.rule_code for each in found if each.cover is Cover.COMPULSORY}
    third_party = {each.rule_code for each in found if each.cover is Cover.THIRD_PARTY}
    own = {each.rule_code for each in found if each.cover is Cover.OWN_DAMAGE}
    assert compulsory == {each.code for each in LAW if each.cover is RuleCover.COMPULSORY}
    assert third_party == {"decision", "payment", "advance_payment", "limitation_liability"}
    assert own == {"decision", "payment", "advance_payment", "limitation"}


def test_limitation_without_the_day_of_the_accident_is_estimated_from_dispatch() -> None:
    found = clock(claim(dispatch_date="2026-09-01"), "limitation", "2026-11-21")

    assert (found.due_on, found.estimate, found.provisional) == (D("2028-09-01"), True, True)


@pytest.mark.parametrize(
    "case",
    [
        replace(claim(insurer_accepted_date="2026-09-01"), is_agency_claim=False),
        replace(claim(insurer_accepted_date="2026-09-01"), closed=True),
        claim(open_amount=0, has_payout=True, insurer_accepted_date="2026-09-01"),
        claim(),
        claim(insurer_accepted_date="2026-11-22"),
    ],
)
def test_no_clock_for_what_is_not_ours_closed_paid_or_not_taken_in(case: Claim) -> None:
    assert clocks(case, LAW, CALENDAR, D("2026-11-21")) == ()


def test_a_clock_into_a_year_without_a_notice_is_provisional() -> None:
    firm = clock(claim(insurer_accepted_date="2026-11-20"), "decision", "2026-11-21")
    into_2027 = clock(claim(insurer_accepted_date="2026-12-02"), "decision", "2026-12-03")

    assert (firm.due_on, firm.provisional) == (D("2026-12-21"), False)
    assert (into_2027.due_on, into_2027.provisional) == (D("2027-01-04"), True)


def test_the_rule_of_the_day_counts_when_the_law_changes() -> None:
    old = replace(LAW[0], valid_to=D("2026-09-30"))
    new = replace(LAW[0], length=20, source="revised", valid_from=D("2026-10-01"))

    before = clock(claim(insurer_accepted_date="2026-09-30"), "decision", "2026-10-20", (old, new))
    after = clock(claim(insurer_accepted_date="2026-10-01"), "decision", "2026-10-20", (old, new))

    assert (before.raw_due_on, after.raw_due_on) == (D("2026-10-30"), D("2026-10-21"))
    assert after.source == "revised"
