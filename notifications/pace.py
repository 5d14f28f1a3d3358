"""How fast and how much: the rate of a channel, and how many notices customers get from a shop in a day."""

from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models.notice import Notice, NoticeAttempt
from models.words import Audience, ChannelName
from notifications.choices import chosen
from worker.clock import SHANGHAI

MINUTE = timedelta(minutes=1)


def allowance(
    session: Session, channel: ChannelName, per_minute: int | None, now: datetime, most: int
) -> int:
    """How many may be sent on a channel now, of all shops together."""
    if per_minute is None:
        return most
    begun = select(func.count()).where(
        NoticeAttempt.channel == channel, NoticeAttempt.started_at > now - MINUTE
    )
    return max(0, min(most, per_minute - (session.scalar(begun) or 0)))


def seconds_until_free(session: Session, channel: ChannelName, now: datetime) -> float:
    """How long until the oldest attempt of the last minute is a minute old."""
    oldest = session.scalar(
        select(func.min(NoticeAttempt.started_at)).where(
            NoticeAttempt.channel == channel, NoticeAttempt.started_at > now - MINUTE
        )
    )
    return max(0.0, (oldest + MINUTE - now).total_seconds()) if oldest else 0.0


def left_for_customers(session: Session, shop_id: int, now: datetime) -> int | None:
    """How many notices the shop's customers may still get today; None = any number.

    A fault that writes thousands of notices is stopped here: what is above the cap waits for tomorrow, or
    for a person who raises it (setting `customer_notices_per_day`, 0 = no cap).
    """
    today = now.astimezone(SHANGHAI).date()
    cap = int(chosen(session, "customer_notices_per_day", shop_id=shop_id, on=today))
    if cap == 0:
        return None
    midnight = datetime.combine(today, datetime.min.time(), SHANGHAI)
    sent = select(func.count()).where(
        Notice.shop_id == shop_id, Notice.sent_at >= midnight, Notice.audience == Audience.CUSTOMER
    )
    return max(0, cap - (session.scalar(sent) or 0))
