"""Who holds a notice while it is sent: claim(), begin() and hand_back(), for the sender (design 4, outbox).

The sender commits between claim and call, and between call and settling. A token fences: whoever lost the
lease changes nothing. What was claimed and not begun was not sent; what was begun and not settled may have
been. What was left by a sender that died: `expiry`.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from sqlalchemy import bindparam, insert, select, update
from sqlalchemy.orm import Session

from models.notice import Notice, NoticeAttachment, NoticeAttempt, NoticeDemand
from models.shop import Shop
from models.upsert import changed_rows
from models.words import Audience, ChannelName, NoticeState
from notifications.outbox import Attachment


@dataclass(frozen=True)
class Claimed:
    """A notice in the hands of one sender until its lease ends; `token` is the proof."""

    notice_id: int
    token: str
    attempt: int
    """The number of the attempt that begin() will write."""
    kind: str
    occasion: str
    shop_id: int
    shop_name: str
    case_id: int | None
    audience: Audience
    recipient: str
    channel: ChannelName
    address: str
    words: Mapping[str, Any]
    written_at: datetime
    send_after: datetime
    taken_at: datetime
    attachments: tuple[Attachment, ...] = ()
    demands: bool = False
    """Whether it asks for money, which is read again at the moment of sending."""


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
    """Take up to `limit` notices that are due.

    Senders side by side never get the same one: rows are skipped while locked on PostgreSQL, and SQLite lets
    one writer in at a time.
    """
    due = (
        select(*_COLUMNS)
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
    token, rows = str(uuid4()), session.execute(due).all()
    ids = [row.id for row in rows]
    session.execute(
        update(Notice.__table__)  # type: ignore[arg-type] # a table, for speed
        .where(Notice.id.in_(ids))
        .values(state=NoticeState.SENDING, lease_token=token, lease_until=now + lease)
    )
    return _with_parts(session, rows, shop_id, token, now)


_COLUMNS = (
    Notice.id, Notice.attempts, Notice.kind, Notice.occasion, Notice.case_id, Notice.audience,
    Notice.recipient, Notice.channel, Notice.address, Notice.words, Notice.written_at, Notice.send_after,
)  # fmt: skip


def _with_parts(
    session: Session, rows: Sequence[Any], shop_id: int, token: str, now: datetime
) -> list[Claimed]:
    ids = [row.id for row in rows]
    shop_name = session.scalars(select(Shop.name).where(Shop.id == shop_id)).one()
    files = _attachments(session, ids)
    demanding = set(session.scalars(select(NoticeDemand.notice_id).where(NoticeDemand.notice_id.in_(ids))))
    return [
        _claimed(row, token, now, shop_id, shop_name, files.get(row.id, []), demands=row.id in demanding)
        for row in rows
    ]


def _claimed(
    row: Any,
    token: str,
    now: datetime,
    shop_id: int,
    shop_name: str,
    attachments: Sequence[Attachment],
    *,
    demands: bool,
) -> Claimed:
    return Claimed(
        notice_id=row.id,
        token=token,
        attempt=row.attempts + 1,
        kind=row.kind,
        occasion=row.occasion,
        shop_id=shop_id,
        shop_name=shop_name,
        case_id=row.case_id,
        audience=row.audience,
        recipient=row.recipient,
        channel=row.channel,
        address=row.address or "",
        words=row.words,
        written_at=row.written_at,
        send_after=row.send_after,
        taken_at=now,
        attachments=tuple(attachments),
        demands=demands,
    )


def _attachments(session: Session, notice_ids: Sequence[int]) -> defaultdict[int, list[Attachment]]:
    found: defaultdict[int, list[Attachment]] = defaultdict(list)
    rows = select(NoticeAttachment).where(NoticeAttachment.notice_id.in_(notice_ids))
    for row in session.scalars(rows.order_by(NoticeAttachment.notice_id, NoticeAttachment.position)):
        found[row.notice_id].append(Attachment(row.name, row.stored_as))
    return found


_NOTICE: Any = Notice.__table__
_ATTEMPT: Any = NoticeAttempt.__table__
_OURS = (
    _NOTICE.c.id == bindparam("of_notice"),
    _NOTICE.c.lease_token == bindparam("of_token"),
    _NOTICE.c.state == NoticeState.SENDING,
)
# The fence and the attempt in one statement: it is made once for every notice.
_BEGIN: Any = (
    insert(_ATTEMPT)
    .from_select(
        ["notice_id", "number", "channel", "started_at"],
        select(
            _NOTICE.c.id,
            bindparam("this", type_=_ATTEMPT.c.number.type),
            bindparam("by", type_=_ATTEMPT.c.channel.type),
            bindparam("at", type_=_ATTEMPT.c.started_at.type),
        )
        .where(*_OURS)
        .with_for_update(),
    )
    .execution_options(preserve_rowcount=True)
)
_RENEW = update(_NOTICE).where(*_OURS).values(lease_until=bindparam("until"))


def begin(session: Session, taken: Claimed, now: datetime, lease: timedelta) -> bool:
    """Write down that the call is about to be made; False when the notice passed into other hands.

    The lease of its batch is renewed where a fifth of it has gone.
    """
    ours = {"of_notice": taken.notice_id, "of_token": taken.token}
    begun = session.execute(_BEGIN, ours | {"this": taken.attempt, "by": taken.channel, "at": now})
    if not changed_rows(begun):
        return False
    if now - taken.taken_at > lease / 5:
        session.execute(_RENEW, ours | {"until": now + lease})
    return True


def hand_back(session: Session, rest: Sequence[Claimed]) -> None:
    """Let go of what was claimed and not begun: it waits as before."""
    for taken in rest:
        session.execute(
            update(Notice)
            .where(
                Notice.id == taken.notice_id,
                Notice.lease_token == taken.token,
                Notice.state == NoticeState.SENDING,
            )
            .values(state=NoticeState.WAITING, lease_token=None, lease_until=None)
        )
