"""How a notice that was held, died or is uncertain goes on: what it lacks arrives, or a person decides."""

from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from models.case import Case
from models.notice import Notice
from models.upsert import changed_rows
from models.values import Refusal, business_date
from models.words import HeldBecause, NoticeState
from notifications.addresses import mail_address
from notifications.outbox import channel_now


def release_held(session: Session, shop_id: int, at: datetime) -> int:
    """Let go what was held and now has its address and its authorisation; returns how many."""
    held = session.scalars(
        select(Notice).where(Notice.shop_id == shop_id, Notice.state == NoticeState.HELD).order_by(Notice.id)
    ).all()
    return sum(_release_if_complete(session, notice, at) for notice in held)


def _release_if_complete(session: Session, notice: Notice, at: datetime) -> bool:
    if notice.held_because == HeldBecause.NO_AUTHORISATION and not _is_authorised(session, notice, at):
        return False
    notice.address = mail_address(
        session,
        shop_id=notice.shop_id,
        audience=notice.audience,
        recipient=notice.recipient,
        case_id=notice.case_id,
    )
    if notice.address is None:
        notice.held_because = HeldBecause.NO_ADDRESS
        return False
    _wait_again(notice, at)
    return True


def _is_authorised(session: Session, notice: Notice, at: datetime) -> bool:
    case = session.get(Case, notice.case_id) if notice.case_id else None
    if case is None or case.authorised_by is None:
        return False
    return case.authorisation_valid_to is None or business_date(at) <= case.authorisation_valid_to


def release(session: Session, notice_id: int, at: datetime) -> None:
    """Let a dead or uncertain notice go again, by a person's decision. Raises Refusal in any other state."""
    notice = session.get(Notice, notice_id)
    if (
        notice is None
        or notice.address is None
        or notice.state not in (NoticeState.DEAD, NoticeState.UNCERTAIN)
    ):
        state = "does not exist" if notice is None else f"is {notice.state}"
        why = f" ({notice.held_because})" if notice and notice.held_because else ""
        raise Refusal(
            f"Notice {notice_id} {state}{why}: only one that is dead or uncertain can be sent again. "
            f"See: huikuan notice show {notice_id}"
        )
    _wait_again(notice, at)


def _wait_again(notice: Notice, at: datetime) -> None:
    notice.channel = channel_now()
    notice.state, notice.held_because, notice.error = NoticeState.WAITING, None, None
    notice.send_after, notice.lease_token, notice.lease_until = at, None, None


def confirm_sent(session: Session, notice_id: int, at: datetime) -> None:
    """Say of an uncertain notice that it did arrive: found in the server's log by its Message-ID."""
    done = session.execute(
        update(Notice)
        .where(Notice.id == notice_id, Notice.state == NoticeState.UNCERTAIN)
        .values(state=NoticeState.SENT, sent_at=at, error=None)
    )
    if not changed_rows(done):
        raise Refusal(f"Notice {notice_id} is not uncertain: there is nothing to confirm.")
