"""The outbox: put() in the caller's transaction; `claims` holds what is being sent, `holding` what waits.

States: held -> waiting -> sending -> sent | waiting (later) | dead | uncertain.
"""

from dataclasses import asdict

from sqlalchemy.orm import Session

from models.notice import Notice
from models.upsert import add_new
from models.words import ChannelName, HeldBecause, NoticeState
from notifications.addresses import mail_address
from notifications.notices import Words, kind_of
from worker.job import Night
from worker.settings import settings


def put(
    session: Session,
    notice: Words,
    *,
    occasion: str,
    recipient: str,
    night: Night,
    case_id: int | None = None,
    hold: HeldBecause | None = None,
) -> bool:
    """Write a notice with its reason, to be sent later. False when the occasion was told before.

    `occasion` is unique in the whole database, so it names a row: "refund_ready:<refund id>". `recipient`
    is the full name in the address book: a customer (with `case_id`, whose plate is asked for too), a
    branch of an insurer, a member of staff. Without an address the notice is held until one is imported;
    `hold` keeps it back for another reason.
    """
    address = mail_address(
        session, shop_id=night.shop_id, audience=notice.audience, recipient=recipient, case_id=case_id
    )
    because = hold or (None if address else HeldBecause.NO_ADDRESS)
    row = {
        "shop_id": night.shop_id,
        "case_id": case_id,
        "kind": kind_of(type(notice)),
        "occasion": occasion,
        "audience": notice.audience,
        "recipient": recipient,
        "channel": channel_now(),
        "address": address,
        "words": asdict(notice),
        "state": NoticeState.HELD if because else NoticeState.WAITING,
        "held_because": because,
        "send_after": night.at,
        "attempts": 0,
        "written_at": night.at,
    }
    return add_new(session, Notice, [row]) == 1


def channel_now() -> ChannelName:
    """Mail when a server is configured, else files in the outbox folder (design 6)."""
    return ChannelName.EMAIL if settings().smtp_url else ChannelName.FILE
