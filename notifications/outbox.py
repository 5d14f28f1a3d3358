"""The outbox: put() in the caller's transaction, claim() and settle() for the sender (design 4).

States: waiting -> sending -> sent | waiting (later) | dead | uncertain; held until an address comes or
a person lets it go. Every function works in the transaction of the session it is given.
"""

from dataclasses import asdict
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from models.notice import Notice
from models.upsert import add_new, changed_rows
from models.values import Refusal
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
    branch of an insurer, a member of staff. Without an address the notice is held until one is imported.
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
    notice.send_after, notice.attempts = at, 0
    notice.lease_token = notice.lease_until = None


def confirm_sent(session: Session, notice_id: int, at: datetime) -> None:
    """Say of an uncertain notice that it did arrive: found in the server's log by its Message-ID."""
    done = session.execute(
        update(Notice)
        .where(Notice.id == notice_id, Notice.state == NoticeState.UNCERTAIN)
        .values(state=NoticeState.SENT, sent_at=at, error=None)
    )
    if not changed_rows(done):
        raise Refusal(f"Notice {notice_id} is not uncertain: there is nothing to confirm.")
