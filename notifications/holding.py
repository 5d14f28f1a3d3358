"""How a notice that was held, died or is uncertain goes on: what it lacks arrives, or a person decides."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from models.case import Case
from models.notice import Notice
from models.shop import Shop
from models.upsert import changed_rows
from models.values import Refusal, business_date
from models.words import ChannelName, HeldBecause, NoticeState
from notifications.bounces import is_dead
from notifications.routes import Route, route_of
from notifications.withdrawal import CHANGED
from worker.clock import SHANGHAI


def release_held(session: Session, shop_id: int, at: datetime) -> int:
    """Let go what was held and now has its address and its authorisation; returns how many."""
    held = session.scalars(
        select(Notice).where(Notice.shop_id == shop_id, Notice.state == NoticeState.HELD).order_by(Notice.id)
    ).all()
    ways = _Ways(session, at)
    return sum(_release_if_complete(session, notice, at, ways) for notice in held)


def reroute(session: Session, shop_id: int, at: datetime, open_ways: Collection[ChannelName]) -> int:
    """Find another way for what waits on a channel that is not open any more; returns how many."""
    stranded = session.scalars(
        select(Notice)
        .where(
            Notice.shop_id == shop_id,
            Notice.state == NoticeState.WAITING,
            Notice.send_after <= at,
            Notice.channel.not_in(open_ways),
        )
        .order_by(Notice.id)
    ).all()
    ways = _Ways(session, at)
    return sum(_send_on(notice, at, ways) for notice in stranded)


class _Ways:
    """The way of each notice that is open at a moment, looked up once for all that go the same.

    Whoever has no address is written to every day, and every delivery looks whether he has one now.
    """

    def __init__(self, session: Session, at: datetime) -> None:
        self._session, self._on = session, at.astimezone(SHANGHAI).date()
        self._known: dict[tuple[object, ...], Route] = {}

    def of(self, notice: Notice) -> Route:
        who = (notice.audience, notice.recipient, notice.case_id, notice.kind)
        if who not in self._known:
            self._known[who] = route_of(self._session, notice, self._on)
        return self._known[who]


def _release_if_complete(session: Session, notice: Notice, at: datetime, ways: _Ways) -> bool:
    if notice.held_because == HeldBecause.NO_AUTHORISATION and not _is_authorised(session, notice, at):
        return False
    return _send_on(notice, at, ways)


def _send_on(notice: Notice, at: datetime, ways: _Ways) -> bool:
    """Let it wait on the way that is open now, or hold it until there is an address."""
    way = ways.of(notice)
    notice.channel, notice.address = way.channel, way.address
    if way.address is None:
        kept = notice.held_because == HeldBecause.DEAD_ADDRESS
        notice.state = NoticeState.HELD
        notice.held_because = HeldBecause.DEAD_ADDRESS if kept else HeldBecause.NO_ADDRESS
        return False
    _wait_again(notice, at)
    return True


def _is_authorised(session: Session, notice: Notice, at: datetime) -> bool:
    case = session.get(Case, notice.case_id) if notice.case_id else None
    if case is None or case.authorised_by is None:
        return False
    return case.authorisation_valid_to is None or business_date(at) <= case.authorisation_valid_to


def send_again(
    session: Session,
    notice_id: int,
    at: datetime,
    states: Collection[NoticeState] = (NoticeState.DEAD, NoticeState.UNCERTAIN),
) -> None:
    """Let a notice go again, by a person's decision; a held one if it now has what it lacked.

    Raises Refusal in any state but `states`.
    """
    notice = session.get(Notice, notice_id)
    if notice is None or notice.state not in states:
        raise Refusal(_why_not(session, notice_id, notice, states))
    if notice.state is NoticeState.HELD:
        _release_if_complete(session, notice, at, _Ways(session, at))
        return
    known = notice.address
    if not _send_on(notice, at, _Ways(session, at)) and known and not is_dead(session, notice, known):
        notice.address = known
        _wait_again(notice, at)


def _why_not(session: Session, notice_id: int, notice: Notice | None, states: Collection[NoticeState]) -> str:
    if notice is None:
        return f"Notice {notice_id} does not exist. See: huikuan notice list"
    why = f" ({notice.held_because})" if notice.held_because else ""
    may = " or ".join(states)
    so = f"Notice {notice_id} is {notice.state}{why}: only one that is {may} can be sent again."
    if notice.state is NoticeState.UNCERTAIN:
        return f"{so} It may have arrived; say which: huikuan notice resolve {notice_id} --sent or --again"
    if notice.state is NoticeState.SUPPRESSED and notice.held_because == CHANGED:
        shop = session.get_one(Shop, notice.shop_id).code
        return f"{so} Part of what it asks for was paid; to write it anew: huikuan chase run --shop {shop}"
    return f"{so} See: huikuan notice show {notice_id}"


def _wait_again(notice: Notice, at: datetime) -> None:
    notice.state, notice.held_because, notice.error = NoticeState.WAITING, None, None
    notice.send_after, notice.lease_token, notice.lease_until = at, None, None
    notice.ask_after = None


def confirm_sent(session: Session, notice_id: int, at: datetime) -> None:
    """Say of an uncertain notice that it did arrive: found in the server's log by its Message-ID."""
    done = session.execute(
        update(Notice)
        .where(Notice.id == notice_id, Notice.state == NoticeState.UNCERTAIN)
        .values(state=NoticeState.SENT, sent_at=at, error=None, ask_after=None)
    )
    if not changed_rows(done):
        raise Refusal(f"Notice {notice_id} is not uncertain: there is nothing to confirm.")
