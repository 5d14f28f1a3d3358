"""Bank accounts and what stands on their statements."""

from collections.abc import Callable
from datetime import date, time

from sqlalchemy import ForeignKey, Index, String, Text, Time, UniqueConstraint
from sqlalchemy.engine.default import DefaultExecutionContext
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, Fen, Id, Json, Word
from models.remark import one_key, remark_of
from models.words import Outcome


class BankAccount(Base):
    """A shop's own account. Provisional: registered from a file that names a known shop as holder."""

    __tablename__ = "bank_account"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    shop_id: Mapped[int] = mapped_column(ForeignKey("shop.id"), index=True)
    number: Mapped[str] = mapped_column(String(64), unique=True)
    holder: Mapped[str | None] = mapped_column(String(128))
    bank_name: Mapped[str | None] = mapped_column(String(128))
    """开户行, as letters name it."""
    export_name: Mapped[str | None] = mapped_column(String(255))
    """The file name its exports come under, for layouts that do not name the account."""
    provisional: Mapped[bool] = mapped_column(default=False)


def _read(part: int) -> Callable[[DefaultExecutionContext], str | None]:
    """What is read from the remark of a line as it is written."""

    def of(context: DefaultExecutionContext) -> str | None:
        row = context.get_current_parameters()
        found = one_key(remark_of(row.get("memo") or "", row.get("search_text") or ""))
        return found[part] if found else None

    return of


class BankLine(Base):
    """One line of a statement, kept as it stood. Money in is positive, money out negative."""

    __tablename__ = "bank_line"
    __table_args__ = (
        UniqueConstraint("account_id", "identity"),
        Index("ix_bank_line_look_again", "shop_id", "outcome"),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    shop_id: Mapped[int] = mapped_column(ForeignKey("shop.id"))
    account_id: Mapped[int] = mapped_column(ForeignKey("bank_account.id"))
    file_id: Mapped[int] = mapped_column(ForeignKey("source_file.id"), index=True)
    row: Mapped[int]
    """As the spreadsheet counts, from 1."""
    booked_on: Mapped[date]
    booked_at: Mapped[time | None] = mapped_column(Time)
    amount: Mapped[int] = mapped_column(Fen)
    balance: Mapped[int | None] = mapped_column(Fen)
    payer: Mapped[str] = mapped_column(String(255), default="")
    """The other side's name: who paid us, or whom we paid."""
    payer_account: Mapped[str] = mapped_column(String(64), default="")
    memo: Mapped[str] = mapped_column(Text, default="")
    """The remark as in the file."""
    search_text: Mapped[str] = mapped_column(Text, default="")
    """Every remark column joined, for finding keys (domain 6.3)."""
    remark_key: Mapped[str | None] = mapped_column(String(64), default=_read(0))
    """The only key in the remark, where it is words around one (models.remark); NULL: read it whole."""
    remark_words: Mapped[str | None] = mapped_column(String(256), default=_read(1))
    """The words around it. Whoever changes how remarks are read empties both for the lines that wait."""
    serial: Mapped[str | None] = mapped_column(String(64))
    identity: Mapped[str] = mapped_column(String(128))
    raw: Mapped[object] = mapped_column(Json)
    outcome: Mapped[Outcome] = mapped_column(Word(Outcome), default=Outcome.OPEN)
    reason: Mapped[str | None] = mapped_column(String(48))
    """Why it stands where it stands, as a code."""
    detail: Mapped[object | None] = mapped_column(Json)
    """What the reason speaks of: candidates, amounts."""
