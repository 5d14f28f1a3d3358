"""The rows behind the calendar: what official notices say of days, and which years are known."""

from datetime import date

from sqlalchemy import String, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from models.base import Base, Word
from models.calendar import Calendar
from models.words import DayKind


class BusinessDay(Base):
    """A day named by a notice: a holiday, or a weekend day that is worked."""

    __tablename__ = "business_day"

    day: Mapped[date] = mapped_column(primary_key=True)
    kind: Mapped[DayKind] = mapped_column(Word(DayKind))
    name: Mapped[str] = mapped_column(String(32), default="")
    source: Mapped[str] = mapped_column(String(64))
    notice_year: Mapped[int]
    """The year in the notice's title; a year is known only if it has such rows (domain 5)."""


def load_calendar(session: Session, since: int | None = None) -> Calendar:
    """The calendar that the rows make: a year is known only if it has days.

    `since` leaves the notices of years before it out: enough to find a working day from that year on.
    """
    query = select(BusinessDay.day, BusinessDay.kind, BusinessDay.notice_year)
    if since is not None:
        query = query.where(BusinessDay.notice_year >= since)
    rows = session.execute(query).all()
    return Calendar({row.day: row.kind for row in rows}, frozenset(row.notice_year for row in rows))
