"""Disputes: what the insurer decided, what the shop says against it, and by when it is to be answered."""

from datetime import date

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, Fen, Id, Word
from models.words import DeadlineState, DisputeKind, DisputeOutcome, DisputeState


class Dispute(Base):
    """One payout decision, objection, complaint or request for review (domain 2.1, 2.4)."""

    __tablename__ = "dispute"
    __table_args__ = (
        UniqueConstraint("shop_id", "number"),
        Index("ix_dispute_case", "case_id", "state"),
        Index("ix_dispute_open", "shop_id", "state"),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    shop_id: Mapped[int] = mapped_column(ForeignKey("shop.id"))
    case_id: Mapped[int] = mapped_column(ForeignKey("claim_case.id"))
    number: Mapped[str] = mapped_column(String(32))
    kind: Mapped[DisputeKind] = mapped_column(Word(DisputeKind))
    happened_on: Mapped[date]
    """The day of the decision, or on which it was filed."""
    amount: Mapped[int | None] = mapped_column(Fen)
    """What the insurer approved, or what is asked for."""
    institution: Mapped[str | None] = mapped_column(String(128))
    """Where it was filed: the branch, its next higher level, 12378."""
    reason: Mapped[str] = mapped_column(Text)
    reasons_on: Mapped[date | None]
    """When the insurer's written reasons for a refusal arrived (保险法 24)."""
    difference_id: Mapped[int | None] = mapped_column(ForeignKey("difference.id"))
    """The open payout difference of the case that it is about."""
    proof: Mapped[str | None] = mapped_column(String(255))
    proof_stored_as: Mapped[str | None] = mapped_column(String(255))
    state: Mapped[DisputeState] = mapped_column(Word(DisputeState))
    answered_on: Mapped[date | None]
    outcome: Mapped[DisputeOutcome | None] = mapped_column(Word(DisputeOutcome))
    resolved_on: Mapped[date | None]
    note: Mapped[str | None] = mapped_column(Text)
    opened_by: Mapped[str] = mapped_column(String(64))
    resolved_by: Mapped[str | None] = mapped_column(String(64))


class DisputeClock(Base):
    """A day by which a dispute is to be answered, or by which the shop has to act, with its source."""

    __tablename__ = "dispute_clock"
    __table_args__ = (
        UniqueConstraint("dispute_id", "rule_code"),
        Index("ix_dispute_clock_due", "shop_id", "state", "due_on"),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    shop_id: Mapped[int] = mapped_column(ForeignKey("shop.id"))
    dispute_id: Mapped[int] = mapped_column(ForeignKey("dispute.id"))
    rule_code: Mapped[str] = mapped_column(String(32))
    started_on: Mapped[date]
    due_on: Mapped[date]
    state: Mapped[DeadlineState] = mapped_column(Word(DeadlineState))
    provisional: Mapped[bool]
    source: Mapped[str] = mapped_column(Text)
