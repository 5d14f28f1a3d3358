"""What a case lacks before it may go on: before its next stage, or before it may be closed."""

from datetime import date

from sqlalchemy import ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, Id, Word
from models.words import Gate


class Blocker(Base):
    """One thing that is missing, since when, and what to do; gone when it is no longer so."""

    __tablename__ = "blocker"
    __table_args__ = (UniqueConstraint("case_id", "gate", "code"),)

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    shop_id: Mapped[int] = mapped_column(ForeignKey("shop.id"), index=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("claim_case.id"))
    gate: Mapped[Gate] = mapped_column(Word(Gate))
    code: Mapped[str] = mapped_column(String(48))
    sentence: Mapped[str] = mapped_column(Text)
    since: Mapped[date]
