"""What is known of bank statements as wholes: the time each covers, and layouts that people explained."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, Fen, Id, Json, Utc


class StatementPeriod(Base):
    """From when to when one file speaks of one account, and the balances at both ends where it has any.

    `is_part`: somebody said that lines are left out of it, so it covers nothing, its balances prove nothing.
    """

    __tablename__ = "statement_period"
    __table_args__ = (UniqueConstraint("account_id", "file_id"),)

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    shop_id: Mapped[int] = mapped_column(ForeignKey("shop.id"), index=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("bank_account.id"))
    file_id: Mapped[int] = mapped_column(ForeignKey("source_file.id"))
    first_on: Mapped[date]
    last_on: Mapped[date]
    is_stated: Mapped[bool]
    """Whether the file names the period; else it is that of its lines, and days without any prove nothing."""
    opening: Mapped[int | None] = mapped_column(Fen)
    closing: Mapped[int | None] = mapped_column(Fen)
    lines: Mapped[int]
    is_part: Mapped[bool] = mapped_column(default=False)


class StatementProfile(Base):
    """A layout that no bank is known for, as somebody of the shop explained it; never deleted, only removed.

    It is used for files with exactly these headings, of one account where `account_number` is set.
    """

    __tablename__ = "statement_profile"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    shop_id: Mapped[int] = mapped_column(ForeignKey("shop.id"), index=True)
    account_number: Mapped[str | None] = mapped_column(String(64))
    headings: Mapped[object] = mapped_column(Json)
    """Every heading of the table as it is compared, sorted."""
    mapping: Mapped[object] = mapped_column(Json)
    """{"date": "记账日", ..., "memo": ["附言"]}: what the headings mean."""
    made_from: Mapped[str] = mapped_column(String(255))
    """The name of the file it was explained with."""
    made_by: Mapped[str] = mapped_column(String(64))
    made_at: Mapped[datetime] = mapped_column(Utc)
    removed_by: Mapped[str | None] = mapped_column(String(64))
    removed_at: Mapped[datetime | None] = mapped_column(Utc)
