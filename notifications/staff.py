"""Telling the people of the shop: by name or by role, each once, and a group that several share once."""

from collections.abc import Iterable
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.shop import setting
from models.staff import Staff
from models.words import Audience, ChannelName, Role
from notifications import outbox
from notifications.addresses import Recipient
from notifications.notices import Words, kind_of
from notifications.routes import route
from worker.job import Night

_LEADERS = (Role.MANAGER, Role.ADMIN)


def readers(session: Session, shop_id: int, on: date) -> list[str]:
    """Who leads the shop: the name in the setting `digest_to`, else every active manager and admin."""
    named = setting(session, "digest_to", on=on, default="", shop_id=shop_id)
    return [str(named)] if named else _active(session, _LEADERS)


def holders(session: Session, night: Night, owner: str) -> list[str]:
    """Who is meant by a name or a role; a role that nobody active has falls to who leads the shop."""
    if owner not in tuple(Role):
        return [owner]
    leads = readers(session, night.shop_id, night.date)
    return leads if owner in _LEADERS else _active(session, (Role(owner),)) or leads


def _active(session: Session, roles: Iterable[Role]) -> list[str]:
    found = select(Staff.name).where(Staff.active, Staff.role.in_(roles)).order_by(Staff.name)
    return list(session.scalars(found))


def tell(session: Session, night: Night, words: Words, occasion: str, names: Iterable[str]) -> int:
    """Write it to each of them; returns how many notices. Whom only the group reaches share one."""
    told, in_group = 0, False
    for name in names:
        who = Recipient(night.shop_id, Audience.STAFF, name, None)
        by_group = route(session, who, kind_of(type(words)), night.date).channel is ChannelName.WECOM
        if by_group and in_group:
            continue
        in_group |= by_group
        told += outbox.put(session, words, occasion=f"{occasion}:{name}"[:160], recipient=name, night=night)
    return told
