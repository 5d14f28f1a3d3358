"""What is demanded is read again at the moment of sending: nobody is asked for what he has paid."""

from collections import defaultdict
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from models.notice import Notice, NoticeDemand
from models.open_money import open_by_cover
from models.words import NoticeState

PAID = "paid"
CHANGED = "changed"
"""Part of it was paid: whoever wrote the notice writes it anew."""


def withdraw(session: Session, shop_id: int, now: datetime) -> int:
    """Suppress the due notices whose demands no longer stand as they were written; returns how many."""
    due = (
        select(NoticeDemand.notice_id, NoticeDemand.case_id, NoticeDemand.cover, NoticeDemand.amount)
        .join(Notice, Notice.id == NoticeDemand.notice_id)
        .where(Notice.shop_id == shop_id, Notice.state == NoticeState.WAITING, Notice.send_after <= now)
        .order_by(NoticeDemand.id)
    )
    demands = session.execute(due).all()
    owed = open_by_cover(session, {row.case_id for row in demands})
    still = defaultdict(list)
    for row in demands:
        still[row.notice_id].append((row.amount, owed.get((row.case_id, row.cover), 0)))
    withdrawn = {
        notice_id: CHANGED if any(now_owed for _, now_owed in pairs) else PAID
        for notice_id, pairs in still.items()
        if any(wanted != now_owed for wanted, now_owed in pairs)
    }
    for notice_id, why in withdrawn.items():
        session.execute(
            update(Notice)
            .where(Notice.id == notice_id, Notice.state == NoticeState.WAITING)
            .values(state=NoticeState.SUPPRESSED, held_because=why)
        )
    return len(withdrawn)
