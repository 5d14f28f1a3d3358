"""Refunds on their way out: their parts, and the bank payment files they leave in."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, Fen, Id, Secret, Utc, Word
from models.words import PartKind


class RefundPart(Base):
    """How a refund is given: cash, set off against what the payee owes, or for another repair of his."""

    __tablename__ = "refund_part"
    __table_args__ = (
        UniqueConstraint("refund_id", "kind", "other_work_order_id"),
        CheckConstraint("amount > 0", name="amount_positive"),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    refund_id: Mapped[int] = mapped_column(ForeignKey("refund.id"), index=True)
    kind: Mapped[PartKind] = mapped_column(Word(PartKind))
    amount: Mapped[int] = mapped_column(Fen)
    other_work_order_id: Mapped[int | None] = mapped_column(ForeignKey("work_order.id"))
    """The repair that a set-off or a transfer goes to."""


class PayeeAccount(Base):
    """Where a customer's refunds are paid: per shop, payee and plate; the number is encrypted."""

    __tablename__ = "payee_account"
    __table_args__ = (UniqueConstraint("shop_id", "payee", "plate_no"),)

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    shop_id: Mapped[int] = mapped_column(ForeignKey("shop.id"))
    payee: Mapped[str] = mapped_column(String(128))
    plate_no: Mapped[str] = mapped_column(String(16))
    number: Mapped[str] = mapped_column(Secret)
    bank_name: Mapped[str] = mapped_column(String(128))
    recorded_by: Mapped[str] = mapped_column(String(64))
    recorded_on: Mapped[date]


class PaymentFile(Base):
    """A batch-transfer file of a day: an independent control total of what was to be paid."""

    __tablename__ = "payment_file"
    __table_args__ = (UniqueConstraint("shop_id", "number"),)

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    shop_id: Mapped[int] = mapped_column(ForeignKey("shop.id"))
    number: Mapped[str] = mapped_column(String(32))
    """Ours, e.g. FK-2026-0007."""
    layout: Mapped[str] = mapped_column(String(32))
    account_id: Mapped[int | None] = mapped_column(ForeignKey("bank_account.id"))
    """The account it is paid from."""
    count: Mapped[int]
    total: Mapped[int] = mapped_column(Fen)
    sha256: Mapped[str] = mapped_column(String(64))
    path: Mapped[str] = mapped_column(String(255))
    """Below HUIKUAN_HOME."""
    made_by: Mapped[str] = mapped_column(String(64))
    made_on: Mapped[date]
    made_at: Mapped[datetime] = mapped_column(Utc)


class PaymentItem(Base):
    """One refund in a payment file: a refund stands in one file only."""

    __tablename__ = "payment_item"
    __table_args__ = (CheckConstraint("amount > 0", name="amount_positive"),)

    refund_id: Mapped[int] = mapped_column(ForeignKey("refund.id"), primary_key=True, autoincrement=False)
    payment_file_id: Mapped[int] = mapped_column(ForeignKey("payment_file.id"), index=True)
    position: Mapped[int]
    amount: Mapped[int] = mapped_column(Fen)
    payee: Mapped[str] = mapped_column(String(128))
