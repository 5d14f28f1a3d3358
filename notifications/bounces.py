"""An address that was refused for good is switched off, and its notice takes another way or waits for one."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.notice import DeadAddress, Notice
from models.secrecy import fingerprint
from models.upsert import add_new
from models.words import ChannelName, HeldBecause, NoticeState
from notifications.routes import route_of
from worker.clock import SHANGHAI


def bounced(session: Session, notice_id: int, because: str, now: datetime) -> NoticeState:
    """Switch the notice's address off; returns its state: it waits on another way, or is held."""
    notice = session.get_one(Notice, notice_id, populate_existing=True)
    _switch_off(session, notice, because, now)
    way = route_of(session, notice, now.astimezone(SHANGHAI).date())
    notice.channel, notice.address, notice.error = way.channel, way.address, because
    notice.send_after, notice.lease_token, notice.lease_until = now, None, None
    notice.sent_at, notice.provider_id, notice.ask_after = None, None, None
    if way.address:
        notice.state, notice.held_because = NoticeState.WAITING, None
    else:
        notice.state, notice.held_because = NoticeState.HELD, HeldBecause.DEAD_ADDRESS
    session.flush()
    return notice.state


def is_dead(session: Session, notice: Notice, address: str) -> bool:
    """Whether an address was switched off in the notice's shop, on whichever channel."""
    known = select(DeadAddress.id).where(
        DeadAddress.shop_id == notice.shop_id, DeadAddress.fingerprint == fingerprint(address)
    )
    return session.scalar(known.limit(1)) is not None


def _switch_off(session: Session, notice: Notice, because: str, now: datetime) -> None:
    row = {
        "shop_id": notice.shop_id,
        "channel": ChannelName.SMS if notice.channel is ChannelName.SMS else ChannelName.EMAIL,
        "fingerprint": fingerprint(notice.address or ""),
        "notice_id": notice.id,
        "because": because,
        "since": now,
    }
    add_new(session, DeadAddress, [row])
