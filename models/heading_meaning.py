"""What a shop's people said that a heading of their ledgers means."""

from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from models.append_only import protect
from models.base import Base, Id, Utc


class HeadingMeaning(Base):
    """One decision; of several on one heading the newest counts, the others stay as its history."""

    __tablename__ = "heading_meaning"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    shop_id: Mapped[int] = mapped_column(ForeignKey("shop.id"), index=True)
    heading: Mapped[str] = mapped_column(String(64))
    """Half width, without blanks and marks; after its band and a stroke where a sheet has it twice."""
    field: Mapped[str | None] = mapped_column(String(32))
    """The ledger's field that it fills; NULL where it means none of them."""
    decided_by: Mapped[str] = mapped_column(String(64))
    decided_at: Mapped[datetime] = mapped_column(Utc)


protect(HeadingMeaning.__table__)
