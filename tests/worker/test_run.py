"""A job is done once, whatever is delivered twice, fails, or comes back from the dead."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date

import pytest
from sqlalchemy import delete, event, select, update
from sqlalchemy.orm import Session

from models.run import Run, Seat, SetAside
from models.shop import Setting, Shop
from models.upsert import add_new
from models.values import Refusal
from models.words import RunState
from tests import factories
from worker import db, run, seat
from worker.job import REGISTRY, Job, Night
from worker.seat import Order

NIGHT = date(2026, 11, 21)


@contextmanager
def registered(name: str, function: object) -> Iterator[None]:
    REGISTRY[name] = Job(name, function, is_sender=False)  # type: ignore[arg-type] # any callable of a test
    yield
    del REGISTRY[name]


def count_up(session: Session, night: Night) -> int:
    """Leave one more row each time it really works."""
    number = len(session.scalars(select(Setting)).all())
    row = {
        "scope": "shop", "scope_id": night.shop_id, "key": f"work{number}", "value": number,
        "valid_from": night.date, "set_by": night.by, "set_at": night.at,
    }  # fmt: skip
    return add_new(session, Setting, [row])


def effects() -> int:
    with db.reading() as session:
        return len(session.scalars(select(Setting)).all())


@pytest.fixture
def order(database: str) -> Order:
    with db.transaction() as session:
        shop = factories.add_shop(session, code="FUYUAN")
    return Order("count_up", NIGHT, shop.code, shop.code)


def run_row() -> Run:
    with db.reading() as session:
        return session.scalars(select(Run)).one()


def test_three_deliveries_make_one_effect(order: Order) -> None:
    with registered("count_up", count_up):
        fresh = [run.run(order).fresh for _ in range(3)]

    assert fresh == [True, False, False]
    assert effects() == 1


def test_a_commit_whose_answer_was_lost_is_still_done(order: Order) -> None:
    answers = iter([True, False])  # the lease's, then the work's

    def lose_the_answer(_session: Session) -> None:
        if not next(answers, True):
            raise ConnectionError("the answer to COMMIT never came")

    with registered("count_up", count_up):
        event.listen(Session, "after_commit", lose_the_answer)
        try:
            with pytest.raises(ConnectionError):
                run.run(order)
        finally:
            event.remove(Session, "after_commit", lose_the_answer)

        again = run.run(order)

    assert effects() == 1
    assert (again.fresh, again.state, again.error) == (False, RunState.SUCCEEDED, None)
    assert run_row().state is RunState.SUCCEEDED


def test_without_its_seat_a_job_is_done_again(order: Order) -> None:
    with registered("count_up", count_up):
        run.run(order)
        with db.transaction() as session:
            session.execute(delete(Seat))
        run.run(order)

    assert effects() == 2


def test_a_failure_leaves_a_trace_and_nothing_else(order: Order) -> None:
    def break_down(session: Session, night: Night) -> int:
        count_up(session, night)
        raise ZeroDivisionError("a surprise")

    with registered("count_up", break_down), pytest.raises(ZeroDivisionError):
        run.run(order)

    row = run_row()
    assert (row.state, row.error, row.attempts) == (RunState.FAILED, "ZeroDivisionError: a surprise", 1)
    assert effects() == 0


def test_a_failed_job_is_done_when_it_is_run_again(order: Order) -> None:
    def refuse(session: Session, night: Night) -> int:
        raise Refusal("2026-10 was closed")

    with registered("count_up", refuse), pytest.raises(Refusal):
        run.run(order)
    with registered("count_up", count_up):
        result = run.run(order)

    assert (result.fresh, run_row().attempts, effects()) == (True, 2, 1)


def test_a_run_in_other_hands_is_left_alone(order: Order) -> None:
    with db.transaction() as session:
        seat.lease(session, seat.request(session, order))

    with registered("count_up", count_up):
        result = run.run(order)

    assert (result.fresh, result.state, effects()) == (False, RunState.RUNNING, 0)


def test_a_worker_that_lost_its_lease_commits_nothing(order: Order) -> None:
    def lose_the_lease(session: Session, night: Night) -> int:
        session.execute(update(Run).values(lease_token="somebody else"))
        return count_up(session, night)

    with registered("count_up", lose_the_lease), pytest.raises(seat.LeaseLost):
        run.run(order)

    assert effects() == 0


def test_one_bad_row_does_not_stop_the_others(order: Order) -> None:
    def divide(session: Session, night: Night) -> int:
        decided = night.decide([1, 0, 2], lambda row: 10 // row, subject=lambda row: f"row:{row}")
        return sum(result for _, result in decided)

    with registered("count_up", divide):
        result = run.run(order)

    with db.reading() as session:
        aside = session.scalars(select(SetAside)).one()
    assert (result.state, result.count) == (RunState.PARTIAL, 15)
    assert (aside.subject, aside.look_again_on) == ("row:0", date(2026, 11, 22))
    assert aside.error.startswith("ZeroDivisionError")


def test_what_goes_well_the_next_night_is_no_longer_set_aside(order: Order) -> None:
    rows = [False]

    def divide(session: Session, night: Night) -> int:
        return len(list(night.decide(rows, lambda row: 1 // row, subject=lambda _row: "row:1")))

    with registered("count_up", divide):
        run.run(order)
        rows[0] = True
        run.run(Order("count_up", date(2026, 11, 22), order.shop_code, order.scope))

    with db.reading() as session:
        assert session.scalars(select(SetAside)).all() == []


def test_a_shop_nobody_knows_is_refused_with_the_way_to_make_it(database: str) -> None:
    with registered("count_up", count_up), pytest.raises(Refusal, match="huikuan intake ledger FILE --shop"):
        run.run(Order("count_up", NIGHT, "NOWHERE", "NOWHERE"))


def test_an_unknown_job_is_refused_with_the_nearest_name(database: str) -> None:
    with pytest.raises(Refusal, match="Did you mean compute_refunds"):
        run.run(Order("compute_refund", NIGHT, "FUYUAN", "FUYUAN"))


def test_a_rehearsal_leaves_nothing(order: Order) -> None:
    with db.rehearsal() as session:
        count_up(session, run.night_of(session, order, "token", dry_run=True))

    assert effects() == 0


def test_shops_are_found_by_code(order: Order) -> None:
    with db.reading() as session:
        night = run.night_of(session, order, "token")
        assert session.get_one(Shop, night.shop_id).code == "FUYUAN"


def test_a_job_searches_seldom_for_cycles_and_leaves_the_process_as_it_was(
    order: Order, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(run, "_MANY", gc.get_threshold()[0] + 1)
    before, during = gc.get_threshold(), list[int]()

    def look(session: Session, night: Night) -> int:
        during.append(gc.get_threshold()[0])
        raise Refusal("Enough was seen.")

    with registered("count_up", look), pytest.raises(Refusal, match="Enough was seen"):
        run.run(order)

    assert during[0] > before[0]
    assert gc.get_threshold() == before
