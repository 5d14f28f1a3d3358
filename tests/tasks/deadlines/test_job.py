"""The deadlines step: clocks are written for open claims, and only what changed is written again."""

from datetime import UTC, date, datetime

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from models import reference
from models.case import Case
from models.deadline import Deadline
from models.event import Event
from models.shop import Shop
from models.words import Cover, DeadlineState, PayoutState, Resolution, Stage
from tasks.deadlines.job import compute_deadlines
from tests import factories as make
from worker.job import Night


def night(shop: Shop, day: date) -> Night:
    return Night(day, shop.id, shop.code, "system", datetime(2026, 11, 21, 18, tzinfo=UTC))


@pytest.fixture(autouse=True)
def _law(session: Session) -> None:
    reference.load(session)


def clocks(session: Session, case: Case) -> dict[str, Deadline]:
    found = session.scalars(
        select(Deadline).where(Deadline.case_id == case.id).execution_options(populate_existing=True)
    )
    return {each.rule_code: each for each in found}


def accepted(session: Session, shop: Shop, day: date, **facts: object) -> Case:
    case = make.add_case(session, make.add_work_order(session, shop), insurer_accepted_date=day, **facts)
    make.add_expected_line(session, case)
    return case


def test_an_open_claim_gets_its_clocks_from_the_law(session: Session, shop: Shop) -> None:
    case = accepted(session, shop, date(2026, 9, 1))

    written = compute_deadlines(session, night(shop, date(2026, 11, 21)))

    found = clocks(session, case)
    assert written == 4
    assert found["decision"].due_on == date(2026, 10, 8)
    assert found["decision"].state is DeadlineState.MISSED
    assert found["advance_payment"].due_on == date(2026, 11, 2)
    assert (found["payment"].due_on, found["payment"].estimate) == (date(2026, 10, 12), True)
    assert found["limitation"].state is DeadlineState.RUNNING
    assert found["limitation"].provisional is True


def test_the_same_night_again_writes_nothing(session: Session, shop: Shop) -> None:
    accepted(session, shop, date(2026, 9, 1))
    compute_deadlines(session, night(shop, date(2026, 11, 21)))

    again = compute_deadlines(session, night(shop, date(2026, 11, 21)))
    later = compute_deadlines(session, night(shop, date(2026, 11, 22)))

    assert again == later == 0
    assert set(session.scalars(select(Deadline.computed_on))) == {date(2026, 11, 21)}


def test_a_missed_duty_is_told_once_and_never_on_an_estimate(session: Session, shop: Shop) -> None:
    case = accepted(session, shop, date(2026, 9, 1))
    line = make.add_expected_line(session, case, 70_000, cover=Cover.THIRD_PARTY)
    for day in (20, 21, 22):
        compute_deadlines(session, night(shop, date(2026, 11, day)))
    make.add_payout(session, line, 10_000, received_on=date(2026, 11, 23))

    compute_deadlines(session, night(shop, date(2026, 11, 23)))

    told = session.execute(
        select(Event.rule, Event.business_date).where(Event.kind == "deadline_missed")
    ).all()
    assert (
        sorted(told) == [("advance_payment", date(2026, 11, 20))] * 2 + [("decision", date(2026, 11, 20))] * 2
    )


def test_a_return_stops_the_clock_and_handing_in_starts_it_again(session: Session, shop: Shop) -> None:
    case = accepted(session, shop, date(2026, 9, 1))
    back = make.add_round(session, case, returned_on=date(2026, 9, 10), resubmitted_on=None)

    compute_deadlines(session, night(shop, date(2026, 9, 12)))
    assert clocks(session, case)["decision"].state is DeadlineState.STOPPED

    back.resubmitted_on = date(2026, 9, 15)
    compute_deadlines(session, night(shop, date(2026, 9, 15)))
    decision = clocks(session, case)["decision"]
    assert (decision.state, decision.due_on) == (DeadlineState.RESTARTED, date(2026, 10, 8))
    assert decision.stopped_days == 6


@pytest.mark.parametrize("how", ["paid", "settled", "closed", "not ours any more"])
def test_what_is_over_has_met_its_clocks(session: Session, shop: Shop, how: str) -> None:
    case = make.add_case(session, make.add_work_order(session, shop), insurer_accepted_date=date(2026, 9, 1))
    line = make.add_expected_line(session, case)
    compute_deadlines(session, night(shop, date(2026, 11, 20)))

    if how == "paid":
        make.add_payout(session, line, received_on=date(2026, 11, 21))
    line.resolution = Resolution.SHOP_ABSORB if how == "settled" else None
    case.stage = Stage.CLOSED if how == "closed" else case.stage
    case.is_agency_claim = how != "not ours any more"
    session.flush()
    changed = compute_deadlines(session, night(shop, date(2026, 11, 21)))

    assert changed == 4
    assert {each.state for each in clocks(session, case).values()} == {DeadlineState.MET}
    assert compute_deadlines(session, night(shop, date(2026, 11, 22))) == 0


def test_a_reversed_payout_opens_the_clocks_again(session: Session, shop: Shop) -> None:
    case = make.add_case(session, make.add_work_order(session, shop), insurer_accepted_date=date(2026, 9, 1))
    payout = make.add_payout(session, make.add_expected_line(session, case), received_on=date(2026, 11, 1))
    assert compute_deadlines(session, night(shop, date(2026, 11, 20))) == 0

    payout.state = PayoutState.REVERSED
    session.flush()
    compute_deadlines(session, night(shop, date(2026, 11, 21)))

    assert clocks(session, case)["decision"].state is DeadlineState.MISSED


def test_a_payout_of_tomorrow_is_not_known_tonight(session: Session, shop: Shop) -> None:
    case = make.add_case(session, make.add_work_order(session, shop), insurer_accepted_date=date(2026, 9, 1))
    make.add_payout(session, make.add_expected_line(session, case), received_on=date(2026, 11, 22))

    compute_deadlines(session, night(shop, date(2026, 11, 21)))

    assert clocks(session, case)["decision"].state is DeadlineState.MISSED


def test_other_shops_and_claims_that_are_not_ours_are_left_alone(session: Session, shop: Shop) -> None:
    elsewhere = accepted(session, make.add_shop(session), date(2026, 9, 1))
    not_ours = accepted(session, shop, date(2026, 9, 1), is_agency_claim=False)

    assert compute_deadlines(session, night(shop, date(2026, 11, 21))) == 0
    assert clocks(session, elsewhere) == clocks(session, not_ours) == {}
