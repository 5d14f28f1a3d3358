"""What changes by day changes the next night's chasing."""

from datetime import date

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models import reference
from models.case import ExpectedLine
from models.chase import ChaseState
from models.deadline import Deadline
from models.shop import Shop
from models.words import Resolution, Stage
from tests import factories as make
from tests.chase_nights import add_claim, run, run_nights, state, steps


@pytest.fixture(autouse=True)
def _law(session: Session) -> None:
    reference.load(session)


@pytest.mark.parametrize("how", ["paid", "disputed", "authorisation ended", "returned"])
def test_a_fact_that_came_by_day_stops_the_next_step(session: Session, shop: Shop, how: str) -> None:
    case = add_claim(session, shop, accepted=date(2026, 11, 9))
    run_nights(session, shop, date(2026, 11, 20), date(2026, 11, 21))
    assert steps(session, case) == [(0, date(2026, 11, 20))]

    line = session.scalars(select(ExpectedLine).where(ExpectedLine.case_id == case.id)).one()
    if how == "paid":
        make.add_payout(session, line, received_on=date(2026, 11, 22))
    if how == "returned":
        make.add_round(session, case, returned_on=date(2026, 11, 22), resubmitted_on=None)
    line.resolution = Resolution.DISPUTE if how == "disputed" else None
    case.authorisation_valid_to = date(2026, 11, 22) if how == "authorisation ended" else None
    session.flush()
    run_nights(session, shop, date(2026, 11, 22), date(2026, 11, 30))

    assert steps(session, case) == [(0, date(2026, 11, 20))]
    assert (
        state(session, case).reason
        == {
            "paid": "paid",
            "disputed": "disputed",
            "authorisation ended": "authorisation_expired",
            "returned": "returned_to_shop",
        }[how]
    )


def test_a_missing_fact_that_comes_lets_the_case_go_on(session: Session, shop: Shop) -> None:
    case = add_claim(session, shop, authorised_by=None, accepted=date(2026, 11, 9))
    run(session, shop, date(2026, 11, 20))
    assert state(session, case).since == date(2026, 11, 20)

    case.authorised_by = "王敏"
    session.flush()
    run(session, shop, date(2026, 11, 21))

    assert steps(session, case) == [(0, date(2026, 11, 21))]


def test_a_closed_case_has_no_state_and_keeps_its_steps(session: Session, shop: Shop) -> None:
    case = add_claim(session, shop)
    run(session, shop, date(2026, 11, 20))

    case.stage = Stage.CLOSED
    session.flush()
    run(session, shop, date(2026, 11, 21))

    assert session.scalar(select(func.count()).select_from(ChaseState)) == 0
    assert steps(session, case) == [(0, date(2026, 11, 20))]


def test_a_quiet_night_touches_no_state(session: Session, shop: Shop) -> None:
    add_claim(session, shop, accepted=date(2026, 11, 9))
    add_claim(session, shop, authorised_by=None)
    run_nights(session, shop, date(2026, 11, 20), date(2026, 11, 21))

    assert run(session, shop, date(2026, 11, 22)) == 0


def test_an_older_night_run_late_undoes_nothing(session: Session, shop: Shop) -> None:
    case = add_claim(session, shop, accepted=date(2026, 9, 1))
    run(session, shop, date(2026, 11, 21))
    missed = [(row.rule_code, row.state) for row in session.scalars(select(Deadline).order_by(Deadline.id))]

    assert run(session, shop, date(2026, 9, 20)) == 0

    assert steps(session, case) == [(0, date(2026, 11, 21))]
    session.expire_all()
    assert missed == [
        (row.rule_code, row.state) for row in session.scalars(select(Deadline).order_by(Deadline.id))
    ]
