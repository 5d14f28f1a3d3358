"""Ledger workbooks that were built, the periods that were closed, and what is kept of a closed one."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import ForeignKey, String, Text, UniqueConstraint, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from models.append_only import protect
from models.base import Base, Id, Json, Utc
from models.shop import Shop
from models.values import Period, Refusal


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
    built_by: Mapped[str | None] = mapped_column(String(64))
    """Who prepared it; NULL where nobody wrote it down yet."""


class LedgerClose(Base):
    """A period that was closed (结账), once per revision. Append-only; its reopening is a row of its own."""

    __tablename__ = "ledger_close"
    __table_args__ = (UniqueConstraint("shop_id", "month", "revision"), UniqueConstraint("shop_id", "number"))

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    shop_id: Mapped[int] = mapped_column(ForeignKey("shop.id"))
    month: Mapped[str] = mapped_column(String(7))
    revision: Mapped[int]
    """1, 2, ...: the 版 of the workbook."""
    number: Mapped[str] = mapped_column(String(32))
    closed_on: Mapped[date]
    closed_by: Mapped[str] = mapped_column(String(64))
    prepared_by: Mapped[str] = mapped_column(String(64))
    closed_at: Mapped[datetime] = mapped_column(Utc)
    path: Mapped[str] = mapped_column(String(255))
    """The issued workbook, below HUIKUAN_HOME."""
    sha256: Mapped[str] = mapped_column(String(64))
    """Of the issued workbook."""
    head: Mapped[object] = mapped_column(Json)
    """What the workbook says of itself: shop, days, number."""
    rows: Mapped[int]
    corrections: Mapped[int]
    previous_hash: Mapped[str | None] = mapped_column(String(64))
    """The snapshot hash of the close before it in this shop; NULL for the first."""
    snapshot_hash: Mapped[str] = mapped_column(String(64))


class LedgerReopening(Base):
    """A closed period that a manager opened again (反结账), with a reason and until a day. Append-only."""

    __tablename__ = "ledger_reopening"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    close_id: Mapped[int] = mapped_column(ForeignKey("ledger_close.id"), unique=True)
    because: Mapped[str] = mapped_column(Text)
    until: Mapped[date]
    """The last day on which something may be posted to it."""
    opened_on: Mapped[date]
    opened_by: Mapped[str] = mapped_column(String(64))
    opened_at: Mapped[datetime] = mapped_column(Utc)


class LedgerSnapshotRow(Base):
    """One line of a closed period's workbook as it was issued. Append-only."""

    __tablename__ = "ledger_snapshot_row"
    __table_args__ = (UniqueConstraint("close_id", "part", "position"),)

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    close_id: Mapped[int] = mapped_column(ForeignKey("ledger_close.id"))
    period: Mapped[str] = mapped_column(String(7))
    part: Mapped[str] = mapped_column(String(16))
    """'row' of sheet 台账, 'correction' of sheet 更正."""
    position: Mapped[int]
    """From 1."""
    claim_no: Mapped[str] = mapped_column(String(64))
    values: Mapped[object] = mapped_column(Json)
    row_hash: Mapped[str] = mapped_column(String(64))


for _table in (LedgerClose, LedgerReopening, LedgerSnapshotRow):
    protect(_table.__table__)


class Closed(NamedTuple):
    """The newest close of a month; `until` is the last open day where it was opened again."""

    month: Period
    closed_on: date
    closed_by: str
    until: date | None


def newest_closes(session: Session, shop_id: int) -> list[Closed]:
    """The months of a shop that were closed, in their order, each as it stands by its newest close."""
    found = session.execute(
        select(LedgerClose.month, LedgerClose.closed_on, LedgerClose.closed_by, LedgerReopening.until)
        .outerjoin(LedgerReopening, LedgerReopening.close_id == LedgerClose.id)
        .where(LedgerClose.shop_id == shop_id)
        .order_by(LedgerClose.month, LedgerClose.revision)
    )
    newest = {row.month: Closed(Period.parse(row.month), *row[1:]) for row in found}
    return list(newest.values())


def require_open(session: Session, shop_id: int, on: date | None, *, today: date) -> None:
    """Raise Refusal where `on` lies in a month of the shop that is closed on the business date `today`.

    For what a person dates by hand. What the night finds late keeps its day, is recorded in the open month
    and stands there as a correction (domain 7.3). A month before the first one closed is closed with it.
    """
    # Whoever closes the month locks the shop: he waits for us, or we see that he was here.
    session.execute(select(Shop.id).where(Shop.id == shop_id).with_for_update(read=True, key_share=True))
    closed = newest_closes(session, shop_id)
    if on is None or not closed or on > closed[-1].month.last:
        return
    asked = max(Period.of(on), closed[0].month)
    standing = next(each for each in closed if each.month == asked)
    if standing.until is None or today > standing.until:
        raise Refusal(_is_closed(standing, Period.of(on)))


def _is_closed(standing: Closed, asked: Period) -> str:
    month = standing.month
    said = f"{month} was closed on {standing.closed_on} by {standing.closed_by}"
    if asked != month:
        said += f", and {asked} with it"
    if standing.until is not None:
        said += f"; it was open again until {standing.until}"
    return f"{said}. Post to the open month, or reopen it: huikuan ledger reopen {month}"


def last_closed(closed: Sequence[Closed]) -> Period | None:
    """The newest month that is closed and was not opened again."""
    return max((each.month for each in closed if each.until is None), default=None)
