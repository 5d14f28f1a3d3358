"""What a sender held when it died: what it had not begun waits again, what it had begun is uncertain."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.notice import Notice, NoticeAttempt
from models.words import AttemptOutcome, ChannelName, NoticeState


def expire(
    session: Session,
    now: datetime,
    *,
    shop_id: int,
    repeatable: Sequence[ChannelName],
    answering: Sequence[ChannelName] = (),
) -> int:
    """Take back what a sender held when it died; returns how many.

    What was not begun waits again, and so does what was begun on a channel where the same notice twice is
    one notice. On any other it may have arrived: it is uncertain, and never simply sent again; a provider
    that can be asked is asked at once.
    """
    cut_off = session.scalars(
        select(Notice)
        .where(Notice.shop_id == shop_id, Notice.state == NoticeState.SENDING, Notice.lease_until < now)
        .order_by(Notice.id)
        .with_for_update(skip_locked=True)
    ).all()
    begun = {row.notice_id: row for row in _unfinished(session, [notice.id for notice in cut_off])}
    for notice in cut_off:
        _take_back(notice, begun.get(notice.id), now, again=notice.channel in repeatable)
        notice.ask_after = (
            now if notice.state is NoticeState.UNCERTAIN and notice.channel in answering else None
        )
    session.flush()
    return len(cut_off)


def _unfinished(session: Session, notice_ids: Sequence[int]) -> Sequence[NoticeAttempt]:
    return session.scalars(
        select(NoticeAttempt).where(
            NoticeAttempt.notice_id.in_(notice_ids), NoticeAttempt.finished_at.is_(None)
        )
    ).all()


def _take_back(notice: Notice, begun: NoticeAttempt | None, now: datetime, *, again: bool) -> None:
    notice.lease_until = None
    if begun is None:
        notice.state, notice.lease_token = NoticeState.WAITING, None
        return
    notice.attempts = begun.number
    begun.finished_at, begun.error = now, "The sender stopped between sending and recording."
    begun.outcome = AttemptOutcome.LATER if again else AttemptOutcome.UNCERTAIN
    notice.error = begun.error
    notice.state = NoticeState.WAITING if again else NoticeState.UNCERTAIN
    if again:
        notice.lease_token = None
