"""The money entries: append-only, two legs each, on the accounts of a work order.

An entry moves `amount` fen from the account it credits to the account it debits; written
as one row, its two legs cannot fail to sum to zero. Nothing is ever changed or deleted:
the database refuses it, and a mistake is reversed by an entry of its own.
"""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import CheckConstraint, ForeignKey, String, insert, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from models.append_only import protect
from models.base import Base, Fen, Id, Utc, Word
from models.values import Refusal
from models.words import Account, EntryKind

SANE_LIMIT = 10**12
"""Ten billion yuan in fen: no single movement of a repair shop is larger."""


class Entry(Base):
    """One movement of money. `occasion` makes it happen once, however often it is posted."""

    __tablename__ = "entry"
    __table_args__ = (
        CheckConstraint("amount > 0", name="amount_positive"),
        CheckConstraint("debit <> credit", name="two_accounts"),
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
    reverses_id: Mapped[int | None] = mapped_column(ForeignKey("entry.id"), unique=True)
    recorded_by: Mapped[str] = mapped_column(String(64))
    recorded_at: Mapped[datetime] = mapped_column(Utc)


protect(Entry.__table__)

LEGS: dict[EntryKind, tuple[Account, Account]] = {
    EntryKind.BILL: (Account.CUSTOMER_OWES, Account.SHOP_EARNED),
    EntryKind.DEPOSIT: (Account.BANK, Account.DEPOSIT_HELD),
    EntryKind.SELF_PAY: (Account.BANK, Account.CUSTOMER_OWES),
    EntryKind.TOP_UP: (Account.BANK, Account.CUSTOMER_OWES),
    EntryKind.PAYOUT: (Account.BANK, Account.CUSTOMER_OWES),
    EntryKind.PAYOUT_THIRD_PARTY: (Account.BANK, Account.THIRD_PARTY_OWED),
    EntryKind.OVER_RECEIPT_HOLD: (Account.BANK, Account.OVER_RECEIPT_HELD),
    EntryKind.THIRD_PARTY_PROOF: (Account.THIRD_PARTY_OWED, Account.CUSTOMER_OWES),
    EntryKind.THIRD_PARTY_PAID: (Account.THIRD_PARTY_OWED, Account.BANK),
    EntryKind.OVER_RECEIPT_RETURNED: (Account.OVER_RECEIPT_HELD, Account.BANK),
    EntryKind.OVER_RECEIPT_REASSIGNED: (Account.OVER_RECEIPT_HELD, Account.BANK),
    EntryKind.OVER_RECEIPT_RELEASED: (Account.OVER_RECEIPT_HELD, Account.CUSTOMER_OWES),
    EntryKind.WRITE_OFF: (Account.WRITTEN_OFF, Account.CUSTOMER_OWES),
    EntryKind.REFUND_RESERVED: (Account.CUSTOMER_OWES, Account.REFUND_RESERVED),
    EntryKind.REFUND_RELEASED: (Account.REFUND_RESERVED, Account.CUSTOMER_OWES),
    EntryKind.REFUND_PAID: (Account.REFUND_RESERVED, Account.BANK),
    EntryKind.REFUND_BOUNCED: (Account.BANK, Account.CUSTOMER_OWES),
    EntryKind.REFUND_OFFSET: (Account.REFUND_RESERVED, Account.BANK),
    EntryKind.REFUND_TRANSFER_IN: (Account.BANK, Account.CUSTOMER_OWES),
}
"""(debit, credit) of each kind. A refund is reserved first, so that it can be paid once only."""


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
    """Append entries in bulk. Raises Refusal for an amount not above zero or beyond the sane limit."""
    for movement in movements:
        if not 0 < movement.amount <= SANE_LIMIT:
            raise Refusal(
                f"{movement.occasion}: an entry of {movement.amount} fen is not possible; "
                "amounts are above zero and below ten billion yuan. Correct the amount."
            )
    if movements:
        common = {"shop_id": shop_id, "business_date": business_date, "recorded_by": by, "recorded_at": at}
        session.execute(insert(Entry), [_row(movement) | common for movement in movements])


def reverse(session: Session, entry_id: int, *, business_date: date, by: str, at: datetime) -> None:
    """Append the counter-entry of one entry. The database refuses a second one."""
    found = session.execute(select(Entry).where(Entry.id == entry_id)).scalar_one()
    session.execute(
        insert(Entry).values(
            shop_id=found.shop_id, work_order_id=found.work_order_id, kind=EntryKind.REVERSAL,
            debit=found.credit, credit=found.debit, amount=found.amount, value_date=found.value_date,
            business_date=business_date, occasion=f"reverse:{found.occasion}", reverses_id=found.id,
            recorded_by=by, recorded_at=at,
        )
    )  # fmt: skip


def _row(movement: Movement) -> dict[str, Any]:
    debit, credit = LEGS[movement.kind]
    return {**movement._asdict(), "debit": debit, "credit": credit, "reverses_id": None}
