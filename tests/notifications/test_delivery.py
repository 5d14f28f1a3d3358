"""Delivering: what is due goes once, whatever stops the sender wherever."""

from dataclasses import asdict
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from models.notice import Notice
from models.shop import Shop
from models.words import AttemptOutcome, Audience, ChannelName, ContactKind, HeldBecause, NoticeState
from notifications import job
from notifications.channels import ChannelError, Message
from notifications.channels.file import FileChannel
from tests import factories
from tests.notifications.channels.test_compose import read
from tests.notifications.examples import REFUND_READY
from tests.notifications.sending import AT, Clock, Post, add, attempts, raising, rows, sender, states
from worker import db
from worker.job import Night

pytestmark = pytest.mark.usefixtures("database")


def test_what_is_due_is_sent_and_recorded_with_the_providers_id() -> None:
    shop_id = add(2)
    post = Post()

    counts = sender(post).deliver(shop_id)

    assert counts == {"sent": 2}
    assert len({message.reference for message in post.sent}) == 2
    for row, message in zip(rows(), post.sent, strict=True):
        assert (row.state, row.provider_id) == (NoticeState.SENT, f"id-{message.reference}")
        assert (row.sent_at, row.attempts, row.lease_until) == (AT, 1, None)
    assert attempts() == [(1, AttemptOutcome.SENT), (1, AttemptOutcome.SENT)]


def test_delivering_again_sends_nothing_again() -> None:
    shop_id = add(2)
    post = Post()

    sender(post).deliver(shop_id)
    sender(post).deliver(shop_id)

    assert len(post.sent) == 2


def test_another_shops_notices_are_left_to_it() -> None:
    add()
    other = add()
    post = Post()

    sender(post).deliver(other)

    assert states() == [NoticeState.WAITING, NoticeState.SENT]


def test_a_notice_for_later_waits_for_its_time() -> None:
    shop_id = add()
    clock = Clock(factories.LONG_AGO - timedelta(seconds=1))

    sender(Post(), clock).deliver(shop_id)

    assert states() == [NoticeState.WAITING]


def test_the_attempt_is_committed_before_the_call() -> None:
    shop_id = add()
    seen: list[object] = []

    def look(message: Message) -> str:
        seen.extend([states(), attempts()])
        return message.reference

    sender(Post(look)).deliver(shop_id)

    assert seen == [[NoticeState.SENDING], [(1, None)]]


ENDINGS = [
    (ChannelError("full"), NoticeState.WAITING, AttemptOutcome.LATER),
    (ChannelError("no such user", permanent=True), NoticeState.DEAD, AttemptOutcome.REFUSED),
    (ChannelError("broke", uncertain=True), NoticeState.UNCERTAIN, AttemptOutcome.UNCERTAIN),
    (RuntimeError("surprise"), NoticeState.UNCERTAIN, AttemptOutcome.UNCERTAIN),
]


@pytest.mark.parametrize("error, state, outcome", ENDINGS)
def test_each_no_has_its_consequence(error: Exception, state: NoticeState, outcome: AttemptOutcome) -> None:
    shop_id = add()

    sender(Post(raising(error))).deliver(shop_id)

    [row] = rows()
    assert row.state is state
    assert str(error) in (row.error or "")
    assert attempts() == [(1, outcome)]


def test_what_failed_for_now_waits_longer_each_time_and_dies_at_the_sixth() -> None:
    shop_id = add()
    clock = Clock()
    waits = []
    for _ in range(6):
        sender(Post(raising(ChannelError("busy"))), clock).deliver(shop_id)
        [row] = rows()
        waits.append(
            (row.send_after - clock.moment).total_seconds() / 60 if row.state == "waiting" else row.state
        )
        clock.moment = max(clock.moment, row.send_after)

    assert waits == [1, 5, 15, 60, 240, NoticeState.DEAD]


def test_a_server_that_is_down_is_not_asked_for_every_notice() -> None:
    shop_id = add(3)
    post = Post(raising(ChannelError("down", everywhere=True)))

    sender(post).deliver(shop_id)

    assert len(post.sent) == 1
    assert states() == [NoticeState.WAITING] * 3


