"""Which way a notice goes: the first of the shop's order that is open, fits and has a live address."""

from collections.abc import Collection, Iterator
from datetime import date
from typing import NamedTuple

from sqlalchemy.orm import Session

from models.notice import Notice
from models.words import Audience, ChannelName
from notifications import parts
from notifications.addresses import Recipient, Tells, address_on, live, named
from notifications.choices import chosen, sms_template_key
from worker.settings import settings

GROUP = "group"
"""The address of a notice for the WeCom group: the webhook itself is a secret of the machine."""


class Route(NamedTuple):
    channel: ChannelName
    address: str | None
    """None: nobody knows one."""


class Routes:
    """The ways of many notices on one day: what they share is asked once."""

    def __init__(self, session: Session, on: date, expected: Collection[Recipient] = ()) -> None:
        self._session, self._on = session, on
        self._named = named(session, expected)
        self._ways: dict[tuple[int, Audience, str], list[ChannelName]] = {}
        self._live: dict[tuple[int, ChannelName], Tells] = {}

    def of(self, who: Recipient, kind: str) -> Route:
        """The way to a recipient; without any, the way it would go once there is an address."""
        about = (who.shop_id, who.audience, kind)
        if about not in self._ways:
            self._ways[about] = list(_open_ways(self._session, who, kind, self._on))
        ways = self._ways[about]
        for channel in ways:
            if address := GROUP if channel is ChannelName.WECOM else self._address(channel, who):
                return Route(channel, address)
        return Route(ways[0] if ways else mail_now(), None)

    def _address(self, channel: ChannelName, who: Recipient) -> str | None:
        about = (who.shop_id, channel)
        if about not in self._live:
            self._live[about] = live(self._session, channel, who.shop_id)
        return address_on(self._session, who, self._live[about], self._named.get(who))


def route(session: Session, who: Recipient, kind: str, on: date) -> Route:
    """The way to one recipient."""
    return Routes(session, on).of(who, kind)


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
