"""A repair shop: the unit of a night, of a ledger and of spreading work."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, Id, Json, Utc


class Shop(Base):
    """One shop. `nights_from` is the first business date it has a night for."""

    __tablename__ = "shop"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    code: Mapped[str] = mapped_column(String(32), unique=True)
    name: Mapped[str] = mapped_column(String(128), unique=True)
    nights_from: Mapped[date | None]
    created_at: Mapped[datetime] = mapped_column(Utc)


class Setting(Base):
    """A dated setting of a shop or an insurer group: the row with the newest valid_from not after the day counts."""

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


class Sequence(Base):
    """The last number given out, per shop, kind and year; locked in the work transaction."""

    __tablename__ = "sequence"

    shop_id: Mapped[int] = mapped_column(ForeignKey("shop.id"), primary_key=True)
    kind: Mapped[str] = mapped_column(String(16), primary_key=True)
    year: Mapped[int] = mapped_column(primary_key=True)
    last: Mapped[int]
