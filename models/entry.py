"""The money entries: append-only, two legs each, on the accounts of a work order (docs/money.md).

An entry moves `amount` fen from the account it credits to the account it debits; written
as one row, its two legs cannot fail to sum to zero. Nothing is ever changed or deleted:
the database refuses it, and a mistake is reversed by an entry of its own. It also refuses
a refund above what is held for the customer (`entry_guards`).
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Mapped, Session, mapped_column

from models import bulk, entry_guards
from models.append_only import protect, run_after_create
from models.base import Base, Fen, Id, Utc, Word
from models.case import Case
from models.values import SANE_LIMIT, Refusal, yuan
from models.words import Account, EntryKind


class Entry(Base):
    """One movement of money. `occasion` makes it happen once, however often it is posted."""

    __tablename__ = "entry"
    __table_args__ = (
        CheckConstraint("amount > 0", name="amount_positive"),
        CheckConstraint("debit <> credit", name="two_accounts"),
        Index("ix_entry_of_a_day", "shop_id", "business_date"),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    shop_id: Mapped[int] = mapped_column(ForeignKey("shop.id"), index=True)
    work_order_id: Mapped[int] = mapped_column(ForeignKey("work_order.id"), index=True)
    kind: Mapped[EntryKind] = mapped_column(Word(EntryKind))
    debit: Mapped[Account] = mapped_column(Word(Account))
    credit: Mapped[Account] = mapped_column(Word(Account))
    amount: Mapped[int] = mapped_column(Fen)
    value_date: Mapped[date | None]
    """When the money moved, if known."""
    business_date: Mapped[date]
    """The night or day on which it was recorded."""
    occasion: Mapped[str] = mapped_column(String(128), unique=True)
    """The source row and what it was, e.g. 'file:3:LP2026-0001:deposit', 'refund_reserved:7:1'."""
    reverses_id: Mapped[int | None] = mapped_column(ForeignKey("entry.id"), unique=True)
    recorded_by: Mapped[str] = mapped_column(String(64))
    recorded_at: Mapped[datetime] = mapped_column(Utc)


LEGS: dict[EntryKind, tuple[Account, Account]] = {
    EntryKind.BILL: (Account.CUSTOMER_OWES, Account.SHOP_EARNED),
    EntryKind.DEPOSIT: (Account.BANK, Account.DEPOSIT_HELD),
    EntryKind.SELF_PAY: (Account.BANK, Account.CUSTOMER_OWES),
    EntryKind.TOP_UP: (Account.BANK, Account.CUSTOMER_OWES),
    EntryKind.PAYOUT: (Account.BANK, Account.CUSTOMER_OWES),
    EntryKind.PAYOUT_THIRD_PARTY: (Account.BANK, Account.THIRD_PARTY_OWED),
    EntryKind.REASSIGNED_IN: (Account.TRANSFER, Account.CUSTOMER_OWES),
    EntryKind.REASSIGNED_IN_THIRD_PARTY: (Account.TRANSFER, Account.THIRD_PARTY_OWED),
    EntryKind.THIRD_PARTY_PROOF: (Account.THIRD_PARTY_OWED, Account.CUSTOMER_OWES),
    EntryKind.THIRD_PARTY_PAID: (Account.THIRD_PARTY_OWED, Account.BANK),
    EntryKind.OVER_RECEIPT_HOLD: (Account.BANK, Account.OVER_RECEIPT_HELD),
    EntryKind.OVER_RECEIPT_RETURNED: (Account.OVER_RECEIPT_HELD, Account.BANK),
    EntryKind.OVER_RECEIPT_REASSIGNED: (Account.OVER_RECEIPT_HELD, Account.TRANSFER),
    EntryKind.OVER_RECEIPT_RELEASED: (Account.OVER_RECEIPT_HELD, Account.CUSTOMER_OWES),
    EntryKind.OVER_RECEIPT_TO_THIRD_PARTY: (Account.OVER_RECEIPT_HELD, Account.THIRD_PARTY_OWED),
    EntryKind.WRITE_OFF: (Account.WRITTEN_OFF, Account.CUSTOMER_OWES),
    EntryKind.REFUND_RESERVED: (Account.CUSTOMER_OWES, Account.REFUND_RESERVED),
    EntryKind.REFUND_RELEASED: (Account.REFUND_RESERVED, Account.CUSTOMER_OWES),
    EntryKind.REFUND_PAID: (Account.REFUND_RESERVED, Account.BANK),
    EntryKind.REFUND_BOUNCED: (Account.BANK, Account.CUSTOMER_OWES),
    EntryKind.REFUND_OFFSET: (Account.REFUND_RESERVED, Account.TRANSFER),
    EntryKind.REFUND_TRANSFER_IN: (Account.TRANSFER, Account.CUSTOMER_OWES),
}
"""(debit, credit) of each kind. A refund is reserved first, so that it can be paid once only."""

protect(Entry.__table__)
run_after_create(Entry.__table__, lambda _, dialect: entry_guards.statements(LEGS, dialect))

LAID_ASIDE = (Account.REFUND_RESERVED, Account.THIRD_PARTY_OWED, Account.OVER_RECEIPT_HELD)
"""Nothing is taken out of these above what lies there."""


class Movement(NamedTuple):
    """What is to be posted: fen, and the occasion that makes it happen once."""

    work_order_id: int
    kind: EntryKind
    amount: int
    value_date: date | None
    occasion: str


def post(
    session: Session,
    movements: Sequence[Movement],
    *,
    shop_id: int,
    business_date: date,
    by: str,
    at: datetime,
) -> None:
    """Append entries in bulk, in their order.

    Raises Refusal for an amount not above zero or beyond the sane limit, for one above what is held for
    the customer or lies on the account it is taken from, and for an occasion that was posted before.
    """
    for movement in movements:
        if not 0 < movement.amount <= SANE_LIMIT:
            raise Refusal(
                f"{movement.occasion}: an entry of {movement.amount} fen is not possible; "
                "amounts are above zero and below ten billion yuan. Correct the amount."
            )
    _refuse_what_is_not_there(session, movements)
    common = {"shop_id": shop_id, "business_date": business_date, "recorded_by": by, "recorded_at": at}
    if movements:
        _append(session, [_row(movement) | common for movement in movements])


def reverse(session: Session, entry_id: int, *, business_date: date, by: str, at: datetime) -> None:
    """Append the counter-entry of one entry. Raises Refusal for a second one, and for that of a reversal."""
    found = session.execute(select(Entry).where(Entry.id == entry_id)).scalar_one()
    _append(session, [{
        "shop_id": found.shop_id, "work_order_id": found.work_order_id, "kind": EntryKind.REVERSAL,
        "debit": found.credit, "credit": found.debit, "amount": found.amount,
        "value_date": found.value_date, "business_date": business_date,
        "occasion": f"reverse:{found.occasion}", "reverses_id": found.id, "recorded_by": by,
        "recorded_at": at,
    }])  # fmt: skip


Lies = dict[Account, int]


def balances(session: Session, work_order_ids: Iterable[int]) -> dict[int, Lies]:
    """What lies on each account of some work orders, in fen: credits minus debits, by account."""
    ids = sorted(set(work_order_ids))
    found: dict[int, Lies] = {ident: defaultdict(int) for ident in ids}
    rows = session.execute(
        select(Entry.work_order_id, Entry.debit, Entry.credit, func.sum(Entry.amount).label("amount"))
        .where(Entry.work_order_id.in_(ids))
        .group_by(Entry.work_order_id, Entry.debit, Entry.credit)
    )
    for row in rows:
        _move(found[row.work_order_id], row.debit, row.credit, int(row.amount))
    return found


def held(lies: Lies) -> int:
    """What is held for the customer and promised to nobody: deposits and payments above the bill."""
    return lies[Account.DEPOSIT_HELD] + lies[Account.CUSTOMER_OWES]


def _move(lies: Lies, debit: Account, credit: Account, amount: int) -> None:
    lies[debit] -= amount
    lies[credit] += amount


def _refuse_what_is_not_there(session: Session, movements: Sequence[Movement]) -> None:
    """Say in a sentence what the guards of the database would refuse."""
    limited = {each.work_order_id for each in movements if _is_limited(each.kind)}
    if not limited:
        return
    lies = balances(session, limited)
    for each in (movement for movement in movements if movement.work_order_id in limited):
        debit, credit = LEGS[each.kind]
        there = held(lies[each.work_order_id]) if debit not in LAID_ASIDE else lies[each.work_order_id][debit]
        if _is_limited(each.kind) and each.amount > there:
            raise Refusal(_not_there(session, each, there))
        _move(lies[each.work_order_id], debit, credit, each.amount)


def _is_limited(kind: EntryKind) -> bool:
    return kind is EntryKind.REFUND_RESERVED or LEGS[kind][0] in LAID_ASIDE


def _not_there(session: Session, movement: Movement, there: int) -> str:
    claim = _claim_no(session, movement.work_order_id)
    account = LEGS[movement.kind][0]
    where = "held for the customer" if account not in LAID_ASIDE else f"on the account {account}"
    return (
        f"{claim}: {movement.kind} of {yuan(movement.amount)} yuan is more than the {yuan(there)} {where}. "
        f"Nothing was written. See what came and what went: huikuan case explain {claim}"
    )


def _claim_no(session: Session, work_order_id: int) -> str:
    found = session.execute(
        select(Case.claim_no)
        .where(Case.work_order_id == work_order_id)
        .order_by(Case.is_lead.desc(), Case.id)
    ).scalar()
    return found or f"work order {work_order_id}"


def _append(session: Session, rows: Sequence[dict[str, Any]]) -> None:
    try:
        bulk.add(session, Entry, rows)
    except IntegrityError as error:
        why = entry_guards.in_words(str(error.orig))
        if why is None:
            raise
        occasions = ", ".join(row["occasion"] for row in rows[:3]) + (", ..." if len(rows) > 3 else "")
        raise Refusal(f"{occasions}: {why}. Nothing was written. See: huikuan money check") from error


def _row(movement: Movement) -> dict[str, Any]:
    debit, credit = LEGS[movement.kind]
    return {**movement._asdict(), "debit": debit, "credit": credit, "reverses_id": None}
