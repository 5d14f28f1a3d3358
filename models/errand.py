"""Errands: what a named person is to see to, and who does when nothing happens."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import date

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, Session, mapped_column

from models.base import Base, Fen, Id, Word
from models.shop import setting, whole_number
from models.upsert import add_new
from models.words import ErrandKind, ErrandState, Role


class Errand(Base):
    """One thing to see to. When it is still open on `pass_on`, another person gets one of his own."""

    __tablename__ = "errand"
    __table_args__ = (Index("ix_errand_open", "shop_id", "state", "pass_on"),)

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    shop_id: Mapped[int] = mapped_column(ForeignKey("shop.id"))
    case_id: Mapped[int | None] = mapped_column(ForeignKey("claim_case.id"), index=True)
    kind: Mapped[ErrandKind] = mapped_column(Word(ErrandKind))
    occasion: Mapped[str] = mapped_column(String(160), unique=True)
    owner: Mapped[str] = mapped_column(String(64))
    """A member of staff, or a role where nobody was named."""
    what: Mapped[str] = mapped_column(Text)
    command: Mapped[str] = mapped_column(Text)
    amount: Mapped[int | None] = mapped_column(Fen)
    opened_on: Mapped[date]
    pass_on: Mapped[date | None]
    """NULL: there is nobody after this one."""
    state: Mapped[ErrandState] = mapped_column(Word(ErrandState))
    ended_on: Mapped[date | None]
    ended_by: Mapped[str | None] = mapped_column(String(64))
    outcome: Mapped[str | None] = mapped_column(Text)


@dataclass(frozen=True)
class NewErrand:
    """What is to be seen to; `occasion` makes it happen once."""

    shop_id: int
    case_id: int | None
    kind: ErrandKind
    occasion: str
    owner: str
    what: str
    command: str
    amount: int | None
    opened_on: date
    pass_on: date | None


def give(session: Session, errands: Iterable[NewErrand]) -> list[NewErrand]:
    """Write the errands down; returns those that were not given before."""
    return [
        each
        for each in errands
        if add_new(session, Errand, [asdict(each) | {"state": ErrandState.OPEN}]) == 1
    ]


@dataclass(frozen=True)
class Owners:
    """Who sees to what the ladder gives to people: the first, the next, and days until it passes on."""

    first: str
    second: str | None
    days: int


def owners(session: Session, shop_id: int, on: date) -> Owners:
    """Whom the shop has named: the settings `chase_manager`, `chase_deputy` and `errand_days`."""

    def named(key: str) -> str:
        return str(setting(session, key, on=on, default="", shop_id=shop_id))

    days = whole_number(session, "errand_days", 5, on=on, shop_id=shop_id)
    return Owners(named("chase_manager") or Role.MANAGER, named("chase_deputy") or None, days)
