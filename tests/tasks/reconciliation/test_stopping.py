"""A long matching run commits in parts, shows how far it is, and can be stopped and gone on with."""

from collections.abc import Iterator
from datetime import date

import pytest
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from models.entry import Entry
from models.match import Match
from models.run import Run, Seat
from models.values import Refusal
from models.words import MatchState, RunState
from tasks.reconciliation.job import match_lines
from tests import factories
from worker import db, parts
from worker.job import REGISTRY, Job, Night
from worker.run import run
from worker.seat import Order

TONIGHT = date(2026, 11, 21)
ORDER = Order("match_lines", TONIGHT, "FUYUAN", "FUYUAN", parameters={"at_most": 2})
pytestmark = pytest.mark.usefixtures("five_transfers")


@pytest.fixture
def five_transfers(database: str) -> None:
    """Five claims of 1,000.00 to 5,000.00 yuan, each with the transfer that pays it."""
    with db.transaction() as session:
        shop = factories.add_shop(session, code="FUYUAN")
        account = factories.add_account(session, shop)
        for number in range(1, 6):
            order = factories.add_work_order(session, shop, plate_no=f"苏E1234{number}")
            factories.add_expected_line(session, factories.add_case(session, order), number * 100_000)
            factories.add_bank_line(
                session, account, number * 100_000, memo=f"{order.plate_no}赔款", booked_on=TONIGHT
            )


@pytest.fixture
def somebody_stops() -> Iterator[list[int]]:
    """Somebody asks the run to stop while it is at one of its parts: the numbers of those parts."""
    stops, part = list[int](), iter(range(1, 9))

    def stopped_in_between(session: Session, night: Night) -> int:
        count = match_lines(session, night)
        if next(part) in stops:
            parts.ask_to_stop(session, session.scalars(select(Run.id)).one())
        return count

    own = REGISTRY["match_lines"]
    REGISTRY["match_lines"] = Job("match_lines", stopped_in_between, is_sender=False)
    yield stops
    REGISTRY["match_lines"] = own


class Killed(BaseException):
    """What a worker that is killed says: nothing, to nobody."""


@pytest.fixture
def first_worker_is_killed(five_transfers: None) -> None:
    """It dies as its second part begins; nobody marks the run, whose lease runs out."""
    own, parts_begun = REGISTRY["match_lines"], iter(range(1, 9))

    def killed_in_between(session: Session, night: Night) -> int:
        if next(parts_begun) == 2:
            raise Killed
        return match_lines(session, night)

    REGISTRY["match_lines"] = Job("match_lines", killed_in_between, is_sender=False)
    with pytest.raises(Killed):
        run(ORDER)
    REGISTRY["match_lines"] = own
    with db.transaction() as session:
        session.execute(update(Run).values(lease_until=factories.LONG_AGO))


def stands() -> tuple[int, int]:
    """Matches applied, and fen posted."""
    with db.reading() as session:
        matches = session.scalar(select(func.count()).where(Match.state == MatchState.APPLIED))
        return matches or 0, int(session.scalar(select(func.sum(Entry.amount))) or 0)


def row() -> Run:
    with db.reading() as session:
        return session.scalars(select(Run)).one()


def test_a_long_run_goes_on_part_by_part_and_shows_how_far_it_is() -> None:
    result = run(ORDER)

    assert (result.state, result.count, (result.notes or {})["matched"]) == (RunState.SUCCEEDED, 5, 5)
    assert row().progress == {"done": 5, "total": 5, "step": "match_lines"}
    assert stands() == (5, 1_500_000)


def test_a_stopped_run_keeps_what_it_did_and_goes_on_when_it_is_run_again(somebody_stops: list[int]) -> None:
    somebody_stops.append(1)

    with pytest.raises(Refusal, match=r"was stopped after 2 of 5; these stay done\. To go on: run the same"):
        run(ORDER)

    assert (row().state, row().progress) == (
        RunState.CANCELLED, {"done": 2, "total": 5, "step": "match_lines"},
    )  # fmt: skip
    assert stands() == (2, 300_000)
    with db.reading() as session:
        assert session.scalars(select(Seat)).all() == []

    again = run(ORDER)

    assert (again.state, again.count, row().state) == (RunState.SUCCEEDED, 3, RunState.SUCCEEDED)
    assert stands() == (5, 1_500_000)


def test_what_a_stopped_run_applied_is_undone_with_the_rest_of_it(somebody_stops: list[int]) -> None:
    somebody_stops.append(1)
    with pytest.raises(Refusal):
        run(ORDER)
    run(ORDER)

    given = {"role": "accountant", "run_id": row().id}
    undone = run(Order("undo_run", TONIGHT, "FUYUAN", "undo", "周会计", "by_hand", given))

    assert undone.count == 5
    assert stands()[0] == 0


@pytest.mark.usefixtures("first_worker_is_killed")
def test_what_a_killed_worker_applied_is_undone_with_the_rest_of_its_run() -> None:
    assert (row().state, stands()[0]) == (RunState.RUNNING, 2)
    assert run(ORDER).count == 3

    given = {"role": "accountant", "run_id": row().id}
    undone = run(Order("undo_run", TONIGHT, "FUYUAN", "undo", "周会计", "by_hand", given))

    assert undone.count == 5
    assert stands()[0] == 0


def test_a_run_that_is_not_running_is_not_stopped() -> None:
    run(ORDER)

    with db.transaction() as session, pytest.raises(Refusal, match="is succeeded; only a running one"):
        parts.ask_to_stop(session, session.scalars(select(Run.id)).one())


def test_parts_decide_as_one_run_would() -> None:
    run(ORDER)
    with db.reading() as session:
        by_parts = session.execute(
            select(Match.occasion, Match.reason, Match.score, Match.evidence).order_by(Match.occasion)
        ).all()

    assert [(each.reason, each.score) for each in by_parts] == [("exact", 100)] * 5
    assert all(len(each.evidence["candidates"]) == 1 for each in by_parts)
