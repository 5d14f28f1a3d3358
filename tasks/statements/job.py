"""The jobs of this room: read the account lists, read the bank files, remember explained layouts."""

from datetime import date
from functools import partial
from pathlib import Path

from sqlalchemy.orm import Session

from models.source_file import SourceFile
from models.values import Refusal
from models.words import FileKind
from tasks.statements import profiling, queries, taking, writing
from tasks.statements.accounts import KnownShop
from tasks.statements.reading import account_list, or_refusal
from worker import aside
from worker.job import Night, job


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
            keep = partial(writing.keep_accounts, session, night, file, found, registry)
            count += aside.write_one(session, night, _name(file), keep)
    return count


@job
def read_statements(session: Session, night: Night) -> int:
    """Turn every bank file that waits into bank lines; a file that can't be read whole is refused whole."""
    files = queries.waiting_files(session, night.shop_id, FileKind.STATEMENT)
    count = 0
    # What is registered and known is asked for each file: the one before may have brought it.
    read = night.decide(files, lambda file: or_refusal(lambda: taking.taken(session, night, file)), _name)
    for file, found in read:
        if isinstance(found, Refusal):
            writing.refuse(session, night, file, found)
        else:
            keep = partial(writing.keep_statements, session, night, file, found)
            count += aside.write_one(session, night, _name(file), keep)
    return count


@job
def read_statement(session: Session, night: Night) -> int:
    """Read the one bank file with the id `file_id` now; refused by a sentence to whoever asks.

    `part`: lines were left out of it; `whole_days`: somebody vouches that its days are whole.
    """
    file = session.get_one(SourceFile, int(night.parameters["file_id"]))
    return writing.keep_statements(session, night, file, taking.taken(session, night, file))


@job
def map_statement(session: Session, night: Night) -> int:
    """Remember what the headings of a layout mean: `headings`, `mapping`, `made_from`, `account` or None."""
    profiling.keep(session, night)
    return 1


@job
def remove_profile(session: Session, night: Night) -> int:
    """Use the explained layout `profile` no more; what it read stays."""
    return profiling.remove(session, night, int(night.parameters["profile"]))


@job
def read_account_list(session: Session, night: Night) -> int:
    """Read the one account list with the id `file_id` now; refused by a sentence to whoever asks."""
    file = session.get_one(SourceFile, int(night.parameters["file_id"]))
    registry = queries.registry(session)
    found = account_list(file, registry)
    return writing.keep_accounts(session, night, file, found, registry)


def shop_of(session: Session, path: Path, given: str | None, latest: date, *, is_part: bool) -> KnownShop:
    """The shop that a bank file is of, by reading it: whoever brings it need not say. Raises Refusal."""
    return taking.shop_of(session, path, given, latest, is_part=is_part)


def _name(file: SourceFile) -> str:
    return f"source_file:{file.id}"
