"""The jobs of this room: read the account lists, read the bank files."""

from datetime import date
from pathlib import Path

from sqlalchemy.orm import Session

from models.source_file import SourceFile
from models.values import Refusal
from models.words import FileKind
from tasks.statements import queries, writing
from tasks.statements.accounts import KnownShop
from tasks.statements.reading import account_list, or_refusal, reading, reading_of
from worker.job import Night, job
from worker.sheets import read_book


@job
def read_accounts(session: Session, night: Night) -> int:
    """Register the bank accounts of every list that waits; a row that can't be read is a finding."""
    registry = queries.registry(session)
    files = queries.waiting_files(session, night.shop_id, FileKind.ACCOUNTS)
    count = 0
    lists = night.decide(files, lambda file: or_refusal(lambda: account_list(file, registry)), _name)
    for file, found in lists:
        if isinstance(found, Refusal):
            writing.refuse(session, night, file, found)
        else:
            count += writing.keep_accounts(session, night, file, found, registry)
    return count


@job
def read_statements(session: Session, night: Night) -> int:
    """Turn every bank file that waits into bank lines; a file that can't be read whole is refused whole."""
    files = queries.waiting_files(session, night.shop_id, FileKind.STATEMENT)
    count = 0
    # What is registered is asked for each file: the one before may have brought its account.
    read = night.decide(
        files, lambda file: or_refusal(lambda: reading(file, queries.registry(session), night.date)), _name
    )
    for file, found in read:
        if isinstance(found, Refusal):
            writing.refuse(session, night, file, found)
        else:
            count += writing.keep_statement(session, night, file, found)
    return count


@job
def read_statement(session: Session, night: Night) -> int:
    """Read the one bank file with the id `file_id` now; refused by a sentence to whoever asks."""
    file = session.get_one(SourceFile, int(night.parameters["file_id"]))
    found = reading(file, queries.registry(session), night.date)
    return writing.keep_statement(session, night, file, found)


@job
def read_account_list(session: Session, night: Night) -> int:
    """Read the one account list with the id `file_id` now; refused by a sentence to whoever asks."""
    file = session.get_one(SourceFile, int(night.parameters["file_id"]))
    registry = queries.registry(session)
    found = account_list(file, registry)
    return writing.keep_accounts(session, night, file, found, registry)


def shop_of(session: Session, path: Path, account: str | None, latest: date) -> KnownShop:
    """The shop that a bank file is of, by reading it: whoever brings it need not say. Raises Refusal."""
    return reading_of(read_book(path), account, queries.registry(session), latest).owner.shop


def _name(file: SourceFile) -> str:
    return f"source_file:{file.id}"
