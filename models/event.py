"""The trail: what happened to a case and why. Append-only."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, Session, mapped_column

from models import bulk
from models.append_only import protect
from models.base import Base, Id, Json, Utc


class Event(Base):
    """One happening: the rule, its version and the inputs; the sentence is rendered from them."""

    __tablename__ = "event"
    __table_args__ = (Index("ix_event_of_a_day", "shop_id", "business_date"),)

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    shop_id: Mapped[int] = mapped_column(ForeignKey("shop.id"), index=True)
    case_id: Mapped[int | None] = mapped_column(ForeignKey("claim_case.id"), index=True)
    work_order_id: Mapped[int | None] = mapped_column(ForeignKey("work_order.id"), index=True)
    kind: Mapped[str] = mapped_column(String(48))
    rule: Mapped[str | None] = mapped_column(String(32))
    inputs: Mapped[object] = mapped_column(Json)
    business_date: Mapped[date]
    by: Mapped[str] = mapped_column(String(64))
    recorded_at: Mapped[datetime] = mapped_column(Utc)


protect(Event.__table__)


class Happening(NamedTuple):
    """What is to go on the trail. `inputs` are plain JSON values: fen as int, dates as YYYY-MM-DD."""

    kind: str
    inputs: dict[str, Any]
    case_id: int | None = None
    work_order_id: int | None = None
    rule: str | None = None


def record(
    session: Session,
    happenings: Sequence[Happening],
    *,
    shop_id: int,
    business_date: date,
    by: str,
    at: datetime,
) -> None:
    """Append to the trail, in bulk."""
    common = (shop_id, business_date, by, at)
    bulk.add_tuples(session, Event, _COLUMNS, [(*happening, *common) for happening in happenings])


_COLUMNS = (*Happening._fields, "shop_id", "business_date", "by", "recorded_at")
