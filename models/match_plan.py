"""Plans of matching: what would be applied, numbered, for a person to read before it is done."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, Fen, Id, Json, Utc, Word
from models.words import PlanState


class MatchPlan(Base):
    """One plan of a shop. Exactly what stands in `items` is applied, once, or nothing is."""

    __tablename__ = "match_plan"
    __table_args__ = (UniqueConstraint("shop_id", "number"),)

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    shop_id: Mapped[int] = mapped_column(ForeignKey("shop.id"))
    number: Mapped[int]
    """1, 2, ... within the shop."""
    business_date: Mapped[date]
    state: Mapped[PlanState] = mapped_column(Word(PlanState))
    lines: Mapped[int]
    """How many bank lines it settles."""
    amount: Mapped[int] = mapped_column(Fen)
    items: Mapped[object] = mapped_column(Json)
    """Per match: kind, reason, parts as [bank line, case or refund, fen], and its sentence."""
    rule: Mapped[str] = mapped_column(String(32))
    made_by: Mapped[str] = mapped_column(String(64))
    made_at: Mapped[datetime] = mapped_column(Utc)
    applied_on: Mapped[date | None]
    applied_by: Mapped[str | None] = mapped_column(String(64))
    applied_at: Mapped[datetime | None] = mapped_column(Utc)
