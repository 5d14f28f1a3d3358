"""A sender that dies, wherever it dies, loses no notice and sends none twice."""

from contextlib import AbstractContextManager
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from models.words import AttemptOutcome, ChannelName, NoticeState
from notifications import claims, endings, expiry
from notifications.channels import Message
from notifications.channels.file import FileChannel
from notifications.line import LEASE
from tests.notifications.sending import (
    AT,
    Clock,
    Killed,
    Post,
    add,
    attempts,
    raising,
    rows,
    sender,
    states,
)
from worker import db

pytestmark = pytest.mark.usefixtures("database")


def test_a_sender_that_dies_in_the_call_leaves_its_notice_uncertain_and_never_sent_again() -> None:
    shop_id = add(2)
    clock = Clock()
    with pytest.raises(Killed):
        sender(Post(raising(Killed())), clock).deliver(shop_id)
    assert states() == [NoticeState.SENDING, NoticeState.SENDING]
    assert attempts() == [(1, None)]

    clock.moment += LEASE + timedelta(seconds=1)
    post = Post()
    sender(post, clock).deliver(shop_id)

    assert states() == [NoticeState.UNCERTAIN, NoticeState.SENT]
    assert attempts() == [(1, AttemptOutcome.UNCERTAIN), (1, AttemptOutcome.SENT)]
    assert len(post.sent) == 1


def test_before_the_lease_ends_nobody_touches_the_notice() -> None:
    shop_id = add()
    clock = Clock()
    with pytest.raises(Killed):
        sender(Post(raising(Killed())), clock).deliver(shop_id)

    clock.moment += LEASE - timedelta(seconds=1)
    post = Post()
    sender(post, clock).deliver(shop_id)

    assert post.sent == []
    assert states() == [NoticeState.SENDING]


def test_a_sender_that_dies_before_its_claim_is_committed_has_done_nothing() -> None:
    shop_id = add()
    post = Post()

    def dies_in_the_claim() -> None:
        with db.transaction() as session:
            claims.claim(session, AT, shop_id=shop_id, channel=ChannelName.EMAIL, limit=1, lease=LEASE)
            raise Killed

    with pytest.raises(Killed):
        dies_in_the_claim()
    sender(post).deliver(shop_id)

    assert len(post.sent) == 1
    assert states() == [NoticeState.SENT]


def test_a_sender_that_dies_before_recording_is_not_repeated_either() -> None:
    shop_id = add()
    clock = Clock()
    post = Post()

    def dies_once_sent() -> AbstractContextManager[Session]:
        if post.sent:
            raise Killed
        return db.transaction()

    with pytest.raises(Killed):
        sender(post, clock, transaction=dies_once_sent).deliver(shop_id)
    clock.moment += LEASE + timedelta(seconds=1)
    sender(post, clock).deliver(shop_id)

    assert len(post.sent) == 1
    assert states() == [NoticeState.UNCERTAIN]


def test_a_file_that_may_be_there_already_is_simply_written_again(tmp_path: Path) -> None:
    shop_id = add(3, channel=ChannelName.FILE)
    clock = Clock()
    folder = FileChannel(tmp_path / "outbox")

    def dies_once_written(message: Message) -> str:
        name = folder.send(message)
        if len(written.sent) == 3:
            raise Killed
        return name

    written = Post(dies_once_written, repeatable=True)
    with pytest.raises(Killed):
        sender(written, clock, ChannelName.FILE).deliver(shop_id)

    clock.moment += LEASE + timedelta(days=1)
    counts = sender(folder, clock, ChannelName.FILE).deliver(shop_id)

    assert counts == {"sent": 1}
    assert states() == [NoticeState.SENT] * 3
    assert len(list((tmp_path / "outbox").iterdir())) == 3


def test_a_sender_that_was_thought_dead_cannot_settle_what_passed_into_other_hands() -> None:
    shop_id = add(channel=ChannelName.FILE)
    with db.transaction() as session:
        [slow] = claims.claim(session, AT, shop_id=shop_id, channel=ChannelName.FILE, limit=1, lease=LEASE)
    later = AT + LEASE + timedelta(seconds=1)
    with db.transaction() as session:
        expiry.expire(session, later, shop_id=shop_id, repeatable=[ChannelName.FILE])
        [other] = claims.claim(
            session, later, shop_id=shop_id, channel=ChannelName.FILE, limit=1, lease=LEASE
        )

    with db.transaction() as session:
        sent = endings.Ending(AttemptOutcome.SENT, provider_id="late")
        assert endings.settle(session, slow, sent, later) is None
        assert endings.settle(session, other, sent, later) is NoticeState.SENT


def test_a_sender_that_was_thought_dead_may_still_say_that_it_did_send() -> None:
    shop_id = add()
    with db.transaction() as session:
        [slow] = claims.claim(session, AT, shop_id=shop_id, channel=ChannelName.EMAIL, limit=1, lease=LEASE)
        assert claims.begin(session, slow, AT, LEASE)
        expiry.expire(session, AT + LEASE * 2, shop_id=shop_id, repeatable=[])
    assert states() == [NoticeState.UNCERTAIN]

    with db.transaction() as session:
        endings.settle(session, slow, endings.Ending(AttemptOutcome.SENT, provider_id="late"), AT + LEASE * 2)

    assert states() == [NoticeState.SENT]


def test_two_senders_never_hold_the_same_notice() -> None:
    shop_id = add(2)
    held = [
        {each.notice_id for each in _claim(shop_id, AT)},
        {each.notice_id for each in _claim(shop_id, AT)},
        {each.notice_id for each in _claim(shop_id, AT)},
    ]

    assert [len(each) for each in held] == [1, 1, 0]
    assert not held[0] & held[1]


def _claim(shop_id: int, at: datetime) -> list[claims.Claimed]:
    with db.transaction() as session:
        return claims.claim(session, at, shop_id=shop_id, channel=ChannelName.EMAIL, limit=1, lease=LEASE)


def test_a_slow_batch_keeps_its_lease_for_the_notice_in_hand() -> None:
    shop_id = add(3)
    clock, leases = Clock(), []

    def slowly(message: Message) -> str:
        leases.append(next(row.lease_until for row in rows() if row.state is NoticeState.SENDING))
        clock.moment += timedelta(minutes=2)
        return message.reference

    sender(Post(slowly), clock).deliver(shop_id)

    assert leases == [AT + LEASE, AT + timedelta(minutes=2) + LEASE, AT + timedelta(minutes=4) + LEASE]
    assert states() == [NoticeState.SENT] * 3


def test_what_passed_into_other_hands_is_not_begun() -> None:
    shop_id = add()
    [slow] = _claim(shop_id, AT)
    later = AT + LEASE + timedelta(seconds=1)
    with db.transaction() as session:
        expiry.expire(session, later, shop_id=shop_id, repeatable=[])
    [other] = _claim(shop_id, later)

    with db.transaction() as session:
        begun = [claims.begin(session, each, later, LEASE) for each in (slow, other)]

    assert begun == [False, True]
    assert attempts() == [(1, None)]
