"""The outbox: put() in the caller's transaction; `claims` holds what is being sent, `holding` what waits.

States: held -> waiting -> sending -> sent | waiting (later) | dead | uncertain; waiting -> suppressed when
what it demands was paid, or its reader refused all that is no service (`withdrawal`).
"""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from models.notice import Notice, NoticeAttachment, NoticeDemand
from models.upsert import add_new
from models.words import Cover, HeldBecause, NoticeState
from notifications.addresses import OPTED_OUT, Recipient, has_opted_out
from notifications.notices import Words, is_service, kind_of
from notifications.routes import route
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
    kind, who = kind_of(type(notice)), Recipient(night.shop_id, notice.audience, recipient, case_id)
    way = route(session, who, kind, night.date)
    because: str | None = hold or (None if way.address else HeldBecause.NO_ADDRESS)
    state = NoticeState.HELD if because else NoticeState.WAITING
    if not is_service(type(notice)) and has_opted_out(session, who):
        state, because = NoticeState.SUPPRESSED, OPTED_OUT
    row = {
        "shop_id": night.shop_id,
        "case_id": case_id,
        "kind": kind,
        "occasion": occasion,
        "audience": notice.audience,
        "recipient": recipient,
        "channel": way.channel,
        "address": way.address,
        "words": asdict(notice),
        "state": state,
        "held_because": because,
        "send_after": max(night.at, not_before or night.at),
        "attempts": 0,
        "written_at": night.at,
    }
    if not add_new(session, Notice, [row]):
        return False
    if attachments or demands:
        _add_parts(session, occasion, attachments, demands)
    return True


def _add_parts(
    session: Session, occasion: str, attachments: Sequence[Attachment], demands: Sequence[Demand]
) -> None:
    notice_id = session.execute(select(Notice.id).where(Notice.occasion == occasion)).scalar_one()
    files = [{"position": at, **each._asdict()} for at, each in enumerate(attachments, 1)]
    for model, rows in ((NoticeAttachment, files), (NoticeDemand, [each._asdict() for each in demands])):
        if rows:
            session.execute(insert(model), [row | {"notice_id": notice_id} for row in rows])
