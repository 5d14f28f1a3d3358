"""Which way a notice goes: the first of the shop's order that is open, fits and has a live address."""

from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

from sqlalchemy.orm import Session

from models.notice import Notice
from models.words import ChannelName
from notifications import parts
from notifications.addresses import Recipient, address_on
from notifications.choices import chosen, sms_template_key
from worker.settings import settings

GROUP = "group"
"""The address of a notice for the WeCom group: the webhook itself is a secret of the machine."""


class Route(NamedTuple):
    channel: ChannelName
    address: str | None
    """None: nobody knows one."""


def route(session: Session, who: Recipient, kind: str, on: date) -> Route:
    """The way to a recipient; without any, the way it would go once there is an address."""
    ways = list(_open_ways(session, who, kind, on))
    for channel in ways:
        address = GROUP if channel is ChannelName.WECOM else address_on(session, channel, who)
        if address:
            return Route(channel, address)
    return Route(ways[0] if ways else mail_now(), None)


def route_of(session: Session, notice: Notice, on: date) -> Route:
    """The way a notice that stands in the outbox would go now."""
    who = Recipient(notice.shop_id, notice.audience, notice.recipient, notice.case_id)
    return route(session, who, notice.kind, on)


def mail_now() -> ChannelName:
    """Mail when a server is configured, else files in the outbox folder (design 6)."""
    return ChannelName.EMAIL if settings().smtp_url else ChannelName.FILE


def _open_ways(session: Session, who: Recipient, kind: str, on: date) -> Iterator[ChannelName]:
    order = chosen(session, f"channels_{who.audience}", shop_id=who.shop_id, on=on)
    for name in order.split():
        way = ChannelName(name)
        if way is ChannelName.EMAIL:
            yield mail_now()
        elif way is ChannelName.SMS and settings().sms_url and parts.exists(kind, parts.SMS):
            if chosen(session, sms_template_key(kind), shop_id=who.shop_id, on=on):
                yield way
        elif way is ChannelName.WECOM and settings().wecom_url and parts.exists(kind, parts.WECOM):
            yield way
