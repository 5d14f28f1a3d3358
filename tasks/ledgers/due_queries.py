"""Column 37 from the entries: what is due back to the customer of a repair, as on any day (domain 1.7).

The accounts hold every term of U = K + R - (S - W) - Y - B: what lies on the customer's two accounts is U
less the refunds reserved and paid (docs/money.md). So the figure of a day is the sum of the entries up to
it, and a closed month keeps its own.
"""

from collections.abc import Mapping
from typing import NamedTuple

from sqlalchemy import ColumnElement, and_, case, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session, aliased

from models.entry import Entry
from models.words import Account, EntryKind
from tasks.ledgers.spans import Repairs, Span

_HIS = (Account.DEPOSIT_HELD, Account.CUSTOMER_OWES)
_REFUNDS = (EntryKind.REFUND_RESERVED, EntryKind.REFUND_RELEASED, EntryKind.REFUND_BOUNCED)
_CAME = (
    EntryKind.PAYOUT, EntryKind.PAYOUT_THIRD_PARTY, EntryKind.OVER_RECEIPT_HOLD, EntryKind.REASSIGNED_IN,
    EntryKind.REASSIGNED_IN_THIRD_PARTY,
)  # fmt: skip


class Due(NamedTuple):
    """Fen: U, and what insurers have paid."""

    surplus: int = 0
    came: int = 0


def dues(session: Session, repairs: Repairs, span: Span) -> Mapping[int, Due]:
    """By work order, of the entries that moved money up to the last day shown; an undated one counts."""
    undone = aliased(Entry)
    kind = func.coalesce(undone.kind, Entry.kind)
    sign = case((Entry.kind == EntryKind.REVERSAL, -1), else_=1)
    moved = or_(Entry.value_date.is_(None), Entry.value_date <= span.as_of)
    if span.known_on is not None:
        moved = and_(moved, Entry.business_date <= span.known_on)
    found = session.execute(
        select(
            Entry.work_order_id,
            func.sum(case((kind.in_(_REFUNDS), 0), else_=_on(Entry.credit) - _on(Entry.debit))),
            func.sum(case((kind.in_(_CAME), sign * Entry.amount), else_=0)),
        )
        .outerjoin(undone, undone.id == Entry.reverses_id)
        .where(Entry.work_order_id.in_(repairs), moved)
        .group_by(Entry.work_order_id)
    )
    return {order: Due(int(surplus), int(came)) for order, surplus, came in found}


def _on(account: InstrumentedAttribute[Account]) -> ColumnElement[int]:
    return case((account.in_(_HIS), Entry.amount), else_=0)
