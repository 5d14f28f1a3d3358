"""Issued workbooks: put back as they were, and checked with their snapshots and the chain."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from sqlalchemy.orm import Session

from models.ledger import LedgerClose
from models.values import Period, Refusal
from tasks.ledgers import closing_queries, frozen
from tasks.ledgers.closing_queries import StoredLine
from tasks.ledgers.making import thawed_book
from tasks.ledgers.workbook import workbook_bytes
from worker.files import sha256_of, write_whole
from worker.job import Night
from worker.settings import settings


class Fault(NamedTuple):
    """Something that is not as it was issued, and the sentence."""

    number: str
    sentence: str


def rebuild(session: Session, night: Night, month: Period, revision: int | None) -> int:
    """Write an issued workbook anew where it is missing or was changed; what lay there is kept beside it.

    Raises Refusal where the snapshot does not give the bytes that were issued.
    """
    close = _issued(session, night, month, revision)
    target = settings().home / close.path
    content = workbook_bytes(thawed_book(session, close))
    if sha256_of(content) != close.sha256:
        raise Refusal(
            f"{_name(close)} can't be made from its snapshot with this version: the bytes are others than "
            f"those issued. Nothing was written. Restore {close.path} from the backup, and see: "
            "huikuan ledger verify"
        )
    night.note(ledger=close.path, number=close.number, sha256=close.sha256)
    if target.exists() and sha256_of(target.read_bytes()) == close.sha256:
        return 0
    if not night.dry_run:
        _put_aside(target)
        write_whole(target, content)
    return 1


def _put_aside(target: Path) -> None:
    if target.exists():
        beside = target.with_name(f"{target.stem}.changed-{sha256_of(target.read_bytes())[:8]}.xlsx")
        target.replace(beside)


def _issued(session: Session, night: Night, month: Period, revision: int | None) -> LedgerClose:
    found = [each for each in closing_queries.closes(session, night.shop_id) if each.month == str(month)]
    wanted = [each for each in found if revision in (None, each.revision)]
    if not wanted:
        which = f"{month} has no revision {revision}" if found else f"{month} is not closed"
        raise Refusal(
            f"{which}: there is nothing to rebuild. See: huikuan ledger list --shop {night.shop_code}, "
            f"or build a draft: huikuan ledger build {month} --shop {night.shop_code}"
        )
    return wanted[-1]


def faults(session: Session, shop_id: int, home: Path) -> Iterator[Fault]:
    """Everything in a shop's chain and issued files that is not as it was; nothing = all is well."""
    previous = None
    for close in closing_queries.closes(session, shop_id):
        said = [*_of_chain(close, previous), *_of_snapshot(session, close), *_of_file(close, home)]
        yield from (Fault(close.number, sentence) for sentence in said)
        previous = close.snapshot_hash


def _of_chain(close: LedgerClose, previous: str | None) -> Iterator[str]:
    if close.previous_hash != previous:
        yield (
            f"{_name(close)}: it is not chained to the close before it: one is gone, new or changed. "
            "Restore the database from the backup."
        )


def _of_snapshot(session: Session, close: LedgerClose) -> Iterator[str]:
    lines = closing_queries.snapshot(session, close.id)
    yield from _of_lines(close, lines)
    top = close.head if isinstance(close.head, dict) else {}
    known = [each.row_hash for each in lines]
    if frozen.snapshot_hash(top, known, close.previous_hash) != close.snapshot_hash:
        yield (
            f"{_name(close)}: its snapshot is not the one that was closed ({len(lines)} lines, "
            f"{close.rows + close.corrections} were kept). Restore the database from the backup."
        )


def _of_lines(close: LedgerClose, lines: Sequence[StoredLine]) -> Iterator[str]:
    for line, row_hash in lines:
        if line.row_hash != row_hash:
            yield (
                f"{_name(close)}: {line.part} {line.position} ({line.claim_no}) of the snapshot was changed. "
                "Restore the database from the backup."
            )


def _of_file(close: LedgerClose, home: Path) -> Iterator[str]:
    path = home / close.path
    command = f"huikuan ledger rebuild {close.month} --revision {close.revision}"
    try:
        content = path.read_bytes()
    except OSError:
        yield f"{_name(close)}: {close.path} is not there. Put it back: {command}"
        return
    if sha256_of(content) != close.sha256:
        yield f"{_name(close)}: {close.path} was changed after it was issued. Put it back: {command}"


def _name(close: LedgerClose) -> str:
    return f"{close.month} revision {close.revision} ({close.number})"
