"""A repair (派工单): the bill, and what the customer paid toward it."""

from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, Fen, Id, Word
from models.words import CustomerLineKind


class WorkOrder(Base):
    """One repair. Money belongs to it, not to the claim (domain 1.6). Unknown stays NULL."""

    __tablename__ = "work_order"
    __table_args__ = (
        UniqueConstraint("shop_id", "work_order_no"),
        Index("ix_work_order_released", "shop_id", "vehicle_release_date"),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    shop_id: Mapped[int] = mapped_column(ForeignKey("shop.id"))
    work_order_no: Mapped[str] = mapped_column(String(64))
    plate_no: Mapped[str] = mapped_column(String(16), index=True)
    vehicle_series: Mapped[str | None] = mapped_column(String(64))
    vehicle_release_date: Mapped[date | None]
    labour_fee: Mapped[int | None] = mapped_column(Fen)
    parts_fee: Mapped[int | None] = mapped_column(Fen)
    other_fee: Mapped[int | None] = mapped_column(Fen)
    repair_gross_amount: Mapped[int | None] = mapped_column(Fen)
    repair_net_amount: Mapped[int | None] = mapped_column(Fen)
    """S of domain 1.6; NULL until the repair is settled."""
    customer_payable_amount: Mapped[int | None] = mapped_column(Fen)
    deposit_receipt_back_on: Mapped[date | None]
    """When the customer gave the receipt of the deposit (押金收据) back (domain 7.2)."""
    manual_hold: Mapped[str | None] = mapped_column(String(255))
    """Why a person holds the refund back; NULL = no hold."""
    settle_on: Mapped[date | None] = mapped_column(index=True)
    """Set to the business date by whoever changes its money; the refunds room clears it."""


class CustomerLine(Base):
    """Money from the customer by type (column 21 split): self-pay is income, a deposit is a liability."""

    __tablename__ = "customer_line"
    __table_args__ = (
        UniqueConstraint("work_order_id", "kind", "received_on", "origin"),
        CheckConstraint("amount > 0", name="amount_positive"),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    work_order_id: Mapped[int] = mapped_column(ForeignKey("work_order.id"), index=True)
    kind: Mapped[CustomerLineKind] = mapped_column(Word(CustomerLineKind))
    amount: Mapped[int] = mapped_column(Fen)
    received_on: Mapped[date | None] = mapped_column(index=True)
    cashier: Mapped[str | None] = mapped_column(String(64))
    inferred: Mapped[bool]
    """True where a ledger without typed lines was split by rule (design 5)."""
    origin: Mapped[str] = mapped_column(String(64))
    """Which row or act brought it, e.g. 'file:3:LP2026-0001'."""
