"""Whom to tell: customers, insurer branches, staff. Addresses are encrypted."""

from datetime import date

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, Id, Secret, Word
from models.words import ContactKind


class Contact(Base):
    """One person or branch of a shop's address book; plate_no is '' where it does not apply."""

    __tablename__ = "contact"
    __table_args__ = (
        UniqueConstraint("shop_id", "kind", "name", "plate_no"),
        Index("ix_contact_of_car", "shop_id", "kind", "plate_no"),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    shop_id: Mapped[int] = mapped_column(ForeignKey("shop.id"))
    kind: Mapped[ContactKind] = mapped_column(Word(ContactKind))
    name: Mapped[str] = mapped_column(String(128))
    plate_no: Mapped[str] = mapped_column(String(16), default="")
    phone: Mapped[str | None] = mapped_column(Secret)
    phone_fingerprint: Mapped[str | None] = mapped_column(String(64), index=True)
    email: Mapped[str | None] = mapped_column(Secret)
    note: Mapped[str | None] = mapped_column(String(255))
    opted_out_on: Mapped[date | None]
    """Since when only service notices may be sent (PIPL 24); NULL = everything."""
