"""What tests of delivering need: a channel that remembers, a clock, notices that are due."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.notice import Notice, NoticeAttempt
from models.words import Audience, ChannelName, NoticeState
from notifications.channels import Channel, Message
from notifications.delivery import Sender
from notifications.notices import kind_of
from tests import factories
from tests.notifications.examples import MORNING_DIGEST
from worker import db

# Monday morning in Shanghai.
AT = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)


class Killed(BaseException):
    """The process ends here: nothing of ours catches it."""


@dataclass
class Post:
    """A channel that remembers, and answers as it is told."""

    answer: Callable[[Message], str] = lambda message: f"id-{message.reference}"
    repeatable: bool = False
    per_minute: int | None = None
    sent: list[Message] = field(default_factory=list)

    def send(self, message: Message) -> str:
        self.sent.append(message)
        return self.answer(message)

    def close(self) -> None:
        """Nothing is kept."""


@dataclass
class Clock:
    """The database's time, as the test says."""

    moment: datetime = AT

    def __call__(self, _session: Session) -> datetime:
        return self.moment


def raising(error: BaseException) -> Callable[[Message], str]:
    def answer(_message: Message) -> str:
        raise error

    return answer


def sender(
    channel: Channel,
    clock: Clock | None = None,
    name: ChannelName = ChannelName.EMAIL,
    transaction: Callable[[], AbstractContextManager[Session]] = db.transaction,
) -> Sender:
    return Sender(transaction, clock or Clock(), {name: channel}, "huikuan@shop.example")


def add(count: int = 1, audience: Audience = Audience.STAFF, channel: ChannelName = ChannelName.EMAIL) -> int:
    """Put digests into the outbox of a new shop; returns the shop."""
    with db.transaction() as session:
        shop = factories.add_shop(session)
        for _ in range(count):
            factories.add_notice(
                session, shop, kind_of(type(MORNING_DIGEST)), asdict(MORNING_DIGEST),
                audience=audience, channel=channel,
            )  # fmt: skip
        return shop.id


def rows() -> list[Notice]:
    with db.reading() as session:
        return list(session.scalars(select(Notice).order_by(Notice.id)))


def attempts() -> list[tuple[int, str | None]]:
    with db.reading() as session:
        found = session.execute(select(NoticeAttempt).order_by(NoticeAttempt.notice_id, NoticeAttempt.number))
        return [(each.number, each.outcome) for each in found.scalars()]


def states() -> list[NoticeState]:
    return [row.state for row in rows()]
