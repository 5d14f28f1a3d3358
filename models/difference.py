"""Payout differences (赔款差额): what came on an expected line is not what was expected."""

from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, Fen, Id, Word
from models.words import DifferenceState, OverResult, Resolution


class Difference(Base):
    """One difference of one expected line; at most one is open at a time.

    `amount` is expected minus received in fen: above zero the insurer paid too little, below zero too
    much. A short one ends with a Resolution, an over-receipt with an OverResult (domain 1.7). While it is
    open a result may stand on it that waits for approval; RECLAIM and DISPUTE keep it open.
    """

    __tablename__ = "difference"
    __table_args__ = (
        CheckConstraint("amount <> 0", name="amount_not_zero"),
        Index(
            "uq_difference_open", "expected_line_id", unique=True,
            sqlite_where=text("state = 'open'"), postgresql_where=text("state = 'open'"),
        ),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    shop_id: Mapped[int] = mapped_column(ForeignKey("shop.id"), index=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("claim_case.id"), index=True)
    work_order_id: Mapped[int] = mapped_column(ForeignKey("work_order.id"), index=True)
    expected_line_id: Mapped[int] = mapped_column(ForeignKey("expected_line.id"))
    amount: Mapped[int] = mapped_column(Fen)
    state: Mapped[DifferenceState] = mapped_column(Word(DifferenceState))
    opened_on: Mapped[date]
    resolution: Mapped[Resolution | None] = mapped_column(Word(Resolution))
    over_result: Mapped[OverResult | None] = mapped_column(Word(OverResult))
    to_case_id: Mapped[int | None] = mapped_column(ForeignKey("claim_case.id"))
    """For REASSIGN: the claim that the money belongs to."""
    consent: Mapped[str | None] = mapped_column(Text)
    """For CUSTOMER_TOPUP: how the customer agreed, and where the proof is."""
    consent_on: Mapped[date | None]
    note: Mapped[str | None] = mapped_column(Text)
    prepared_by: Mapped[str | None] = mapped_column(String(64))
    approved_by: Mapped[str | None] = mapped_column(String(64))
    resolved_on: Mapped[date | None]
