"""Clocks: the dated rules of law, and where each stands for a case."""

from datetime import date

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, Id, Json, Word
from models.words import Cover, DeadlineState


class LegalRule(Base):
    """A period fixed by law: so many days (or months) from a trigger, between two dates (domain 2.1)."""

    __tablename__ = "legal_rule"
    __table_args__ = (UniqueConstraint("code", "valid_from"),)

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    code: Mapped[str] = mapped_column(String(32))
    compulsory: Mapped[bool]
    """True for the rules of 交强险."""
    length: Mapped[int]
    unit: Mapped[str] = mapped_column(String(8))
    """'days' (natural) or 'months'."""
    trigger: Mapped[str] = mapped_column(String(48))
    """The field that starts it, e.g. insurer_accepted_date."""
    source: Mapped[str] = mapped_column(Text)
    valid_from: Mapped[date]
    valid_to: Mapped[date | None]


class Deadline(Base):
    """One clock of one case."""

    __tablename__ = "deadline"
    __table_args__ = (
        UniqueConstraint("case_id", "rule_code", "cover", "round_no"),
        Index("ix_deadline_due", "state", "due_on"),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    shop_id: Mapped[int] = mapped_column(ForeignKey("shop.id"), index=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("claim_case.id"))
    rule_code: Mapped[str] = mapped_column(String(32))
    cover: Mapped[Cover] = mapped_column(Word(Cover))
    round_no: Mapped[int] = mapped_column(default=0)
    started_on: Mapped[date]
    due_on: Mapped[date]
    state: Mapped[DeadlineState] = mapped_column(Word(DeadlineState))
    stopped_days: Mapped[int] = mapped_column(default=0)
    estimate: Mapped[bool]
    """True where the trigger is unknown and the due day is only an estimate: never cited as a breach."""
    provisional: Mapped[bool]
    """True where a day it rests on lies in a year whose holiday notice is not out."""
    source: Mapped[str] = mapped_column(Text)
    inputs: Mapped[object] = mapped_column(Json)
    computed_on: Mapped[date]
