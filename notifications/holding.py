"""What happens to a notice that was held, died or is uncertain: an address arrives, or a person decides."""

from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from models.notice import Notice
from models.upsert import changed_rows
from models.values import Refusal
from models.words import HeldBecause, NoticeState
from notifications.addresses import mail_address
from notifications.outbox import channel_now


def release_addressed(session: Session, shop_id: int, at: datetime) -> int:
    """Let go what was held for want of an address and has one now; returns how many."""
    held = session.scalars(
        select(Notice)
        .where(
            Notice.shop_id == shop_id,
            Notice.state == NoticeState.HELD,
            Notice.held_because == HeldBecause.NO_ADDRESS,
        )
        .order_by(Notice.id)
    )
    return sum(_release_if_addressed(session, notice, at) for notice in held)


def _release_if_addressed(session: Session, notice: Notice, at: datetime) -> bool:
    address = mail_address(
        session,
        shop_id=notice.shop_id,
        audience=notice.audience,
        recipient=notice.recipient,
        case_id=notice.case_id,
    )
    if address is None:
        return False
    notice.address = address
    _wait_again(notice, at)
    return True


def release(session: Session, notice_id: int, at: datetime) -> None:
    """Let a held, dead or uncertain notice go (again), by a person's decision. Refusal in any other state."""
    notice = session.get(Notice, notice_id)
    again = (NoticeState.HELD, NoticeState.DEAD, NoticeState.UNCERTAIN)
    if notice is None or notice.state not in again:
        state = "does not exist" if notice is None else f"is {notice.state}"
        raise Refusal(f"Notice {notice_id} {state}: only one held, dead or uncertain can be sent again.")
    if notice.address is None:
        raise Refusal(
            f"Notice {notice_id} has no address for {notice.recipient}. "
            "Bring one: huikuan contact import FILE"
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
