"""Ledger workbooks that were built."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, Id, Json, Utc


class LedgerBuild(Base):
    """One workbook of a shop and month as built on a business date; the same content is not built twice."""

    __tablename__ = "ledger_build"
    __table_args__ = (UniqueConstraint("shop_id", "month", "built_on", "sha256"),)

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    shop_id: Mapped[int] = mapped_column(ForeignKey("shop.id"))
    month: Mapped[str] = mapped_column(String(7))
    """YYYY-MM."""
    built_on: Mapped[date]
    path: Mapped[str] = mapped_column(String(255))
    """Below HUIKUAN_HOME."""
    sha256: Mapped[str] = mapped_column(String(64))
    rows: Mapped[int]
    totals: Mapped[object] = mapped_column(Json)
    built_at: Mapped[datetime] = mapped_column(Utc)
