"""From a stored file to a statement and its owner, as one value: read, or refused with a sentence."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TypeVar

from models.source_file import SourceFile
from models.values import Refusal
from tasks.statements import rules
from tasks.statements.account_list import ListedAccount, listed_accounts
from tasks.statements.accounts import Owner, Registry, owner
from tasks.statements.statement import Statement
from worker.clock import SHANGHAI
from worker.settings import settings
from worker.sheets import Book, read_book

T = TypeVar("T")


@dataclass(frozen=True)
class Reading:
    """What a bank file came to."""

    statement: Statement
    owner: Owner


def or_refusal(read: Callable[[], T]) -> T | Refusal:
    """In the night a file that is refused stops nobody: its sentence is kept beside it."""
    try:
        return read()
    except Refusal as refusal:
        return refusal


def reading(file: SourceFile, registry: Registry, business_date: date) -> Reading:
    """Read a bank file that was stored. Raises Refusal."""
    book = read_book(settings().files / file.stored_as, name=file.name)
    found = reading_of(book, file.account_number, registry, _latest(file, business_date))
    if found.owner.shop.shop_id != file.shop_id:
        raise Refusal(
            f"{file.name} is of an account of {found.owner.shop.name}, not of "
            f"{registry.shop(file.shop_id).name}. Bring it again; its shop is found by reading it: "
            f"huikuan intake statement {file.name}"
        )
    return found


def reading_of(book: Book, given: str | None, registry: Registry, latest: date) -> Reading:
    """Read a bank file; `given` is the account named by hand. Raises Refusal."""
    account = given or registry.expected_for(book.file_name)
    statement = rules.statement(book.file_name, _visible(book), latest, account)
    return Reading(statement, owner(book.file_name, statement, given, registry))


def account_list(file: SourceFile, registry: Registry) -> list[ListedAccount]:
    """Read a list of accounts. Raises Refusal."""
    book = read_book(settings().files / file.stored_as, name=file.name)
    rows = next(iter(_visible(book).values()), ())
    return listed_accounts(file.name, rows, registry.shop(file.shop_id))


def _visible(book: Book) -> rules.Sheets:
    return {sheet.name: sheet.rows for sheet in book.sheets if not sheet.hidden}


def _latest(file: SourceFile, business_date: date) -> date:
    """A bank may date a line the day after. A night caught up later reads files that came meanwhile."""
    arrived = file.received_at.astimezone(SHANGHAI).date()
    return max(business_date, arrived) + timedelta(days=1)
