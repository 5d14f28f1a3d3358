"""What stands in a night's way, and what does not: failures, dead workers, long nights, long queues."""

from datetime import UTC, date, datetime, timedelta

import pytest
from freezegun import freeze_time
from sqlalchemy import select
from sqlalchemy.orm import Session

from models.run import Run, Seat
from models.shop import Shop
from models.words import RunState, Why
from scheduler import due, handing_over, nightly, tick
from scheduler.due import Left
from scheduler.timetable import MOST_ATTEMPTS, STEPS
from tests import factories
from tests.scheduler.nights import finish
from worker import db, seat
from worker.seat import Order

MORNING = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)


def night(session: Session, day: date, state: RunState, attempts: int, *, shop: str = "FUYUAN") -> Run:
    row = Run(
        job="night", business_date=day, scope=shop, parameters={"shop": shop}, requested_by="system",
        why=Why.SCHEDULE, state=state, attempts=attempts, error="it broke", requested_at=factories.LONG_AGO,
        lease_until=factories.LONG_AGO if state is RunState.RUNNING else None,
    )  # fmt: skip
    session.add(row)
    session.flush()
    return row


def test_a_night_that_failed_five_times_stands_in_no_later_nights_way(session: Session) -> None:
    factories.add_shop(session, code="FUYUAN", nights_from=date(2026, 11, 20))
    night(session, date(2026, 11, 20), RunState.FAILED, MOST_ATTEMPTS)

    found = list(due.due_nights(session, MORNING))

    assert found == [("FUYUAN", date(2026, 11, 21))]
    assert due.left_behind(session, MORNING) == [Left("FUYUAN", date(2026, 11, 20), "it broke")]


def test_a_night_that_may_still_go_well_is_waited_for(session: Session) -> None:
    factories.add_shop(session, code="FUYUAN", nights_from=date(2026, 11, 20))
    night(session, date(2026, 11, 20), RunState.FAILED, MOST_ATTEMPTS - 1)

    assert list(due.due_nights(session, MORNING)) == [("FUYUAN", date(2026, 11, 20))]
    assert due.left_behind(session, MORNING) == []


def test_a_machine_that_was_off_for_a_month_runs_every_night_and_names_what_is_older(
    session: Session,
) -> None:
    factories.add_shop(session, code="FUYUAN", nights_from=date(2026, 10, 20))

    found = list(due.due_nights(session, MORNING))

    assert found == [("FUYUAN", date(2026, 10, 22))]
    assert due.left_behind(session, MORNING) == [
        Left("FUYUAN", date(2026, 10, 20), None),
        Left("FUYUAN", date(2026, 10, 21), None),
    ]


def test_nights_that_are_whole_are_not_looked_at_again_and_a_gap_is_never_passed_over(
    session: Session,
) -> None:
    shop = factories.add_shop(session, code="FUYUAN", nights_from=date(2026, 10, 1))
    finish(session, "FUYUAN", date(2026, 10, 1), date(2026, 10, 2), date(2026, 10, 4))

    due.note_whole(session, "FUYUAN")

    session.refresh(shop)
    assert shop.nights_whole_to == date(2026, 10, 2)
    assert due.left_behind(session, MORNING)[0] == Left("FUYUAN", date(2026, 10, 3), None)
    finish(session, "FUYUAN", date(2026, 10, 3))
    due.note_whole(session, "FUYUAN")
    session.refresh(shop)
    assert shop.nights_whole_to == date(2026, 10, 4)
    assert due.left_behind(session, MORNING)[0] == Left("FUYUAN", date(2026, 10, 5), None)


def test_a_night_that_ends_says_how_far_its_shop_is_whole(asked: int) -> None:
    nightly.run_night(asked)

    with db.reading() as session:
        assert session.scalars(select(Shop.nights_whole_to)).one() == date(2026, 11, 20)


def test_one_shop_that_is_behind_does_not_hold_up_another(session: Session) -> None:
    factories.add_shop(session, code="AN", nights_from=date(2026, 11, 21))
    factories.add_shop(session, code="FUYUAN", nights_from=date(2026, 11, 20))
    finish(session, "FUYUAN", date(2026, 11, 21))

    found = list(due.due_nights(session, MORNING))

    assert found == [("AN", date(2026, 11, 21)), ("FUYUAN", date(2026, 11, 20))]


def test_a_night_that_kills_its_workers_says_so_and_is_given_up(session: Session) -> None:
    factories.add_shop(session, code="FUYUAN", nights_from=date(2026, 11, 20))
    row = night(session, date(2026, 11, 20), RunState.RUNNING, MOST_ATTEMPTS)

    tick.give_up(session, MORNING)
    session.refresh(row)

    assert (row.state, row.error) == (RunState.FAILED, tick.DIED)
    assert list(due.due_nights(session, MORNING)) == [("FUYUAN", date(2026, 11, 21))]


