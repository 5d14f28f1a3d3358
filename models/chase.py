"""Chasing: where each open case stands on the ladder, every step taken, and what a person said of it."""

from datetime import date

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, Fen, Id, Word
from models.words import ChaseForm, ChasePlanState, Cover, HoldKind, HoldState, PlanStop, ReplyState

WAITS = (
    "look_again_on IS NULL AND (reason IS NULL OR reason NOT IN "
    "('paid', 'not_agency', 'nothing_expected', 'below_floor', 'with_lawyer'))"
)
"""States that wait for a fact which anyone may record by day: looked at every night. The others are left
alone until a clock or the case itself says otherwise. Words in full: a partial index serves a query that says
the very same."""


class ChaseState(Base):
    """One row per open case: the step it is at, or the reason why not, and when to look again."""

    __tablename__ = "chase_state"
    __table_args__ = (
        Index("ix_chase_state_due", "shop_id", "look_again_on"),
        Index("ix_chase_state_waits", "shop_id", sqlite_where=text(WAITS), postgresql_where=text(WAITS)),
        Index("ix_chase_state_reason", "shop_id", "reason", "since"),
    )

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
    """Key of the notice or errand that carried it."""


class LadderLevel(Base):
    """The policy of one level of the ladder from a day on, for all, a shop or a group (domain 2.6)."""

    __tablename__ = "ladder_level"
    __table_args__ = (UniqueConstraint("scope", "scope_id", "level", "valid_from"),)

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    scope: Mapped[str] = mapped_column(String(16))
    """'all', 'shop' or 'insurer_group', as of a setting; scope_id is 0 for 'all'."""
    scope_id: Mapped[int] = mapped_column(Id)
    level: Mapped[int]
    delay: Mapped[int]
    """Natural days after the level's anchor; below zero = before it."""
    compulsory_delay: Mapped[int | None]
    """The delay for 交强; NULL = the same, and no such level where the rule gives none."""
    form: Mapped[ChaseForm] = mapped_column(Word(ChaseForm))
    recipients: Mapped[str] = mapped_column(String(64))
    """Words of Recipient, joined by commas: each gets the same letter."""
    text: Mapped[str] = mapped_column(Text)
    """A sentence of the shop's own for this level; '' = none."""
    floor: Mapped[int] = mapped_column(Fen)
    """Fen: a case that owes less does not come to this level."""
    valid_from: Mapped[date]
    set_by: Mapped[str | None] = mapped_column(String(64))


class ChaseLetter(Base):
    """One letter of a branch and level, about all its cases; delivered when a proof says so."""

    __tablename__ = "chase_letter"
    __table_args__ = (UniqueConstraint("shop_id", "letter_no"),)

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    shop_id: Mapped[int] = mapped_column(ForeignKey("shop.id"))
    letter_no: Mapped[str] = mapped_column(String(32))
    occasion: Mapped[str] = mapped_column(String(160), unique=True)
    """Key of the notice that carries it, and of the steps it stands for."""
    insurer_id: Mapped[int] = mapped_column(ForeignKey("insurer.id"))
    level: Mapped[int]
    written_on: Mapped[date]
    pay_by: Mapped[date]
    case_count: Mapped[int]
    amount: Mapped[int] = mapped_column(Fen)
    statement: Mapped[str | None] = mapped_column(String(255))
    """The statement of account that goes with it: its name below the files folder."""
    delivered_on: Mapped[date | None]
    proof: Mapped[str | None] = mapped_column(String(255))
    proof_stored_as: Mapped[str | None] = mapped_column(String(255))
    delivered_by: Mapped[str | None] = mapped_column(String(64))


class ChaseHold(Base):
    """A case left alone up to and on a day: held by a person, or because the insurer promised to pay."""

    __tablename__ = "chase_hold"
    __table_args__ = (Index("ix_chase_hold_case", "case_id", "state"),)

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    shop_id: Mapped[int] = mapped_column(ForeignKey("shop.id"))
    case_id: Mapped[int] = mapped_column(ForeignKey("claim_case.id"))
    kind: Mapped[HoldKind] = mapped_column(Word(HoldKind))
    until: Mapped[date]
    because: Mapped[str] = mapped_column(Text)
    state: Mapped[HoldState] = mapped_column(Word(HoldState))
    set_by: Mapped[str] = mapped_column(String(64))
    set_on: Mapped[date]
    ended_on: Mapped[date | None]


class ChasePlan(Base):
    """The steps of one night of a shop: carried out, or waiting for a person's approval."""

    __tablename__ = "chase_plan"

    shop_id: Mapped[int] = mapped_column(ForeignKey("shop.id"), primary_key=True)
    night: Mapped[date] = mapped_column(primary_key=True)
    state: Mapped[ChasePlanState] = mapped_column(Word(ChasePlanState))
    steps: Mapped[int]
    amount: Mapped[int] = mapped_column(Fen)
    usual: Mapped[int | None]
    """Steps of a usual night, from the nights before; NULL while there are too few of them."""
    stopped: Mapped[PlanStop | None] = mapped_column(Word(PlanStop))
    approved_by: Mapped[str | None] = mapped_column(String(64))


class InsurerReply(Base):
    """What an insurer answered about a case in a statement of account that it sent back."""

    __tablename__ = "insurer_reply"
    __table_args__ = (UniqueConstraint("file_id", "row"),)

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    shop_id: Mapped[int] = mapped_column(ForeignKey("shop.id"))
    case_id: Mapped[int] = mapped_column(ForeignKey("claim_case.id"), index=True)
    file_id: Mapped[int] = mapped_column(ForeignKey("source_file.id"))
    row: Mapped[int]
    """As the spreadsheet counts, from 1."""
    cover: Mapped[Cover | None] = mapped_column(Word(Cover))
    state: Mapped[ReplyState] = mapped_column(Word(ReplyState))
    expected_on: Mapped[date | None]
    reason: Mapped[str] = mapped_column(Text)
    received_on: Mapped[date]
