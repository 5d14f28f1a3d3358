"""The ladder: the step a case takes tonight, or the reason why it takes none (domain 2.6)."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from models.words import ChaseReason, Cover, DeadlineState
from tasks.chasing.rules import Ladder, Taken, chase
from tasks.deadlines.stops import Round
from tests.claims import case_on, facts

D = date.fromisoformat
ONE_DAY = timedelta(days=1)


def test_a_file_handed_in_again_begins_a_new_round() -> None:
    rounds = (Round(D("2026-03-10"), D("2026-03-16")),)
    first_round = [Taken(Cover.OWN_DAMAGE, 0, 0, D("2026-03-04"))]

    decision = chase(case_on(D("2026-03-18"), facts(), first_round, rounds=rounds), Ladder(), D("2026-03-18"))

    assert decision.step is not None
    assert decision.step.step == 0


def test_a_clock_into_an_unknown_year_supports_no_letter() -> None:
    known = facts("2026-12-02")
    taken = [Taken(Cover.OWN_DAMAGE, n, 0, D("2026-12-30")) for n in range(3)]
    case = case_on(D("2027-01-05"), known, taken)
    firm = [replace(clock, estimate=False, state=DeadlineState.MISSED) for clock in case.clocks]

    assert chase(replace(case, clocks=tuple(firm)), Ladder(), D("2027-01-05")).step is not None
    assert (
        chase(
            replace(case, clocks=tuple(replace(each, estimate=True) for each in firm)),
            Ladder(),
            D("2027-01-05"),
        ).step
        is None
    )


@pytest.mark.parametrize(
    "changes, reason",
    [
        ({"is_agency_claim": False}, ChaseReason.NOT_AGENCY),
        ({"expected": 0, "open": {}}, ChaseReason.NOTHING_EXPECTED),
        ({"open": {Cover.OWN_DAMAGE: 0}}, ChaseReason.PAID),
        ({"open": {Cover.OWN_DAMAGE: 5}}, ChaseReason.PAID),
        ({"disputed": True}, ChaseReason.DISPUTED),
        ({"is_returned": True}, ChaseReason.RETURNED_TO_SHOP),
        ({"insurer_accepted_date": None, "file_handover_date": None}, ChaseReason.NOT_HANDED_OVER),
        ({"insurer_accepted_date": None}, ChaseReason.NOT_ACCEPTED),
        ({"insurer_accepted_date": D("2026-03-05")}, ChaseReason.NOT_ACCEPTED),
        ({"has_insurer": False}, ChaseReason.NO_INSURER),
        ({"authorised": False}, ChaseReason.NO_AUTHORISATION),
        ({"authorisation_valid_to": D("2026-03-03")}, ChaseReason.AUTHORISATION_EXPIRED),
        # More than one: the first fact that forbids it.
        ({"authorised": False, "is_agency_claim": False}, ChaseReason.NOT_AGENCY),
    ],
)
def test_what_forbids_chasing_is_said(changes: dict[str, Any], reason: ChaseReason) -> None:
    case = replace(case_on(D("2026-03-04"), facts("2026-03-02")), **changes)

    decision = chase(case, Ladder(), D("2026-03-04"))

    assert (decision.step, decision.reason) == (None, reason)


def test_a_case_is_looked_at_again_when_its_next_step_is_due() -> None:
    before = chase(case_on(D("2026-03-02"), facts()), Ladder(), D("2026-03-02"))
    taking = chase(case_on(D("2026-03-04"), facts()), Ladder(), D("2026-03-04"))

    assert (before.reason, before.look_again_on) == (ChaseReason.NOT_DUE, D("2026-03-04"))
    assert (taking.reason, taking.look_again_on) == (None, D("2026-03-17"))


def test_a_case_is_looked_at_again_when_its_authorisation_ends() -> None:
    case = case_on(D("2026-03-04"), facts(), authorisation_valid_to=D("2026-03-10"))

    assert chase(case, Ladder(), D("2026-03-04")).look_again_on == D("2026-03-11")


def test_the_same_night_again_takes_no_second_step() -> None:
    tonight = D("2026-06-01")
    first = chase(case_on(tonight, facts()), Ladder(), tonight)
    assert first.step is not None

    again = chase(
        case_on(tonight, facts(), [Taken(first.step.cover, first.step.step, 0, tonight)]), Ladder(), tonight
    )

    assert (again.step, again.reason, again.look_again_on) == (None, None, first.look_again_on)


def test_after_the_final_letter_a_person_decides() -> None:
    taken = [Taken(Cover.OWN_DAMAGE, step, 0, D("2026-05-01") + step * ONE_DAY) for step in range(7)]

    waiting = chase(case_on(D("2026-05-13"), facts(), taken), Ladder(), D("2026-05-13"))
    expired = chase(case_on(D("2026-05-14"), facts(), taken), Ladder(), D("2026-05-14"))

    assert (waiting.reason, waiting.look_again_on) == (ChaseReason.NOT_DUE, D("2026-05-14"))
    assert expired.reason is ChaseReason.FINAL_EXPIRED
