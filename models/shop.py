"""A repair shop: the unit of a night, of a ledger and of spreading work."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, String, UniqueConstraint, and_, bindparam, or_, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from models.base import Base, Id, Json, Utc
from models.upsert import add_new


class Shop(Base):
    """One shop. `nights_from` is the first business date it has a night for."""

    __tablename__ = "shop"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    code: Mapped[str] = mapped_column(String(32), unique=True)
    name: Mapped[str] = mapped_column(String(128), unique=True)
    nights_from: Mapped[date | None]
    nights_whole_to: Mapped[date | None]
    """Up to this date every night has finished: who asks what is missing need not look further back."""
    created_at: Mapped[datetime] = mapped_column(Utc)


class Setting(Base):
    """A dated setting: of several rows the newest whose valid_from is not after the day counts."""

    __tablename__ = "setting"
    __table_args__ = (UniqueConstraint("scope", "scope_id", "key", "valid_from"),)

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    scope: Mapped[str] = mapped_column(String(16))
    """'all', 'shop' or 'insurer_group'; scope_id is 0 for 'all'."""
    scope_id: Mapped[int] = mapped_column(Id)
    key: Mapped[str] = mapped_column(String(64))
    value: Mapped[object] = mapped_column(Json)
    valid_from: Mapped[date]
    set_by: Mapped[str] = mapped_column(String(64))
    set_at: Mapped[datetime] = mapped_column(Utc)


def setting(
    session: Session, key: str, *, on: date, default: object, shop_id: int = 0, group_id: int = 0
) -> object:
    """The value of `key` on a day: the insurer group's own, else the shop's, else for all, else `default`."""
    found = session.execute(
        _SETTING, {"key": key, "on": on, "insurer_group": group_id, "shop": shop_id, "all": 0}
    )
    newest = {row.scope: row.value for row in found}
    return next((newest[scope] for scope in _SCOPES if scope in newest), default)


def whole_number(session: Session, key: str, default: int, *, on: date, shop_id: int = 0) -> int:
    """A setting of the shop that is a whole number, of days or of fen."""
    return int(str(setting(session, key, on=on, default=default, shop_id=shop_id)))


def settings_of(
    session: Session, defaults: Mapping[str, object], *, on: date, shop_id: int
) -> dict[str, object]:
    """The values of many keys on a day, the shop's own or those for all, in one question."""
    found = session.execute(_SETTINGS, {"keys": list(defaults), "on": on, "shop": shop_id}).all()
    newest: dict[str, object] = {}
    for scope in ("all", "shop"):
        newest |= {row.key: row.value for row in found if row.scope == scope}
    return {**defaults, **newest}


_SCOPES = ("insurer_group", "shop", "all")
_ROW: Any = Setting.__table__.c
# Made once, and of a table: it is asked for at every notice that leaves.
_SETTING = (
    select(_ROW.scope, _ROW.value)
    .where(
        _ROW.key == bindparam("key"),
        _ROW.valid_from <= bindparam("on"),
        or_(*(and_(_ROW.scope == scope, _ROW.scope_id == bindparam(scope)) for scope in _SCOPES)),
    )
    .order_by(_ROW.valid_from)
)
_SETTINGS = (
    select(_ROW.key, _ROW.scope, _ROW.value)
    .where(
        _ROW.key.in_(bindparam("keys", expanding=True)),
        _ROW.valid_from <= bindparam("on"),
        or_(_ROW.scope == "all", and_(_ROW.scope == "shop", _ROW.scope_id == bindparam("shop"))),
    )
    .order_by(_ROW.valid_from)
)


class Sequence(Base):
    """The last number given out, per shop, kind and year; locked in the work transaction."""

    __tablename__ = "sequence"

    shop_id: Mapped[int] = mapped_column(ForeignKey("shop.id"), primary_key=True)
    kind: Mapped[str] = mapped_column(String(16), primary_key=True)
    year: Mapped[int] = mapped_column(primary_key=True)
    last: Mapped[int]


def next_number(session: Session, shop_id: int, kind: str, year: int) -> int:
    """The next number of its kind and year, from 1; its row stays locked until the commit (design 5)."""
    return next_numbers(session, shop_id, kind, year, 1)[0]


def next_numbers(session: Session, shop_id: int, kind: str, year: int, count: int) -> range:
    """The next `count` numbers of their kind and year; their row stays locked until the commit."""
    key = {"shop_id": shop_id, "kind": kind, "year": year}
    add_new(session, Sequence, [{**key, "last": 0}])
    session.execute(update(Sequence).filter_by(**key).values(last=Sequence.last + count))
    last = session.execute(select(Sequence.last).filter_by(**key)).scalar_one()
    return range(last - count + 1, last + 1)
