"""From a stored file to its statements and whose they are, as values: read, or refused with a sentence."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path
from typing import TypeVar

from models.source_file import SourceFile
from models.values import Refusal
from tasks.statements import camt, messages, mt940, rules
from tasks.statements.account_list import ListedAccount, listed_accounts
from tasks.statements.accounts import Owner, Registry, owner
from tasks.statements.layout import Layout
from tasks.statements.rules import Given
from tasks.statements.statement import Statement
from worker.clock import SHANGHAI
from worker.files import sha256_of
from worker.settings import settings
from worker.sheet_text import decode
from worker.sheets import Book, book_of
from worker.whole_file import whole_bytes

T = TypeVar("T")


@dataclass(frozen=True)
class Reading:
    """What one statement of a bank file came to."""

    statement: Statement
    owner: Owner


def or_refusal(read: Callable[[], T]) -> T | Refusal:
    """In the night a file that is refused stops nobody: its sentence is kept beside it."""
    try:
        return read()
    except Refusal as refusal:
        return refusal


def readings(
    file: SourceFile, registry: Registry, profiles: Sequence[Layout], business_date: date, *, is_part: bool
) -> list[Reading]:
    """Read a bank file that was stored: a statement per account. Raises Refusal."""
    data = whole_bytes(settings().files / file.stored_as, file.name)
    if file.stored_as.startswith(file.sha256) and sha256_of(data) != file.sha256:
        raise Refusal(
            f"The kept copy of {file.name} is not what was brought: it was changed since. Bring the file "
            f"again: huikuan intake statement {file.name}"
        )
    given = Given(file.account_number, profiles, is_part)
    found = readings_of(file.name, data, given, registry, _latest(file, business_date))
    for each in found:
        if each.owner.shop.shop_id != file.shop_id:
            raise Refusal(
                f"{file.name} is of an account of {each.owner.shop.name}, not of "
                f"{registry.shop(file.shop_id).name}. Bring it again; its shop is found by reading it: "
                f"huikuan intake statement {file.name}"
            )
    return found


def readings_of(name: str, data: bytes, given: Given, registry: Registry, latest: date) -> list[Reading]:
    """Read a bank file; `given.account` is the account named by hand. Raises Refusal."""
    if messages.is_camt(data):
        found = messages.statements(name, camt.KIND, camt.messages(name, data))
    elif text := mt940_text(name, data):
        found = messages.statements(name, mt940.KIND, mt940.messages(name, text))
    else:
        expected = replace(given, account=given.account or registry.expected_for(name))
        found = (rules.statement(name, _visible(book_of(name, data)), latest, expected),)
    for each in found:
        rules.refuse_future(name, each.lines, latest)
    return [Reading(each, owner(name, each, given.account, registry)) for each in found]


def mt940_text(name: str, data: bytes) -> str:
    """The text of an MT940 file; '' for any other."""
    if b":20:" not in data[: messages.LOOKED_AT]:
        return ""
    text = decode(name, data)
    return text if messages.is_mt940(text) else ""


def is_message(path: Path) -> bool:
    """Whether a file holds statements as messages, told by its first bytes."""
    data = whole_bytes(path)
    return messages.is_camt(data) or bool(mt940_text(path.name, data))


def sheets_of(path: Path) -> rules.Sheets:
    """The sheets of a file that somebody explains. Raises Refusal."""
    return _visible(book_of(path.name, whole_bytes(path)))


def account_list(file: SourceFile, registry: Registry) -> list[ListedAccount]:
    """Read a list of accounts. Raises Refusal."""
    book = book_of(file.name, whole_bytes(settings().files / file.stored_as, file.name))
    rows = next(iter(_visible(book).values()), ())
    return listed_accounts(file.name, rows, registry.shop(file.shop_id))


def _visible(book: Book) -> rules.Sheets:
    return {sheet.name: sheet.rows for sheet in book.sheets if not sheet.hidden}


def _latest(file: SourceFile, business_date: date) -> date:
    """A bank may date a line the day after. A night caught up later reads files that came meanwhile."""
    arrived = file.received_at.astimezone(SHANGHAI).date()
    return max(business_date, arrived) + timedelta(days=1)
