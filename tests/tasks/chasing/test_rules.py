"""The ladder: the step a case takes tonight, or the reason why it takes none (domain 2.6)."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from models.words import ChaseReason, Cover, DeadlineState
from tasks.chasing.facts import Pause, Taken
from tasks.chasing.ladder import DEFAULTS, LETTER_1, Ladder
from tasks.chasing.rules import Alike, chase
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


@pytest.mark.parametrize(
    ("valid_to", "look_again_on"),
    [("2026-03-10", "2026-03-11"), ("2026-03-16", "2026-03-17"), ("9999-12-31", "2026-03-17")],
)
def test_a_case_is_looked_at_again_when_its_authorisation_ends(valid_to: str, look_again_on: str) -> None:
    case = case_on(D("2026-03-04"), facts(), authorisation_valid_to=D(valid_to))

    assert chase(case, Ladder(), D("2026-03-04")).look_again_on == D(look_again_on)


def test_the_same_night_again_takes_no_second_step() -> None:
    tonight = D("2026-06-01")
    first = chase(case_on(tonight, facts()), Ladder(), tonight)
    assert first.step is not None

    again = chase(
        case_on(tonight, facts(), [Taken(first.step.cover, first.step.step, 0, tonight)]), Ladder(), tonight
    )

    assert (again.step, again.reason, again.look_again_on) == (None, None, first.look_again_on)


def test_after_the_final_letter_a_person_complains_and_then_it_waits() -> None:
    taken = [Taken(Cover.OWN_DAMAGE, step, 0, D("2026-05-01") + step * ONE_DAY) for step in range(7)]

    waiting = chase(case_on(D("2026-05-13"), facts(), taken), Ladder(), D("2026-05-13"))
    expired = chase(case_on(D("2026-05-14"), facts(), taken), Ladder(), D("2026-05-14"))
    complained = [*taken, Taken(Cover.OWN_DAMAGE, 7, 0, D("2026-05-14"))]
    after = chase(case_on(D("2026-05-15"), facts(), complained), Ladder(), D("2026-05-15"))

    assert (waiting.reason, waiting.look_again_on) == (ChaseReason.NOT_DUE, D("2026-05-14"))
    assert expired.step is not None
    assert (expired.step.step, expired.step.due_on) == (7, D("2026-05-14"))
    assert (after.step, after.reason) == (None, ChaseReason.FINAL_EXPIRED)


@pytest.mark.parametrize(
    "changes, day",
    [
        # The complaint's last day was 2026-07-14.
        ({"complaint_over_on": D("2026-07-14")}, "2026-07-15"),
        ({"limitation_near": True}, "2026-05-20"),
    ],
)
def test_a_lawyer_gets_what_a_complaint_or_time_has_not_settled(changes: dict[str, Any], day: str) -> None:
    taken = [Taken(Cover.OWN_DAMAGE, step, 0, D("2026-05-01") + step * ONE_DAY) for step in range(8)]
    case = case_on(D(day), facts(), taken, **changes)

    decision = chase(case, Ladder(), D(day))

    assert decision.step is not None
    assert decision.step.step == 8
    handed_over = replace(case, taken=(*case.taken, Taken(Cover.OWN_DAMAGE, 8, 0, D(day))))
    assert chase(handed_over, Ladder(), D(day) + ONE_DAY).reason is ChaseReason.WITH_LAWYER


@pytest.mark.parametrize(
    "pause, reason, look_again_on",
    [
        (Pause(held_until=D("2026-03-10")), ChaseReason.HELD, D("2026-03-11")),
        (Pause(promised_until=D("2026-03-04")), ChaseReason.PROMISED, D("2026-03-05")),
        (Pause(transfer_until=D("2026-03-06")), ChaseReason.TRANSFER_UNALLOCATED, None),
        (Pause(held_until=D("2026-03-03")), None, D("2026-03-17")),
    ],
)
def test_a_case_is_left_alone_up_to_and_on_a_day(
    pause: Pause, reason: ChaseReason | None, look_again_on: date | None
) -> None:
    case = replace(case_on(D("2026-03-04"), facts("2026-03-02")), pause=pause)

    decision = chase(case, Ladder(), D("2026-03-04"))

    assert (decision.reason, decision.look_again_on) == (reason, look_again_on)
    assert (decision.step is None) == (reason is not None)


def test_who_owes_too_little_for_a_letter_waits_below_it() -> None:
    letter = replace(DEFAULTS[LETTER_1], floor=500_001)
    ladder = Ladder(levels={**DEFAULTS, LETTER_1: letter})
    taken = [Taken(Cover.OWN_DAMAGE, n, 0, D("2026-03-04") + n * ONE_DAY) for n in range(3)]
    case = case_on(D("2026-04-20"), facts(), taken)

    assert chase(case, ladder, D("2026-04-20")).reason is ChaseReason.BELOW_FLOOR
    exactly = replace(ladder, levels={**DEFAULTS, LETTER_1: replace(letter, floor=500_000)})
    step = chase(case, exactly, D("2026-04-20")).step
    assert step is not None
    assert step.step == LETTER_1


def test_cases_that_are_alike_are_decided_once_and_as_each_alone() -> None:
    """Whatever a decision rests on makes another kind; the sum only where a level has a floor."""
    tonight = D("2026-03-17")
    first = case_on(tonight, facts("2026-03-02"), [Taken(Cover.OWN_DAMAGE, 0, 0, D("2026-03-04"))])
    others = [
        replace(first, **change)
        for change in (
            {"open": {Cover.OWN_DAMAGE: 5}}, {"open": {Cover.OWN_DAMAGE: 700}}, {"expected": 0}, {"clocks": ()},
            {"taken": ()}, {"authorised": False}, {"authorisation_valid_to": D("2026-03-20")},
            {"insurer_accepted_date": None}, {"insurer_accepted_date": None, "file_handover_date": None},
            {"has_insurer": False}, {"disputed": True}, {"is_returned": True}, {"is_agency_claim": False},
            {"round_no": 1}, {"resubmitted_on": D("2026-03-16")}, {"limitation_near": True},
            {"complaint_over_on": D("2026-03-16")}, {"pause": Pause(held_until=tonight)},
            {"insurer_accepted_date": D("2026-03-10")},
        )
    ]  # fmt: skip
    progress = replace(DEFAULTS[1], floor=600)
    for ladder in (Ladder(), Ladder(levels={**DEFAULTS, 1: progress})):
        alike = Alike(ladder, tonight)

        for case in (first, *others, first, *reversed(others)):
            assert alike.chase(case) == chase(case, ladder, tonight)

    assert Alike(Ladder(), tonight).chase(first).step is not None
