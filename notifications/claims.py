"""Who holds a notice while it is sent: claim(), settle() and expire(), for the sender (design 4, outbox).

The sender commits between claim and call, and between call and settle. A token fences: whoever lost the
lease changes nothing.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, cast
from uuid import uuid4

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from models.notice import Notice, NoticeAttachment, NoticeAttempt
from models.shop import Shop
from models.upsert import changed_rows
from models.words import AttemptOutcome, Audience, ChannelName, NoticeState
from notifications.outbox import Attachment


@dataclass(frozen=True)
class Claimed:
    """A notice in the hands of one sender until its lease ends; `token` is the proof."""

    notice_id: int
    token: str
    attempt: int
    kind: str
    occasion: str
    shop_name: str
    audience: Audience
    recipient: str
    address: str
    words: Mapping[str, Any]
    written_at: datetime
    taken_at: datetime
    attachments: tuple[Attachment, ...] = ()


def claim(
    session: Session,
    now: datetime,
    *,
    shop_id: int,
    channel: ChannelName,
    limit: int,
    lease: timedelta,
    customers_too: bool = True,
) -> list[Claimed]:
    """Take up to `limit` notices that are due, and write down that they are about to be sent.

    Senders side by side never get the same one: rows are skipped while locked on PostgreSQL, and SQLite lets
    one writer in at a time.
    """
    due = (
        select(Notice)
        .where(
            Notice.shop_id == shop_id,
            Notice.channel == channel,
            Notice.state == NoticeState.WAITING,
            Notice.send_after <= now,
        )
        .order_by(Notice.send_after, Notice.id)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    if not customers_too:
        due = due.where(Notice.audience != Audience.CUSTOMER)
    token, notices = str(uuid4()), session.scalars(due).all()
    shop_name = session.scalars(select(Shop.name).where(Shop.id == shop_id)).one()
    for notice in notices:
        _take(session, notice, token, now, now + lease)
    session.flush()
    files = _attachments(session, [notice.id for notice in notices])
    return [
        replace(_claimed(each, token, shop_name, now), attachments=tuple(files[each.id])) for each in notices
    ]


def _attachments(session: Session, notice_ids: Sequence[int]) -> defaultdict[int, list[Attachment]]:
    found: defaultdict[int, list[Attachment]] = defaultdict(list)
    rows = select(NoticeAttachment).where(NoticeAttachment.notice_id.in_(notice_ids))
    for row in session.scalars(rows.order_by(NoticeAttachment.notice_id, NoticeAttachment.position)):
        found[row.notice_id].append(Attachment(row.name, row.stored_as))
    return found


def _take(session: Session, notice: Notice, token: str, now: datetime, until: datetime) -> None:
    notice.state, notice.lease_token, notice.lease_until = NoticeState.SENDING, token, until
    notice.attempts += 1
    session.add(NoticeAttempt(notice_id=notice.id, number=notice.attempts, started_at=now))


def _claimed(notice: Notice, token: str, shop_name: str, now: datetime) -> Claimed:
    return Claimed(
        notice_id=notice.id,
        token=token,
        attempt=notice.attempts,
        kind=notice.kind,
        occasion=notice.occasion,
        shop_name=shop_name,
        audience=notice.audience,
        recipient=notice.recipient,
        address=notice.address or "",
        words=cast("Mapping[str, Any]", notice.words),
        written_at=notice.written_at,
        taken_at=now,
    )


@dataclass(frozen=True)
class Ending:
    """How an attempt ended: the provider's id when it was sent, else why not."""

    outcome: AttemptOutcome
    provider_id: str | None = None
    error: str | None = None


# Six attempts in half a day; then a person looks. One who lets it go again gives it six more.
_BACK_OFF = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 15, 60, 240, 0))


def settle(session: Session, taken: Claimed, ending: Ending, now: datetime) -> NoticeState | None:
    """Record how an attempt ended; returns the new state, or None when it had passed into other hands."""
    spent = taken.attempt % len(_BACK_OFF) == 0
    state = {
        AttemptOutcome.SENT: NoticeState.SENT,
        AttemptOutcome.LATER: NoticeState.DEAD if spent else NoticeState.WAITING,
        AttemptOutcome.REFUSED: NoticeState.DEAD,
        AttemptOutcome.UNCERTAIN: NoticeState.UNCERTAIN,
    }[ending.outcome]
    changes: dict[str, Any] = {"state": state, "error": ending.error, "lease_until": None}
    if state is NoticeState.SENT:
        changes |= {"sent_at": now, "provider_id": ending.provider_id}
    if state is NoticeState.WAITING:
        changes |= {"send_after": now + _BACK_OFF[(taken.attempt - 1) % len(_BACK_OFF)]}
    # Uncertain is open to the sender that was thought dead and knows better; its token is the proof.
    ours = session.execute(
        update(Notice)
        .where(
            Notice.id == taken.notice_id,
            Notice.lease_token == taken.token,
            Notice.state.in_((NoticeState.SENDING, NoticeState.UNCERTAIN)),
        )
        .values(**changes)
    )
    if not changed_rows(ours):
        return None
    _end_attempt(session, taken.notice_id, taken.attempt, ending, now)
    return state


def _end_attempt(session: Session, notice_id: int, number: int, ending: Ending, now: datetime) -> None:
    session.execute(
        update(NoticeAttempt)
        .where(NoticeAttempt.notice_id == notice_id, NoticeAttempt.number == number)
        .values(finished_at=now, outcome=ending.outcome, error=ending.error)
    )


def expire(session: Session, now: datetime, *, shop_id: int, repeatable: Sequence[ChannelName]) -> int:
    """Take back what was being sent when its sender died; returns how many.

    On a channel where the same notice twice is one notice it waits again. On any other it may have arrived:
    it is uncertain, and never simply sent again.
    """
    cut_off = session.scalars(
        select(Notice)
        .where(Notice.shop_id == shop_id, Notice.state == NoticeState.SENDING, Notice.lease_until < now)
        .order_by(Notice.id)
        .with_for_update(skip_locked=True)
    ).all()
    for notice in cut_off:
        _take_back(session, notice, now, again=notice.channel in repeatable)
    session.flush()
    return len(cut_off)


def _take_back(session: Session, notice: Notice, now: datetime, *, again: bool) -> None:
    error = "The sender stopped between sending and recording."
    outcome = AttemptOutcome.LATER if again else AttemptOutcome.UNCERTAIN
    _end_attempt(session, notice.id, notice.attempts, Ending(outcome, error=error), now)
    notice.state = NoticeState.WAITING if again else NoticeState.UNCERTAIN
    notice.error, notice.lease_until = error, None
    if again:
        notice.lease_token = None
