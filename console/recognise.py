"""What a file is, told by its content: a ledger, a bank statement, a list of contacts or of accounts."""

from dataclasses import dataclass
from pathlib import Path

from models.values import Refusal
from models.words import FileKind
from tasks.intake.contact_list import listed_contacts
from tasks.intake.headings import Remembered, find_headings
from tasks.intake.ledger import title_of
from tasks.statements.account_list import EXPORT, HOLDER, NUMBER
from tasks.statements.formats import GENERAL, KNOWN_BANKS
from tasks.statements.headings import SEARCHED_ROWS, candidates, heading, locate, missing
from tasks.statements.reading import is_message
from worker.sheets import Book, Sheet, read_book

TABLES = frozenset({".xlsx", ".xls", ".xlsm", ".csv", ".tsv", ".txt"})
LIKE_A_STATEMENT = 3
"""So many of a bank layout's headings in one row are no chance."""
LAYOUTS = (*KNOWN_BANKS, *GENERAL)


@dataclass(frozen=True)
class Recognised:
    """A file that is of use; `title` is the shop's name in a ledger's title."""

    path: Path
    kind: FileKind
    title: str | None = None


def recognise(path: Path, remembered: Remembered | None = None) -> Recognised:
    """Say what a file is; `remembered` is what was said of the headings of ledgers.

    Raises Refusal naming the file and why it is of no use.
    """
    if is_message(path):
        return Recognised(path, FileKind.STATEMENT)
    if path.suffix.lower() not in TABLES:
        raise Refusal(f"{path.name} is no table (.xlsx, .xls, .csv, .txt)")
    book = read_book(path)
    if _is_ledger(book, remembered):
        return Recognised(path, FileKind.LEDGER, title_of([sheet.rows for sheet in book.sheets]))
    for kind, fits in (
        (FileKind.STATEMENT, _is_statement),
        (FileKind.CONTACTS, _is_contacts),
        (FileKind.ACCOUNTS, _is_accounts),
        (FileKind.STATEMENT, _is_like_a_statement),
    ):
        if fits(book):
            return Recognised(path, kind)
    raise Refusal(
        f"{path.name} has the headings of no ledger, bank statement, list of contacts or of accounts"
    )


def _is_ledger(book: Book, remembered: Remembered | None) -> bool:
    found = [find_headings(sheet.rows, sheet.merged, remembered) for sheet in book.sheets]
    return any(headings is not None and not headings.missing for headings in found)


def _is_statement(book: Book) -> bool:
    return any(locate(sheet.rows, LAYOUTS) for sheet in _visible(book))


def _is_contacts(book: Book) -> bool:
    try:
        listed_contacts(book.file_name, book.sheets[0].name, book.sheets[0].rows)
    except Refusal:
        return False
    return True


def _is_accounts(book: Book) -> bool:
    rows = [{heading(cell) for cell in row} for sheet in _visible(book) for row in sheet.rows[:SEARCHED_ROWS]]
    return any(row.intersection(NUMBER) and row.intersection((*HOLDER, *EXPORT)) for row in rows)


def _is_like_a_statement(book: Book) -> bool:
    """An unknown bank's layout: laid ready, refused with a sentence by whoever reads it, and so not lost."""
    said = [row for sheet in _visible(book) for _, row in candidates(sheet.rows)]
    return any(
        len(layout.columns) + 1 - len(missing(layout, row)) >= LIKE_A_STATEMENT
        for row in said
        for layout in LAYOUTS
    )


def _visible(book: Book) -> list[Sheet]:
    return [sheet for sheet in book.sheets if not sheet.hidden]
