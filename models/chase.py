"""Chasing: where each open case stands on the ladder, and every step taken."""

from datetime import date

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, Fen, Id, Word
from models.words import Cover


class ChaseState(Base):
    """One row per open case: the step it is at, or the reason why not, and when to look again."""

    __tablename__ = "chase_state"
    __table_args__ = (Index("ix_chase_state_due", "shop_id", "look_again_on"),)

    case_id: Mapped[int] = mapped_column(ForeignKey("claim_case.id"), primary_key=True, autoincrement=False)
    shop_id: Mapped[int] = mapped_column(ForeignKey("shop.id"))
    step: Mapped[int | None]
    """The last step taken (domain 2.6); NULL before the first."""
    reason: Mapped[str | None] = mapped_column(String(48))
    """Why no step is taken now, as a code; NULL when one was taken on `since`."""
    open_amount: Mapped[int] = mapped_column(Fen)
    since: Mapped[date]
    look_again_on: Mapped[date | None]
    """NULL: not before a fact changes (paid, closed, ...)."""


class ChaseStep(Base):
    """A step taken for a case: once per (case, cover, step, round)."""

    __tablename__ = "chase_step"
    __table_args__ = (UniqueConstraint("case_id", "cover", "step", "round_no"),)

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    shop_id: Mapped[int] = mapped_column(ForeignKey("shop.id"), index=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("claim_case.id"))
    cover: Mapped[Cover] = mapped_column(Word(Cover))
    step: Mapped[int]
    round_no: Mapped[int] = mapped_column(default=0)
    taken_on: Mapped[date]
    open_amount: Mapped[int] = mapped_column(Fen)
    notice_occasion: Mapped[str] = mapped_column(String(160), index=True)
    """Key of the notice that carried it."""
