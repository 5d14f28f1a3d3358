"""The outbox: put() in the caller's transaction; `claims` holds what is being sent, `holding` what waits.

States: held -> waiting -> sending -> sent | waiting (later) | dead | uncertain; waiting -> suppressed when
what it demands was paid, or its reader refused all that is no service (`withdrawal`).
"""

from collections.abc import Sequence
from dataclasses import is_dataclass
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy.orm import Session

from models import bulk
from models.notice import Notice, NoticeAttachment, NoticeDemand
from models.upsert import added
from models.words import Cover, HeldBecause, NoticeState
from notifications.addresses import OPTED_OUT, Recipient, has_opted_out
from notifications.notices import Words, is_service, kind_of
from notifications.routes import Routes
from worker.job import Night


class Attachment(NamedTuple):
    """A file that goes with a notice: its name for the reader, and its copy below the files folder."""

    name: str
    stored_as: str


class Demand(NamedTuple):
    """Fen that a notice asks for on a cover of a case; read again at the moment of sending."""

    case_id: int
    cover: Cover
    amount: int


def put(
    session: Session,
    notice: Words,
    *,
    occasion: str,
    recipient: str,
    night: Night,
    case_id: int | None = None,
    hold: HeldBecause | None = None,
    not_before: datetime | None = None,
    attachments: Sequence[Attachment] = (),
    demands: Sequence[Demand] = (),
) -> bool:
    """Write a notice with its reason, to be sent later. False when the occasion was told before.

    `occasion` is unique in the whole database, so it names a row: "refund_ready:<refund id>". `recipient`
    is the full name in the address book: a customer (with `case_id`, whose plate is asked for too), a
    branch of an insurer, a member of staff. Without an address the notice is held until one is imported;
    `hold` keeps it back for another reason. It leaves at once, or not before a moment.
    """
    told = Told(notice, occasion, recipient, case_id, hold, not_before, attachments, demands)
    return put_all(session, [told], night) == 1


class Told(NamedTuple):
    """One notice with what `put` is given of it."""

    notice: Words
    occasion: str
    recipient: str
    case_id: int | None = None
    hold: HeldBecause | None = None
    not_before: datetime | None = None
    attachments: Sequence[Attachment] = ()
    demands: Sequence[Demand] = ()


def put_all(session: Session, told: Sequence[Told], night: Night) -> int:
    """Write many notices as `put` does; what they share is asked once. Returns how many were new."""
    routes = Routes(session, night.date, [_who(each, night) for each in told])
    rows = [_row(session, each, night, routes) for each in told]
    new = {row.occasion: row.id for row in added(session, Notice, rows, "occasion", "id")}
    files, demands = [], []
    for each in told:
        if (notice_id := new.get(each.occasion)) is not None:
            files += [(notice_id, at, *file) for at, file in enumerate(each.attachments, 1)]
            demands += [(notice_id, *demand) for demand in each.demands]
    bulk.add_tuples(session, NoticeAttachment, ("notice_id", "position", *Attachment._fields), files)
    bulk.add_tuples(session, NoticeDemand, ("notice_id", *Demand._fields), demands)
    return len(new)


def _who(told: Told, night: Night) -> Recipient:
    return Recipient(night.shop_id, told.notice.audience, told.recipient, told.case_id)


def _row(session: Session, told: Told, night: Night, routes: Routes) -> dict[str, Any]:
    notice = told.notice
    kind, who = kind_of(type(notice)), _who(told, night)
    way = routes.of(who, kind)
    because: str | None = told.hold or (None if way.address else HeldBecause.NO_ADDRESS)
    state = NoticeState.HELD if because else NoticeState.WAITING
    if not is_service(type(notice)) and has_opted_out(session, who):
        state, because = NoticeState.SUPPRESSED, OPTED_OUT
    return {
        "shop_id": night.shop_id,
        "case_id": told.case_id,
        "kind": kind,
        "occasion": told.occasion,
        "audience": notice.audience,
        "recipient": told.recipient,
        "channel": way.channel,
        "address": way.address,
        "words": plain(notice),
        "state": state,
        "held_because": because,
        "send_after": max(night.at, told.not_before or night.at),
        "attempts": 0,
        "written_at": night.at,
    }


_PLAIN = frozenset({str, int, bool, type(None)})


def plain(value: Any) -> Any:
    """A dataclass as its fields, in depth, as JSON has it; what is plain already is not copied."""
    if isinstance(value, tuple):
        return [plain(each) for each in value]
    if not is_dataclass(value):
        return value
    fields = vars(value)
    return {name: each if type(each) in _PLAIN else plain(each) for name, each in fields.items()}
