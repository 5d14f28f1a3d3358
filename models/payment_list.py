"""Payment lists (清单): which claims a transfer pays, as the insurer listed them in a file of its own."""

from datetime import date

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, Fen, Id, Json


class PaymentList(Base):
    """One list for one bank line; the newest of a line counts, and no file counts for two lines."""

    __tablename__ = "payment_list"
    __table_args__ = (UniqueConstraint("shop_id", "sha256"),)

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    shop_id: Mapped[int] = mapped_column(ForeignKey("shop.id"))
    bank_line_id: Mapped[int] = mapped_column(ForeignKey("bank_line.id"), index=True)
    name: Mapped[str] = mapped_column(String(255))
    sha256: Mapped[str] = mapped_column(String(64))
    number: Mapped[str | None] = mapped_column(String(64))
    """The settlement number (结算单号), where the list has one."""
    total: Mapped[int] = mapped_column(Fen)
    rows: Mapped[object] = mapped_column(Json)
    """Per row: plate, report number, fen, and the row as the spreadsheet counts it."""
    brought_by: Mapped[str] = mapped_column(String(64))
    brought_on: Mapped[date]
