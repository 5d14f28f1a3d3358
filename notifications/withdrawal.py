"""What is demanded is read again at the moment of sending: nobody is asked for what he has paid."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Select, select, update
from sqlalchemy.orm import Session

from models.notice import Notice, NoticeDemand
from models.open_money import open_by_cover
from models.words import Cover, NoticeState
from notifications.addresses import OPTED_OUT, Recipient, has_opted_out
from notifications.claims import Claimed
from notifications.notices import KIND, is_service

PAID = "paid"
CHANGED = "changed"
"""Part of it was paid: whoever wrote the notice writes it anew."""


def withdraw(session: Session, shop_id: int, now: datetime) -> int:
    """Suppress the due notices whose demands no longer stand as they were written; returns how many."""
    due = _demands().where(
        Notice.shop_id == shop_id, Notice.state == NoticeState.WAITING, Notice.send_after <= now
    )
    return _suppress(session, session.execute(due).all(), NoticeState.WAITING)


def withdraw_claimed(session: Session, taken: Claimed) -> bool:
    """The same for one that is about to be sent, and for what its reader refused; True: it is not sent."""
    notice = KIND.get(taken.kind)
    if (
        notice
        and not is_service(notice)
        and has_opted_out(session, Recipient(taken.shop_id, taken.audience, taken.recipient, taken.case_id))
    ):
        _withdraw(session, taken.notice_id, OPTED_OUT, NoticeState.SENDING)
        return True
    if not taken.demands:
        return False
    own = _demands().where(Notice.id == taken.notice_id, Notice.lease_token == taken.token)
    return bool(_suppress(session, session.execute(own).all(), NoticeState.SENDING))


def _demands() -> Select[int, int, Cover, int]:
    return (
        select(NoticeDemand.notice_id, NoticeDemand.case_id, NoticeDemand.cover, NoticeDemand.amount)
        .join(Notice, Notice.id == NoticeDemand.notice_id)
        .order_by(NoticeDemand.id)
    )


def _suppress(session: Session, demands: Sequence[Any], state: NoticeState) -> int:
    owed = open_by_cover(session, {row.case_id for row in demands})
    still: defaultdict[int, list[tuple[int, int]]] = defaultdict(list)
    for row in demands:
        still[row.notice_id].append((row.amount, owed.get((row.case_id, row.cover), 0)))
    withdrawn = {
        notice_id: CHANGED if any(now_owed for _, now_owed in pairs) else PAID
        for notice_id, pairs in still.items()
        if any(wanted != now_owed for wanted, now_owed in pairs)
    }
    for notice_id, why in withdrawn.items():
        _withdraw(session, notice_id, why, state)
    return len(withdrawn)


def _withdraw(session: Session, notice_id: int, why: str, state: NoticeState) -> None:
    session.execute(
        update(Notice)
        .where(Notice.id == notice_id, Notice.state == state)
        .values(state=NoticeState.SUPPRESSED, held_because=why, lease_token=None, lease_until=None)
    )
