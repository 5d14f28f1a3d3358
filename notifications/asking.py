"""What became of a message: the provider is asked, and what was uncertain is so no longer."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.notice import Notice, NoticeAttempt
from models.words import AttemptOutcome, ChannelName, Delivery, NoticeState
from notifications import bounces
from notifications.channels import Answering, ChannelError, Question, Report
from notifications.reference import reference

_MOST = 200

# After the attempt. Reports of operators take minutes, seldom days.
_ASK_AGAIN = tuple(timedelta(minutes=minutes) for minutes in (2, 10, 60, 360, 1440, 4320))

NEVER_TAKEN = timedelta(minutes=60)
"""After so long a provider that knows nothing of a message never took it: it is sent again."""


@dataclass(frozen=True)
class Asked:
    """A notice whose fate is open, and its last attempt."""

    notice_id: int
    state: NoticeState
    begun_at: datetime
    question: Question


def ask(
    db: Callable[[], AbstractContextManager[Session]],
    now: Callable[[Session], datetime],
    shop_id: int,
    name: ChannelName,
    channel: Answering,
) -> int:
    """Ask for every notice of a channel whose time it is; returns how many are known now."""
    with db() as session:
        open_ones = _due(session, shop_id, name, now(session))
    known = 0
    for each in open_ones:
        try:
            report = channel.ask(each.question)
        except ChannelError:
            return known
        with db() as session:
            known += _take(session, each, report, now(session))
    return known


def _due(session: Session, shop_id: int, name: ChannelName, now: datetime) -> list[Asked]:
    rows = session.execute(
        select(Notice, NoticeAttempt.started_at)
        .join(
            NoticeAttempt,
            (NoticeAttempt.notice_id == Notice.id) & (NoticeAttempt.number == Notice.attempts),
        )
        .where(
            Notice.shop_id == shop_id,
            Notice.ask_after <= now,
            Notice.channel == name,
            Notice.state.in_((NoticeState.SENT, NoticeState.UNCERTAIN)),
        )
        .order_by(Notice.ask_after, Notice.id)
        .limit(_MOST)
    )
    return [_asked(row.Notice, row.started_at) for row in rows]


def _asked(notice: Notice, begun_at: datetime) -> Asked:
    question = Question(
        reference=reference(notice.id, notice.occasion, notice.written_at, notice.attempts),
        address=notice.address or "",
        provider_id=notice.provider_id,
        sent_at=begun_at,
    )
    return Asked(notice.id, notice.state, begun_at, question)


def _take(session: Session, asked: Asked, report: Report, now: datetime) -> bool:
    notice = session.get(Notice, asked.notice_id, with_for_update=True)
    if notice is None or notice.state is not asked.state:
        return False
    notice.ask_after = _next_time(asked.begun_at, now)
    if report.state is Delivery.FAILED:
        return _failed(session, notice, report, now)
    if report.state is Delivery.UNKNOWN:
        return _never_taken(session, notice, asked, now)
    if notice.state is NoticeState.UNCERTAIN:
        notice.state, notice.sent_at, notice.error = NoticeState.SENT, now, None
        _correct(session, notice, AttemptOutcome.SENT, None)
    if report.state is Delivery.DELIVERED:
        notice.delivered_at, notice.ask_after = now, None
    return True


def _failed(session: Session, notice: Notice, report: Report, now: datetime) -> bool:
    error = f"The provider reports that it did not arrive: {report.why}"
    _correct(session, notice, AttemptOutcome.REFUSED, error)
    notice.ask_after = None
    if report.address_dead:
        bounces.bounced(session, notice.id, error, now)
    else:
        notice.state, notice.error, notice.sent_at = NoticeState.DEAD, error, None
    return True


def _never_taken(session: Session, notice: Notice, asked: Asked, now: datetime) -> bool:
    if notice.state is NoticeState.SENT or now - asked.begun_at < NEVER_TAKEN:
        return False
    _correct(
        session, notice, AttemptOutcome.LATER, "The provider knows nothing of it: it was never handed over."
    )
    notice.state, notice.error, notice.ask_after = NoticeState.WAITING, None, None
    notice.send_after, notice.lease_token = now, None
    return True


def _correct(session: Session, notice: Notice, outcome: AttemptOutcome, error: str | None) -> None:
    """The last attempt ended otherwise than was known when it was made."""
    attempt = session.scalars(
        select(NoticeAttempt).where(
            NoticeAttempt.notice_id == notice.id, NoticeAttempt.number == notice.attempts
        )
    ).one()
    attempt.outcome, attempt.error = outcome, error


def _next_time(begun_at: datetime, now: datetime) -> datetime | None:
    """The next moment to ask; None when it has been asked for long enough."""
    return next((begun_at + after for after in _ASK_AGAIN if begun_at + after > now), None)
