"""What could not be decided is looked at again, with growing pauses."""

from collections.abc import Callable, Iterator, Sequence
from datetime import date, timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models.run import SetAside
from models.shop import Shop
from models.values import Refusal
from models.words import RunState, Why
from tests import factories
from worker import aside, db, run
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


Write = Callable[[Sequence[int]], int]


def writing(session: Session, night: Night, bad: set[int], error: Exception) -> Write:
    """A write of shops that fails for some of them, after a part of it is written."""

    def write(rows: Sequence[int]) -> int:
        night.note(shops=len(rows))
        for row in rows:
            factories.add_shop(session, code=f"S{row}")
            if row in bad:
                raise error
        return len(rows)

    return write


@pytest.mark.parametrize("bad", [set(), {0}, {3, 4}, {9}, set(range(10))])
def test_a_write_that_fails_for_some_is_done_for_all_the_others(
    session: Session, night: Callable[..., Night], bad: set[int]
) -> None:
    tonight, before = night(FIRST), session.scalar(select(func.count()).select_from(Shop))

    written = aside.write(
        session, tonight, range(10), writing(session, tonight, bad, Refusal("no")), lambda row: f"row:{row}"
    )

    good = [row for row in range(10) if row not in bad]
    there = session.scalar(select(func.count()).select_from(Shop)) or 0
    assert (list(written.rows), written.done, there - (before or 0)) == (good, len(good), len(good))
    assert tonight.notes.get("shops", 0) == len(good)
    assert [each.subject for each in tonight.set_aside] == [f"row:{row}" for row in sorted(bad)]


def test_a_database_that_refuses_a_row_sets_that_row_aside(
    session: Session, night: Callable[..., Night]
) -> None:
    tonight = night(FIRST)

    written = aside.write(
        session, tonight, [1, 2, 1], writing(session, tonight, set(), Refusal("no")), lambda row: f"row:{row}"
    )

    assert (list(written.rows), [each.subject for each in tonight.set_aside]) == ([1, 2], ["row:1"])


def test_a_disk_that_is_full_is_no_fault_of_a_row(session: Session, night: Callable[..., Night]) -> None:
    tonight = night(FIRST)
    full = writing(session, tonight, {1}, OSError(28, "No space left on device"))

    with pytest.raises(OSError, match="No space left"):
        aside.write(session, tonight, [1, 2], full, lambda row: f"row:{row}")

    assert tonight.set_aside == []
