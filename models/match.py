"""Matches: which bank lines pay what, proposed or applied, with the reason kept."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, Fen, Id, Json, Utc, Word
from models.words import MatchKind, MatchState


class Match(Base):
    """One statement of what some bank lines are: several lines and several cases belong to it as parts."""

    __tablename__ = "match"
    __table_args__ = (
        Index("ix_match_of_a_day", "shop_id", "decided_on"),
        Index(
            "uq_match_remittance", "shop_id", "remittance", unique=True,
            sqlite_where=text("state = 'applied'"), postgresql_where=text("state = 'applied'"),
        ),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    shop_id: Mapped[int] = mapped_column(ForeignKey("shop.id"), index=True)
    kind: Mapped[MatchKind] = mapped_column(Word(MatchKind))
    state: Mapped[MatchState] = mapped_column(Word(MatchState), index=True)
    reason: Mapped[str] = mapped_column(String(48))
    rule: Mapped[str] = mapped_column(String(32))
    rank: Mapped[int] = mapped_column(default=1)
    """1 is the best proposal of its bank lines."""
    score: Mapped[int] = mapped_column(default=0, server_default="0")
    """How much speaks for it, 0 to 100; for ranking and for the record, never a reason to apply."""
    remittance: Mapped[str | None] = mapped_column(String(64))
    """The payer's number of the remittance, where the remark gives one: it is posted once."""
    run_token: Mapped[str | None] = mapped_column(String(36), index=True)
    """The lease under which it was applied; a run that was taken over has had several."""
    run_id: Mapped[int | None] = mapped_column(Id, index=True)
    """The run that applied it, so that a whole run can be undone."""
    evidence: Mapped[object] = mapped_column(Json)
    """The inputs of the decision: keys found, candidates considered."""
    occasion: Mapped[str] = mapped_column(String(255), unique=True)
    """The lines and cases it is about: the same proposal is made once."""
    decided_on: Mapped[date]
    decided_by: Mapped[str] = mapped_column(String(64))
    decided_at: Mapped[datetime] = mapped_column(Utc)


class MatchPart(Base):
    """So many fen of one bank line for one case (or one refund that bounced)."""

    __tablename__ = "match_part"
    __table_args__ = (UniqueConstraint("match_id", "bank_line_id", "case_id", "refund_id"),)

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    match_id: Mapped[int] = mapped_column(ForeignKey("match.id"), index=True)
    bank_line_id: Mapped[int] = mapped_column(ForeignKey("bank_line.id"), index=True)
    case_id: Mapped[int | None] = mapped_column(ForeignKey("claim_case.id"), index=True)
    refund_id: Mapped[int | None] = mapped_column(ForeignKey("refund.id"), index=True)
    amount: Mapped[int] = mapped_column(Fen)
