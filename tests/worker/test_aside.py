"""What could not be decided is looked at again, with growing pauses."""

from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from models.run import SetAside
from models.words import RunState, Why
from tests import factories
from worker import db, run
from worker.job import REGISTRY, Job, Night
from worker.seat import Order

FIRST = date(2026, 11, 1)


@pytest.fixture
def tried(database: str) -> Iterator[list[date]]:
    """Give the nights on which a row that always fails was tried: a job that tries it is registered."""
    with db.transaction() as session:
        factories.add_shop(session, code="FUYUAN")
    days: list[date] = []

    def divide(session: Session, night: Night) -> int:
        def fail(row: int) -> float:
            days.append(night.date)
            return 1 / row

        return len(list(night.decide([0], fail, subject=lambda _row: "row:0")))

    REGISTRY["divide"] = Job("divide", divide, is_sender=False)
    yield days
    del REGISTRY["divide"]


def nights(number: int) -> list[run.Result]:
    return [
        run.run(Order("divide", FIRST + timedelta(days=day), "FUYUAN", "FUYUAN")) for day in range(number)
    ]


def test_the_pause_grows_as_it_goes_on_failing(tried: list[date]) -> None:
    results = nights(20)

    assert [day.day for day in tried] == [1, 2, 3, 5, 9, 16]
    assert {result.state for result in results} == {RunState.PARTIAL}
    with db.reading() as session:
        row = session.scalars(select(SetAside)).one()
    assert (row.attempts, row.first_on, row.look_again_on) == (6, FIRST, date(2026, 11, 23))


def test_a_person_is_not_made_to_wait(tried: list[date]) -> None:
    nights(3)

    run.run(Order("divide", date(2026, 11, 4), "FUYUAN", "again", why=Why.BY_HAND))

    assert [day.day for day in tried] == [1, 2, 3, 4]


def test_a_run_about_other_subjects_leaves_it_alone(tried: list[date]) -> None:
    nights(1)

    run.run(Order("divide", date(2026, 11, 2), "FUYUAN", "some", parameters={"only": ["row:1"]}))

    assert [day.day for day in tried] == [1]
