"""Refunds that stand on money which is to be taken back: named and refused, or taken along on request."""

from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

from sqlalchemy import func, or_, select, update
from sqlalchemy.orm import Session

from models.entry import Entry, Movement, balances, held, post
from models.event import Happening, record
from models.match import Match
from models.notice import Notice
from models.refund import Refund
from models.values import Refusal, yuan_grouped
from models.words import Account, EntryKind, NoticeState, RefundState
from worker.job import Night

_HELD = (Account.DEPOSIT_HELD, Account.CUSTOMER_OWES)
_PROMISED = (RefundState.APPROVED, RefundState.UNCLAIMED)
_STANDS = (*_PROMISED, RefundState.IN_FILE, RefundState.PAID)


class _Standing(NamedTuple):
    """A refund that was approved or paid, of a repair that would lack money."""

    id: int
    work_order_id: int
    amount: int
    state: RefundState

    def __str__(self) -> str:
        return f"refund {self.id} of {yuan_grouped(self.amount)} yuan ({self.state})"


def clear_the_way(
    session: Session, night: Night, entries: Sequence[Entry], matches: Sequence[Match], *, with_refunds: bool
) -> None:
    """Refuse where reversing these entries pulls money from under a refund; or give approved ones back.

    A refund that is paid stays paid: what the customer got is then owed by him (domain 1.7). One in a
    payment file is on its way and is always refused.
    """
    found = _standing(session, entries)
    if not found:
        return
    named, ids = ", ".join(map(str, found)), " ".join(str(match.id) for match in matches[:1])
    if on_the_way := [each for each in found if each.state is RefundState.IN_FILE]:
        raise Refusal(
            f"The money of match {ids} is under {named}, which is on its way to the bank. Wait for the "
            f'statement, or record that it failed: huikuan refund failed {on_the_way[0].id} --because "..."'
        )
    if not with_refunds:
        raise Refusal(
            f"The money of match {ids} is under {named}. Take both back: "
            f"huikuan reconcile undo {ids} --with-refunds"
        )
    for refund in found:
        if refund.state in _PROMISED:
            _release(session, night, refund)
    inputs = {"refunds": [each.id for each in found], "matches": [match.id for match in matches]}
    record(session, [Happening("refunds_undermined", inputs)], **night.trail)


def _standing(session: Session, entries: Sequence[Entry]) -> list[_Standing]:
    """Refunds of the repairs that would hold less than nothing for their customers."""
    taken = Counter[int]()
    for entry in entries:
        taken[entry.work_order_id] += entry.amount * ((entry.credit in _HELD) - (entry.debit in _HELD))
    lies = balances(session, taken)
    short = [order for order, amount in taken.items() if amount > 0 and held(lies[order]) < amount]
    rows = session.execute(
        select(Refund.id, Refund.work_order_id, Refund.amount, Refund.state)
        .where(Refund.work_order_id.in_(sorted(short)), Refund.state.in_(_STANDS))
        .order_by(Refund.id)
    )
    return [_Standing(*row) for row in rows]


def _release(session: Session, night: Night, refund: _Standing) -> None:
    """Reserved money goes back to the balance; the refund waits again, and the night computes it anew."""
    reserved = Entry.occasion.startswith(f"refund_reserved:{refund.id}:", autoescape=True)
    number = session.execute(select(func.count()).select_from(Entry).where(reserved)).scalar_one()
    occasion = f"refund_released:{refund.id}:{number}"
    movement = Movement(refund.work_order_id, EntryKind.REFUND_RELEASED, refund.amount, night.date, occasion)
    post(session, [movement], **night.trail)
    waits = {
        "state": RefundState.WAITING, "approved_by": None, "approved_at": None, "approved_on": None,
        "remind_on": None, "changed": "保险公司回款的核销已撤销 / a bank match it stands on was undone",
    }  # fmt: skip
    session.execute(update(Refund).where(Refund.id == refund.id).values(**waits))
    ready = f"refund_ready:{refund.id}"
    session.execute(
        update(Notice)
        .where(or_(Notice.occasion == ready, Notice.occasion.startswith(f"{ready}:", autoescape=True)))
        .where(Notice.state.in_((NoticeState.WAITING, NoticeState.HELD)))
        .values(state=NoticeState.SUPPRESSED)
        .execution_options(synchronize_session="fetch")
    )
