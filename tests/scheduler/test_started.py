"""Started runs where others write at the same moment: on both databases, from sessions of their own."""

from collections.abc import Iterator
from datetime import UTC, date, datetime

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from models.run import Run, SetAside
from models.shop import Setting, Shop
from models.upsert import add_new
from models.values import Refusal
from models.words import ChannelName, NoticeState, RunState
from notifications import job as notices
from notifications.channels import Message
from scheduler import by_hand, started
from tests import factories
from tests.notifications.sending import Post, add, states
from worker import db, seat
from worker.job import REGISTRY, Job, Night

DAY = date(2026, 11, 21)
FAR_AWAY = datetime(2099, 1, 1, tzinfo=UTC)


@pytest.fixture
def run_id(database: str) -> int:
    """Give a run that waits."""
    with db.transaction() as session:
        factories.add_shop(session, code="FUYUAN")
        return started.start(session, started.order("note_down", DAY, "FUYUAN", "王敏", {}))


@pytest.fixture
def cancelled_meanwhile(database: str) -> Iterator[None]:
    """Have a job that another person cancels after it has written and before it is committed."""

    def note_down(session: Session, night: Night) -> int:
        row = {
            "scope": "shop", "scope_id": night.shop_id, "key": "work", "value": 1,
            "valid_from": night.date, "set_by": night.by, "set_at": night.at,
        }  # fmt: skip
        add_new(session, Setting, [row])
        if database.startswith("sqlite"):  # where nobody else can write in between
            started.cancel(session, session.scalars(select(Run.id)).one())
        else:
            with db.transaction() as elsewhere:
                started.cancel(elsewhere, elsewhere.scalars(select(Run.id)).one())
        return 1

    REGISTRY["note_down"] = Job("note_down", note_down, is_sender=False)
    yield
    del REGISTRY["note_down"]


@pytest.mark.usefixtures("cancelled_meanwhile")
def test_what_is_cancelled_before_its_commit_is_not_committed(run_id: int) -> None:
    by_hand.run_by_hand(run_id)

    with db.reading() as session:
        run = session.get_one(Run, run_id)
        assert (run.state, run.requested_by, run.lease_until) == (RunState.CANCELLED, "王敏", None)
        assert session.scalars(select(Setting)).all() == []


@pytest.mark.usefixtures("cancelled_meanwhile")
def test_what_is_still_stopping_is_not_started_again(run_id: int) -> None:
    with db.transaction() as session:
        run = session.get_one(Run, run_id)
        run.state, run.lease_until = RunState.CANCELLED, FAR_AWAY

    with db.transaction() as session, pytest.raises(Refusal, match="has not stopped yet"):
        started.retry(session, run_id, "王敏", "manager")


def test_a_run_is_about_what_it_set_aside_and_not_about_what_came_later(run_id: int) -> None:
    with db.transaction() as session:
        run = session.get_one(Run, run_id)
        run.state, run.parameters = (
            RunState.PARTIAL,
            {"shop": "FUYUAN", "only": ["case:1", "case:2", "case:3"]},
        )
        for number, day in ((1, DAY), (2, date(2026, 11, 22)), (4, DAY)):
            session.add(
                SetAside(
                    shop_id=1, step="note_down", subject=f"case:{number}", error="why", first_on=day,
                    look_again_on=date(2026, 11, 23),
                )
            )  # fmt: skip
        session.add(
            SetAside(shop_id=1, step="deliver", subject="case:3", error="", first_on=DAY, look_again_on=DAY)
        )
        session.flush()

        again = started.retry(session, run_id, "李会计", "accountant")

        follower = session.get_one(Run, again)
        assert isinstance(follower.parameters, dict)
        assert (follower.parameters["only"], follower.requested_by) == (["case:1"], "李会计")


def test_what_is_cancelled_while_it_sends_sends_no_further_notice_and_goes_on_when_retried(
    database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    shop_id = add(3)

    def cancelled(message: Message) -> str:
        if len(post.sent) == 1:
            with db.transaction() as elsewhere:
                started.cancel(elsewhere, run_id)
        return message.reference

    post = Post(answer=cancelled)
    monkeypatch.setattr(notices, "channels", lambda _settings: {ChannelName.EMAIL: post})
    with db.transaction() as session:
        code = session.get_one(Shop, shop_id).code
        run_id = started.start(session, started.order("deliver", DAY, code, "王敏", {}))

    by_hand.run_by_hand(run_id)

    with db.transaction() as session:
        run = session.get_one(Run, run_id)
        assert (run.state, run.lease_until) == (RunState.CANCELLED, None)
        assert "after 1 notices were sent" in str(run.error)
        assert states() == [NoticeState.SENT, NoticeState.WAITING, NoticeState.WAITING]
        started.retry(session, run_id, "王敏", "manager")
    by_hand.run_by_hand(run_id)
    assert (len(post.sent), set(states())) == (3, {NoticeState.SENT})


def test_what_was_asked_to_stop_is_not_put_off_when_its_database_goes_away(run_id: int) -> None:
    with db.transaction() as session:
        token = seat.lease(session, run_id)
        started.cancel(session, run_id)

    seat.put_off(run_id, str(token), "gone")

    with db.reading() as session:
        assert session.get_one(Run, run_id).state is RunState.CANCELLED
