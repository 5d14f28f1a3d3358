"""Signs of life: when the ticker last ticked, and when a worker last answered on each queue."""

from datetime import datetime

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, Id, Utc

TICKER = "ticker"
QUEUE = "queue:"


class SignOfLife(Base):
    """One row for the ticker and one for each queue; the ticker asks, whoever lives answers."""

    __tablename__ = "sign_of_life"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    name: Mapped[str] = mapped_column(String(32), unique=True)
    """'ticker', 'queue:night' or 'queue:by_hand'."""
    asked_at: Mapped[datetime] = mapped_column(Utc)
    seen_at: Mapped[datetime | None] = mapped_column(Utc)
    seen_on: Mapped[str | None] = mapped_column(String(128))
    """The machine it was seen on."""