@pytest.mark.parametrize(
    ("woken", "again"), [(None, True), (30, False), (60, True)], ids=["never", "30 s ago", "60 s ago"]
)
def test_a_long_queue_is_not_called_anew_every_few_seconds(
    session: Session, woken: int | None, again: bool
) -> None:
    factories.add_shop(session, code="FUYUAN", nights_from=date(2026, 11, 20))
    row = night(session, date(2026, 11, 20), RunState.PENDING, 0)
    row.woken_at = None if woken is None else MORNING - timedelta(seconds=woken)
    session.flush()

    assert bool(tick.to_wake(session, MORNING)) is again


@pytest.fixture
def asked(database: str) -> int:
    """Give a night of a shop that has nothing to do."""
    with db.transaction() as session:
        factories.add_shop(session, code="FUYUAN", nights_from=date(2026, 11, 20))
        run_id, _ = nightly.request_night(
            session, date(2026, 11, 20), "FUYUAN", by="system", why=Why.SCHEDULE
        )
    return run_id


def run_row(run_id: int) -> Run:
    with db.reading() as session:
        return session.get_one(Run, run_id)


def test_a_step_in_other_hands_is_not_passed_over(asked: int) -> None:
    step = Order(STEPS[3].job, date(2026, 11, 20), "FUYUAN", "FUYUAN")
    with db.transaction() as session:
        seat.lease(session, seat.request(session, step))

    nightly.run_night(asked)

    row = run_row(asked)
    with db.reading() as session:
        seats = set(session.scalars(select(Seat.job)))
    assert (row.state, row.attempts) == (RunState.PENDING, 0)
    assert row.lease_until is not None
    assert seats == {each.job for each in STEPS[:3]}


def test_a_long_night_lets_go_between_its_steps_and_goes_on(
    asked: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    woken: list[tuple[str, int]] = []
    monkeypatch.setattr(handing_over, "LONGEST", -1.0)
    monkeypatch.setattr(handing_over, "send_wake", lambda *wake: woken.append(wake))

    nightly.run_night(asked)
    let_go = run_row(asked)
    monkeypatch.undo()

    assert (let_go.state, let_go.attempts, let_go.lease_until) == (RunState.PENDING, 0, None)
    assert woken == [("night", asked)]


def test_a_wake_up_for_a_night_that_has_ended_changes_nothing(asked: int) -> None:
    with db.transaction() as session:
        finish(session, "FUYUAN", date(2026, 11, 20))
        session.get_one(Run, asked).state = RunState.PARTIAL

    nightly.run_night(asked)

    row = run_row(asked)
    assert (row.state, row.attempts) == (RunState.PARTIAL, 0)


def test_a_night_that_a_thawed_worker_did_without_its_lease_is_not_under_way_for_ever(asked: int) -> None:
    nightly.run_night(asked)
    with db.transaction() as session:
        row = session.get_one(Run, asked)
        # Another had taken it over, met a step in the thawed one's hands, and let go.
        row.state, row.lease_token, row.finished_at = RunState.PENDING, None, None
        row.progress = {"done": 3, "total": len(STEPS), "step": "a step that was in its hands"}

    nightly.run_night(asked)

    row = run_row(asked)
    assert (row.state, row.attempts) == (RunState.SUCCEEDED, 1)
    assert row.progress == {"done": len(STEPS), "total": len(STEPS), "step": "done"}


QUEUES = [
    ("night", Why.SCHEDULE, "night"),
    ("deliver", Why.DAYTIME, "notices"),
]


@pytest.mark.parametrize(("job", "why", "queue"), QUEUES)
def test_notices_by_day_wait_behind_nothing_else(session: Session, job: str, why: Why, queue: str) -> None:
    row = night(session, date(2026, 11, 21), RunState.PENDING, 0)
    row.job, row.why = job, why
    session.flush()

    assert [wake.kind for wake in tick.to_wake(session, MORNING)] == [queue]


def test_an_alarm_that_breaks_stops_no_night(database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def break_down(*_: object) -> int:
        raise ZeroDivisionError("a surprise")

    monkeypatch.setattr(tick, "tell_of_missed_nights", break_down)
    with db.transaction() as session:
        factories.add_shop(session, code="FUYUAN", nights_from=date(2026, 11, 21))

    with freeze_time(MORNING, tick=True):
        tick.tick_on()

    with db.reading() as session:
        assert session.scalars(select(Run.scope).where(Run.job == "night")).first() == "FUYUAN"