def test_a_notice_that_cannot_be_written_dies_alone_and_says_why() -> None:
    shop_id = add(2)
    with db.transaction() as session:
        session.scalars(select(Notice).order_by(Notice.id)).first().words = {"date": "x"}  # type: ignore[union-attr]

    sender(Post()).deliver(shop_id)

    first, second = rows()
    assert (first.state, second.state) == (NoticeState.DEAD, NoticeState.SENT)
    assert "morning_digest/subject.txt asks for a word" in (first.error or "")


NIGHT = AT + timedelta(hours=12)
SUNDAY = datetime(2026, 11, 22, 2, 0, tzinfo=UTC)


@pytest.mark.parametrize("moment", [NIGHT, SUNDAY])
def test_customers_sleep_at_night_and_on_sundays_and_others_do_not(moment: datetime) -> None:
    customers, insurers = add(audience=Audience.CUSTOMER), add(audience=Audience.INSURER)
    clock = Clock(moment)

    sender(Post(), clock).deliver(customers)
    sender(Post(), clock).deliver(insurers)
    assert states() == [NoticeState.WAITING, NoticeState.SENT]

    clock.moment = AT + timedelta(days=1)
    sender(Post(), clock).deliver(customers)
    assert states() == [NoticeState.SENT, NoticeState.SENT]


def test_files_are_written_at_any_hour(tmp_path: Path) -> None:
    shop_id = add(audience=Audience.CUSTOMER, channel=ChannelName.FILE)

    sender(FileChannel(tmp_path), Clock(NIGHT), ChannelName.FILE).deliver(shop_id)

    assert states() == [NoticeState.SENT]


def test_an_address_that_arrived_since_is_used() -> None:
    shop_id = add()
    with db.transaction() as session:
        [row] = session.scalars(select(Notice))
        row.state, row.held_because, row.address = NoticeState.HELD, HeldBecause.NO_ADDRESS, None
        row.recipient, row.channel = "王敏", ChannelName.FILE
        shop = session.get_one(Shop, shop_id)
        factories.add_contact(session, shop, ContactKind.STAFF, "王敏", email="wang@example.com")

    post = Post()
    post.repeatable = True
    sender(post, name=ChannelName.FILE).deliver(shop_id)

    assert [message.to_address for message in post.sent] == ["wang@example.com"]


GOLDEN = Path(__file__).parent / "golden" / "refund_ready.eml"


def test_the_job_lays_a_refund_notice_into_the_outbox(tmp_path: Path) -> None:
    with db.transaction() as session:
        shop = factories.add_shop(session, name="福源汽车服务")
        notice = factories.add_notice(
            session, shop, "refund_ready", asdict(REFUND_READY), occasion="refund_ready:17", channel=ChannelName.FILE,
            recipient="王小明", address="wang@example.com",
        )  # fmt: skip
    night = Night(date=date(2026, 11, 21), shop_id=shop.id, shop_code=shop.code, by="system", at=AT)

    assert job.deliver(night) == 1

    [path] = (tmp_path / "outbox").iterdir()
    assert path.name.startswith("2026-01-01-refund_ready-17-")
    assert night.notes == {"sent": 1}
    assert_as_golden(path.read_bytes(), notice.id)


def assert_as_golden(content: bytes, notice_id: int) -> None:
    """Compare head and parts as read: how long lines are folded differs between versions of Python."""
    mail, golden = read(content), read(GOLDEN.read_bytes())

    assert mail["Message-ID"].startswith(f"<notice-{notice_id}-")
    for name in ("From", "To", "Subject", "Date", "Content-Language", "Auto-Submitted", "MIME-Version"):
        assert str(mail[name]) == str(golden[name]), name
    parts, expected = list(mail.iter_parts()), list(golden.iter_parts())
    assert [part.get_content_type() for part in parts] == ["text/plain", "text/html"]
    assert [part.get_content() for part in parts] == [part.get_content() for part in expected]
    assert "王小明" not in str(mail["To"])
