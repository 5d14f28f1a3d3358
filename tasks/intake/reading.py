"""From a stored file to its ledger or its contacts, as one value: read, or refused with a sentence."""

from collections.abc import Callable
from datetime import date
from typing import TypeVar

from models.source_file import SourceFile
from models.values import Refusal
from tasks.intake.contact_list import ListedContact, listed_contacts
from tasks.intake.headings import Remembered
from tasks.intake.ledger import Ledger, LedgerSheet, read_ledger
from tasks.intake.ledger_row import Finding
from worker.clock import SHANGHAI
from worker.settings import settings
from worker.sheet_cells import many_cells
from worker.sheets import Book, read_book

T = TypeVar("T")


def or_refusal(read: Callable[[], T]) -> T | Refusal:
    """In the night a file that is refused stops nobody: its sentence is kept beside it."""
    try:
        return read()
    except Refusal as refusal:
        return refusal


def ledger_of(book: Book, today: date, remembered: Remembered | None = None) -> Ledger:
    """The ledger in a workbook, read as of `today`. Raises Refusal."""
    with many_cells():
        return read_ledger(book.file_name, sheets_of(book), today, remembered or {})


def sheets_of(book: Book) -> list[LedgerSheet]:
    return [LedgerSheet(each.name, each.rows, each.merged, each.hidden) for each in book.sheets]


def stored_ledger(file: SourceFile, business_date: date, remembered: Remembered) -> Ledger:
    """Read a ledger that was brought, as the shop's people said its headings are meant. Raises Refusal."""
    return ledger_of(_book(file), _today(file, business_date), remembered)


def stored_contacts(file: SourceFile) -> tuple[list[ListedContact], list[Finding]]:
    """Read a list of contacts that was brought. Raises Refusal."""
    sheet = _book(file).sheets[0]
    return listed_contacts(file.name, sheet.name, sheet.rows)


def _book(file: SourceFile) -> Book:
    return read_book(settings().files / file.stored_as, name=file.name)


def _today(file: SourceFile, business_date: date) -> date:
    """A night that is caught up later reads files that came meanwhile: their dates are no slips."""
    return max(business_date, file.received_at.astimezone(SHANGHAI).date())
