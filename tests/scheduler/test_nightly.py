"""No night is skipped, and none is run twice."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from models.bank import BankLine
from models.event import Happening, record
from models.run import Run
from models.values import Refusal
from models.words import NoticeState, Outcome, RunState
from scheduler import due, nightly, tick
from scheduler.beat import RunTableScheduler
from scheduler.daytime import deliveries_due
from scheduler.timetable import STEPS, Step, check
from tests import factories
from tests.scheduler.nights import finish
from worker.app import app
from worker.job import REGISTRY
from worker.registry import load_jobs
from worker.seat import request


def test_the_night_of_a_day_starts_at_two_in_the_next_morning(session: Session) -> None:
    factories.add_shop(session, code="FUYUAN", nights_from=date(2026, 11, 20))

    before = list(due.due_nights(session, datetime(2026, 11, 20, 17, 59, tzinfo=UTC)))
    after = list(due.due_nights(session, datetime(2026, 11, 20, 18, 0, tzinfo=UTC)))

    assert (before, after) == ([], [("FUYUAN", date(2026, 11, 20))])


def test_missed_nights_come_oldest_first(session: Session) -> None:
    factories.add_shop(session, code="FUYUAN", nights_from=date(2026, 11, 1))
    finish(session, "FUYUAN", date(2026, 11, 1), date(2026, 11, 2), date(2026, 11, 4))

    found = list(due.due_nights(session, datetime(2026, 11, 22, 3, 0, tzinfo=UTC)))

    assert found == [("FUYUAN", date(2026, 11, 3))]


def test_a_shop_without_a_first_night_has_none(session: Session) -> None:
    factories.add_shop(session, nights_from=None)

    assert list(due.due_nights(session, datetime(2026, 11, 22, 3, 0, tzinfo=UTC))) == []


def test_ten_requests_make_one_night(session: Session) -> None:
    factories.add_shop(session, code="FUYUAN")

    ids = {
        nightly.request_night(session, date(2026, 11, 21), "FUYUAN", by="system", why="schedule")
        for _ in range(10)
    }

    assert len(ids) == 1
    assert len(session.scalars(select(Run)).all()) == 1


def test_a_finished_night_has_nothing_left_to_do(session: Session) -> None:
    factories.add_shop(session, code="FUYUAN")
    nightly.request_night(session, date(2026, 11, 21), "FUYUAN", by="system", why="schedule")
    finish(session, "FUYUAN", date(2026, 11, 21))

    _, left = nightly.request_night(session, date(2026, 11, 21), "FUYUAN", by="operator", why="by_hand")

    assert not left


def test_a_finished_night_looks_again_when_a_bank_line_has_come_since(session: Session) -> None:
    shop = factories.add_shop(session, code="FUYUAN")
    first, _ = nightly.request_night(session, date(2026, 11, 21), "FUYUAN", by="system", why="schedule")
    finish(session, "FUYUAN", date(2026, 11, 21))
    factories.add_bank_line(session, factories.add_account(session, shop), 100)

    again, left = nightly.request_night(session, date(2026, 11, 21), "FUYUAN", by="operator", why="by_hand")

    assert left
    assert session.get_one(Run, again).scope == "FUYUAN+2"
    assert again != first


def test_a_finished_night_looks_again_when_a_person_has_recorded_a_fact(session: Session) -> None:
    shop = factories.add_shop(session, code="FUYUAN")
    nightly.request_night(session, date(2026, 11, 21), "FUYUAN", by="system", why="schedule")
    finish(session, "FUYUAN", date(2026, 11, 21))
    later = factories.LONG_AGO + timedelta(hours=1)
    record(session, [Happening("recorded_acceptance", {})], shop_id=shop.id, business_date=date(2026, 11, 21),
           by="王敏", at=later)  # fmt: skip

    _, left = nightly.request_night(session, date(2026, 11, 21), "FUYUAN", by="operator", why="by_hand")

    assert left


def test_a_line_of_a_later_day_does_not_wake_an_earlier_night(session: Session) -> None:
    shop = factories.add_shop(session, code="FUYUAN")
    nightly.request_night(session, date(2026, 11, 19), "FUYUAN", by="system", why="schedule")
    finish(session, "FUYUAN", date(2026, 11, 19))
    line = factories.add_bank_line(session, factories.add_account(session, shop), 100)
    assert (line.outcome, session.get_one(BankLine, line.id).booked_on) == (Outcome.OPEN, date(2026, 11, 20))

    _, left = nightly.request_night(session, date(2026, 11, 19), "FUYUAN", by="operator", why="by_hand")

    assert not left


SWEPT = [
    # state, attempts, lease until, finished at, woken at 12:00
    (RunState.PENDING, 0, None, None, True),
    (RunState.RUNNING, 1, "12:05", None, False),
    (RunState.RUNNING, 1, "11:59", None, True),
    (RunState.FAILED, 1, None, "11:55", False),
    (RunState.FAILED, 1, None, "11:50", True),
    (RunState.FAILED, 2, None, "11:50", False),
    (RunState.FAILED, 2, None, "11:40", True),
    (RunState.FAILED, 5, None, "01:00", False),
    (RunState.SUCCEEDED, 1, None, "01:00", False),
]


@pytest.mark.parametrize(("state", "attempts", "lease", "finished", "woken"), SWEPT, ids=str)
def test_the_sweep_wakes_what_nobody_works_on(
    session: Session, state: RunState, attempts: int, lease: str | None, finished: str | None, woken: bool
) -> None:
    def at(clock: str | None) -> datetime | None:
        return datetime.fromisoformat(f"2026-11-22T{clock}:00+00:00") if clock else None

    row = Run(
        job="night", business_date=date(2026, 11, 21), scope="FUYUAN", parameters={}, requested_by="system",
        why="schedule", state=state, attempts=attempts, lease_until=at(lease), finished_at=at(finished),
        requested_at=factories.LONG_AGO,
    )  # fmt: skip
    session.add(row)
    session.flush()

    found = tick.to_wake(session, datetime(2026, 11, 22, 12, 0, tzinfo=UTC))

    assert found == ([tick.Wake("night", row.id)] if woken else [])


def test_a_notice_whose_time_has_come_is_delivered_in_its_slot(session: Session) -> None:
    shop = factories.add_shop(session, code="FUYUAN")
    factories.add_notice(
        session, shop, "refund_ready", {}, send_after=datetime(2026, 11, 22, 1, 0, tzinfo=UTC)
    )

    early = list(deliveries_due(session, datetime(2026, 11, 22, 0, 59, tzinfo=UTC)))
    due = list(deliveries_due(session, datetime(2026, 11, 22, 1, 14, tzinfo=UTC)))

    assert early == []
    assert [(order.job, order.date, order.scope) for order in due] == [
        ("deliver", date(2026, 11, 22), "FUYUAN@0900")
    ]


@pytest.mark.parametrize(
    ("state", "asked_again"),
    [
        (RunState.PENDING, False),
        (RunState.RUNNING, False),
        (RunState.FAILED, True),
        (RunState.SUCCEEDED, True),
    ],
)
def test_deliveries_do_not_pile_up_while_no_worker_is_there(
    session: Session, state: RunState, asked_again: bool
) -> None:
    shop = factories.add_shop(session, code="FUYUAN")
    factories.add_notice(
        session, shop, "refund_ready", {}, send_after=datetime(2026, 11, 22, 1, 0, tzinfo=UTC)
    )
    (order,) = deliveries_due(session, datetime(2026, 11, 22, 1, 0, tzinfo=UTC))
    session.get_one(Run, request(session, order)).state = state
    session.flush()

    due = list(deliveries_due(session, datetime(2026, 11, 22, 1, 15, tzinfo=UTC)))

    assert [each.scope for each in due] == (["FUYUAN@0915"] if asked_again else [])


def test_a_held_notice_calls_nobody(session: Session) -> None:
    shop = factories.add_shop(session, code="FUYUAN")
    factories.add_notice(session, shop, "refund_ready", {}, state=NoticeState.HELD)

    assert list(deliveries_due(session, datetime(2026, 11, 22, 1, 14, tzinfo=UTC))) == []


def test_the_timetable_names_registered_jobs_and_each_once() -> None:
    check(load_jobs())


@pytest.mark.parametrize(
    ("steps", "hour", "sentence"),
    [
        ([Step("compute_refund", "x")], 2, "Did you mean compute_refunds"),
        ([Step("deliver", "x"), Step("deliver", "y")], 2, "names the job deliver 2 times"),
        (STEPS, 24, "cannot start at 24:00"),
    ],
    ids=["unknown job", "job twice", "impossible hour"],
)
def test_a_wrong_timetable_is_refused(steps: list[Step], hour: int, sentence: str) -> None:
    with pytest.raises(Refusal, match=sentence):
        check(load_jobs(), steps, hour)


def test_a_beat_does_not_start_with_a_wrong_timetable(monkeypatch: pytest.MonkeyPatch) -> None:
    load_jobs()
    monkeypatch.delitem(REGISTRY, "remind_staff")

    with pytest.raises(SystemExit, match="names the job remind_staff, which does not exist"):
        RunTableScheduler(app)
