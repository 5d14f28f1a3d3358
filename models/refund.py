"""What goes back to the customer: the position of a repair, and the refunds made of it."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, Fen, Id, Json, Utc, Word
from models.words import RefundState


class Position(Base):
    """The money of a work order as last computed (domain 1.6, 1.7), in fen, with its working."""

    __tablename__ = "position"

    work_order_id: Mapped[int] = mapped_column(
        ForeignKey("work_order.id"), primary_key=True, autoincrement=False
    )
    bill: Mapped[int | None] = mapped_column(Fen)
    expected: Mapped[int] = mapped_column(Fen)
    received: Mapped[int] = mapped_column(Fen)
    over_receipt: Mapped[int] = mapped_column(Fen)
    third_party: Mapped[int] = mapped_column(Fen)
    customer_paid: Mapped[int] = mapped_column(Fen)
    write_off: Mapped[int] = mapped_column(Fen)
    refunded: Mapped[int] = mapped_column(Fen)
    surplus: Mapped[int] = mapped_column(Fen)
    """U of domain 1.7, floored at zero is refund_due."""
    refund_due: Mapped[int] = mapped_column(Fen)
    topup_due: Mapped[int] = mapped_column(Fen)
    releasable: Mapped[int] = mapped_column(Fen)
    hold_reason: Mapped[str | None] = mapped_column(String(48))
    """Why nothing is releasable although something is due, as a code."""
    rule: Mapped[str] = mapped_column(String(32))
    working: Mapped[object] = mapped_column(Json)
    """The inputs of the rule, compactly."""
    computed_on: Mapped[date] = mapped_column(index=True)


WITHDRAWN = "no longer due: the sums changed"
"""Why the night itself declines a refund; what a person declined stays declined."""


UNDER_WAY = (
    RefundState.COMPUTED, RefundState.WAITING, RefundState.APPROVED, RefundState.IN_FILE,
    RefundState.UNCLAIMED,
)  # fmt: skip
"""Neither over nor declined. The index below leaves out what is kept as owed, as it always did."""


class Refund(Base):
    """One refund of a work order: at most one of them is under way at a time."""

    __tablename__ = "refund"
    __table_args__ = (
        UniqueConstraint("work_order_id", "number"),
        CheckConstraint("amount > 0", name="amount_positive"),
        Index("ix_refund_amount", "shop_id", "amount"),
        Index(
            "uq_refund_under_way", "work_order_id", unique=True,
            sqlite_where=text("state IN ('computed','waiting','approved','in_file')"),
            postgresql_where=text("state IN ('computed','waiting','approved','in_file')"),
        ),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    shop_id: Mapped[int] = mapped_column(ForeignKey("shop.id"), index=True)
    work_order_id: Mapped[int] = mapped_column(ForeignKey("work_order.id"))
    number: Mapped[int]
    """1, 2, ... within the work order."""
    amount: Mapped[int] = mapped_column(Fen)
    state: Mapped[RefundState] = mapped_column(Word(RefundState), index=True)
    payee: Mapped[str | None] = mapped_column(String(128))
    rule: Mapped[str | None] = mapped_column(String(32))
    working: Mapped[object | None] = mapped_column(Json)
    sentence: Mapped[str | None] = mapped_column(Text)
    """The working in Chinese, as it goes on the notice."""
    computed_on: Mapped[date | None]
    prepared_by: Mapped[str] = mapped_column(String(64))
    approved_by: Mapped[str | None] = mapped_column(String(64))
    approved_at: Mapped[datetime | None] = mapped_column(Utc)
    approved_on: Mapped[date | None]
    remind_on: Mapped[date | None] = mapped_column(index=True)
    """When the customer is next reminded to collect it; NULL = not at all."""
    changed: Mapped[str | None] = mapped_column(Text)
    """What is different from what was approved before, in Chinese and English."""
    declined_because: Mapped[str | None] = mapped_column(Text)
    paid_on: Mapped[date | None] = mapped_column(index=True)
    bounced_on: Mapped[date | None] = mapped_column(index=True)
    signed_by: Mapped[str | None] = mapped_column(String(128))
    """领款人: who signed for it (domain 1.4, column 40)."""
    signed_on: Mapped[date | None]
    signature_proof: Mapped[str | None] = mapped_column(String(255))
    """Where the authorisation of somebody else than the insured is kept."""
    bank_line_id: Mapped[int | None] = mapped_column(ForeignKey("bank_line.id"))
    """The line on which it came back, if it did."""
    origin: Mapped[str] = mapped_column(String(64), unique=True)
