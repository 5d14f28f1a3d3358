"""Clocks: the dated rules of law, where each stands for a case, and what begins a limitation anew."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, Id, Json, Utc, Word
from models.words import Cover, DeadlineState, InterruptionKind, PeriodUnit, RuleCover


class LegalRule(Base):
    """A period fixed by law: so many days or months from a trigger, between two dates (domain 2.1, 2.4)."""

    __tablename__ = "legal_rule"
    __table_args__ = (UniqueConstraint("code", "valid_from"),)

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    code: Mapped[str] = mapped_column(String(32))
    cover: Mapped[RuleCover] = mapped_column(Word(RuleCover))
    length: Mapped[int]
    unit: Mapped[PeriodUnit] = mapped_column(Word(PeriodUnit))
    trigger: Mapped[str] = mapped_column(String(48))
    """The field that starts it, e.g. insurer_accepted_date."""
    source: Mapped[str] = mapped_column(Text)
    valid_from: Mapped[date]
    valid_to: Mapped[date | None]
    set_by: Mapped[str | None] = mapped_column(String(64))
    """NULL for what ships with the product."""


class InterestRate(Base):
    """A published yearly rate from a day on (domain 2.5), in millionths: 3.00 % is 30000."""

    __tablename__ = "interest_rate"
    __table_args__ = (UniqueConstraint("name", "valid_from"),)

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    name: Mapped[str] = mapped_column(String(16))
    millionths: Mapped[int]
    source: Mapped[str] = mapped_column(Text)
    valid_from: Mapped[date]
    set_by: Mapped[str] = mapped_column(String(64))
    set_at: Mapped[datetime] = mapped_column(Utc)


class Deadline(Base):
    """One clock of one case."""

    __tablename__ = "deadline"
    __table_args__ = (
        UniqueConstraint("case_id", "rule_code", "cover", "round_no"),
        Index("ix_deadline_due", "shop_id", "state", "due_on"),
        Index("ix_deadline_computed", "shop_id", "computed_on"),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    shop_id: Mapped[int] = mapped_column(ForeignKey("shop.id"))
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


class Interruption(Base):
    """What begins the limitation of a case anew: a demand that was delivered, a debt acknowledged, a suit."""

    __tablename__ = "interruption"
    __table_args__ = (UniqueConstraint("case_id", "kind", "happened_on"),)

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    shop_id: Mapped[int] = mapped_column(ForeignKey("shop.id"))
    case_id: Mapped[int] = mapped_column(ForeignKey("claim_case.id"))
    kind: Mapped[InterruptionKind] = mapped_column(Word(InterruptionKind))
    happened_on: Mapped[date]
    letter_no: Mapped[str | None] = mapped_column(String(32))
    proof: Mapped[str] = mapped_column(String(255))
    """The name of the file that proves it, as it was brought."""
    proof_stored_as: Mapped[str] = mapped_column(String(255))
    recorded_by: Mapped[str] = mapped_column(String(64))
    recorded_on: Mapped[date]
