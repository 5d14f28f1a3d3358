"""Runs and seats: what was to be done, by whom, and that it was done once."""

from collections.abc import Iterable
from datetime import date, datetime

from sqlalchemy import Index, String, Text, UniqueConstraint, select, text
from sqlalchemy.orm import Mapped, Session, mapped_column

from models.base import Base, Id, Json, Utc, Word
from models.words import RunState

_CHUNK = 1000


_ENDED_WELL = "state IN ('succeeded','partial')"


class Run(Base):
    """A job on a business date for a scope; written in short transactions, so a failure leaves a trace."""

    __tablename__ = "run"
    __table_args__ = (
        UniqueConstraint("job", "business_date", "scope"),
        Index("ix_run_state", "state", "lease_until"),
        Index(
            "ix_run_ended", "job", "scope", "finished_at",
            sqlite_where=text(_ENDED_WELL), postgresql_where=text(_ENDED_WELL),
        ),
        Index(
            "ix_run_started", "id",
            sqlite_where=text("why = 'started'"), postgresql_where=text("why = 'started'"),
        ),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    job: Mapped[str] = mapped_column(String(64))
    business_date: Mapped[date]
    scope: Mapped[str] = mapped_column(String(96))
    """The shop's code for a night, the caller's key for an ad-hoc job."""
    parameters: Mapped[object] = mapped_column(Json)
    requested_by: Mapped[str] = mapped_column(String(64))
    why: Mapped[str] = mapped_column(String(16))
    """A word of models.words.Why."""
    state: Mapped[RunState] = mapped_column(Word(RunState))
    attempts: Mapped[int] = mapped_column(default=0)
    lease_token: Mapped[str | None] = mapped_column(String(36), index=True)
    lease_until: Mapped[datetime | None] = mapped_column(Utc)
    progress: Mapped[object | None] = mapped_column(Json)
    result: Mapped[object | None] = mapped_column(Json)
    error: Mapped[str | None] = mapped_column(Text)
    requested_at: Mapped[datetime] = mapped_column(Utc)
    started_at: Mapped[datetime | None] = mapped_column(Utc)
    finished_at: Mapped[datetime | None] = mapped_column(Utc)
    woken_at: Mapped[datetime | None] = mapped_column(Utc)
    """When the ticker last called a worker for it."""
    lines: Mapped[object | None] = mapped_column(Json)
    """The last lines of the log about a run that a person started (worker.lines)."""


class Seat(Base):
    """Whoever inserts it does the work, in the same transaction: done once, or not at all."""

    __tablename__ = "seat"

    job: Mapped[str] = mapped_column(String(64), primary_key=True)
    business_date: Mapped[date] = mapped_column(primary_key=True)
    scope: Mapped[str] = mapped_column(String(96), primary_key=True)
    lease_token: Mapped[str] = mapped_column(String(36))
    result: Mapped[int] = mapped_column(default=0)
    taken_at: Mapped[datetime] = mapped_column(Utc)


class SetAside(Base):
    """One case that could not be decided in a step: kept with its error, looked at again later."""

    __tablename__ = "set_aside"
    __table_args__ = (UniqueConstraint("step", "subject"),)

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    shop_id: Mapped[int] = mapped_column(index=True)
    step: Mapped[str] = mapped_column(String(64))
    subject: Mapped[str] = mapped_column(String(96))
    """What was being decided, e.g. 'work_order:17'."""
    error: Mapped[str] = mapped_column(Text)
    attempts: Mapped[int] = mapped_column(default=1)
    first_on: Mapped[date]
    look_again_on: Mapped[date]


PROOF = "prove_money"
"""The step that sets aside what does not add up: no refund of it is approved or paid."""


def not_proven(session: Session, work_order_ids: Iterable[int]) -> dict[int, str]:
    """Those of some work orders whose money does not add up, each with the sentence that says so."""
    subjects = {f"work_order:{ident}": ident for ident in work_order_ids}
    found: dict[int, str] = {}
    for start in range(0, len(subjects), _CHUNK):
        some = list(subjects)[start : start + _CHUNK]
        rows = session.execute(
            select(SetAside.subject, SetAside.error).where(SetAside.step == PROOF, SetAside.subject.in_(some))
        )
        found |= {subjects[row.subject]: row.error for row in rows}
    return found
