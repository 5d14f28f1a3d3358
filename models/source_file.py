"""Files that people and banks brought, and what was wrong in them."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, Id, Json, Utc, Word
from models.words import FileKind, FileState, FindingState, Severity


class SourceFile(Base):
    """One file as it arrived; the same content of the same kind is one row, however often it comes."""

    __tablename__ = "source_file"
    __table_args__ = (
        UniqueConstraint("shop_id", "kind", "sha256"),
        Index("ix_source_file_of_a_day", "shop_id", "read_on"),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    shop_id: Mapped[int] = mapped_column(ForeignKey("shop.id"))
    kind: Mapped[FileKind] = mapped_column(Word(FileKind))
    name: Mapped[str] = mapped_column(String(255))
    sha256: Mapped[str] = mapped_column(String(64))
    stored_as: Mapped[str] = mapped_column(String(255))
    """Path below the files folder of HUIKUAN_HOME."""
    state: Mapped[FileState] = mapped_column(Word(FileState), index=True)
    refusal: Mapped[str | None] = mapped_column(Text)
    authorised_by: Mapped[str | None] = mapped_column(String(64))
    """Who vouches for the authorisations of the cases in a ledger (design 5)."""
    account_number: Mapped[str | None] = mapped_column(String(64))
    """For a statement that does not say whose it is: the account given with it."""
    rows: Mapped[int] = mapped_column(default=0)
    summary: Mapped[object | None] = mapped_column(Json)
    """What reading it came to: counts and sums, for people."""
    brought_by: Mapped[str] = mapped_column(String(64))
    received_at: Mapped[datetime] = mapped_column(Utc)
    read_on: Mapped[date | None]


class Finding(Base):
    """Something in a file that could not be taken as it stands, and what to do about it."""

    __tablename__ = "finding"
    __table_args__ = (UniqueConstraint("file_id", "sheet", "row", "cell", "code"),)

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    shop_id: Mapped[int] = mapped_column(ForeignKey("shop.id"), index=True)
    file_id: Mapped[int] = mapped_column(ForeignKey("source_file.id"))
    sheet: Mapped[str] = mapped_column(String(64), default="")
    row: Mapped[int] = mapped_column(default=0)
    """As the spreadsheet counts, from 1; 0 for the whole file."""
    cell: Mapped[str] = mapped_column(String(16), default="")
    heading: Mapped[str] = mapped_column(String(64), default="")
    value: Mapped[str] = mapped_column(Text, default="")
    code: Mapped[str] = mapped_column(String(48))
    sentence: Mapped[str] = mapped_column(Text)
    """What is so and what to do, ready to read."""
    severity: Mapped[Severity] = mapped_column(Word(Severity))
    row_values: Mapped[object | None] = mapped_column(Json)
    """The row as it stood, so that nothing is lost."""
    state: Mapped[FindingState] = mapped_column(Word(FindingState), default=FindingState.OPEN)
    resolved_by: Mapped[str | None] = mapped_column(String(64))
