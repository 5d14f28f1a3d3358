"""Reading a file that somebody brings, now and in this process, by the job that reads one file."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import delete, func, select

from console import by_hand, files
from console.files import Brought, Laid, Laying
from console.who import Person
from models.source_file import Finding, SourceFile
from models.values import Refusal
from models.words import FileKind, FileState, FindingState
from worker import db

JOB = {
    FileKind.LEDGER: "read_ledger",
    FileKind.CONTACTS: "read_contact_list",
    FileKind.STATEMENT: "read_statement",
    FileKind.ACCOUNTS: "read_account_list",
    FileKind.REPLY: "import_reply",
}


@dataclass(frozen=True)
class Task:
    """A file on the list, for whom and on which business date it is read."""

    shop: str
    day: date
    person: Person
    said: Mapping[str, Any] = field(default_factory=dict)
    """What else the job is told of the file."""


def read_now(brought: Brought, laying: Laying, task: Task) -> dict[str, Any]:
    """Lay a file and read it; returns what came of it. A file that is refused leaves nothing behind."""
    is_new_copy = files.keep(brought)
    with db.transaction() as session:
        laid = files.lay(session, brought, laying)
    if laid.read_on is not None:
        return _known(laid, laying.authorised_by, task)
    try:
        return read_laid(laid, task)
    except Refusal:
        # Whoever brought it has read why it was refused, and still has the file.
        if laid.is_new:
            _forget(laid.file_id)
        if is_new_copy:
            files.take_back(brought)
        raise


def read_laid(laid: Laid, task: Task) -> dict[str, Any]:
    """Read a file that lies ready. Raises Refusal where it can't be."""
    job = JOB[laid.kind]
    scope = by_hand.again(job, task.day, f"file:{laid.sha256[:16]}")
    done = by_hand.do(job, task.shop, task.day, scope, task.person, file_id=laid.file_id, **task.said)
    return outcome(laid.file_id) | {"known_since": None, "changed": done.count, "vouched": 0}


def _known(laid: Laid, authorised_by: str | None, task: Task) -> dict[str, Any]:
    vouched = vouch(laid.file_id, laid.sha256, authorised_by, task) if authorised_by else 0
    return outcome(laid.file_id) | {"known_since": laid.read_on, "changed": 0, "vouched": vouched}


def vouch(file_id: int, sha256: str, name: str, task: Task) -> int:
    """Record who vouches for the cases of a ledger read before; returns for how many nobody had."""
    scope = by_hand.again("vouch_for_ledger", task.day, f"file:{sha256[:16]}")
    done = by_hand.do(
        "vouch_for_ledger", task.shop, task.day, scope, task.person, file_id=file_id, authorised_by=name
    )
    return done.count


def _forget(file_id: int) -> None:
    with db.transaction() as session:
        session.execute(
            delete(SourceFile).where(SourceFile.id == file_id, SourceFile.state == FileState.WAITING)
        )


def outcome(file_id: int) -> dict[str, Any]:
    """What stands on record of a file."""
    with db.reading() as session:
        file = session.get_one(SourceFile, file_id)
        still_open = session.execute(
            select(func.count()).where(Finding.file_id == file_id, Finding.state == FindingState.OPEN)
        ).scalar_one()
    summary = file.summary if isinstance(file.summary, dict) else {}
    return {
        "file_id": file.id,
        "file": file.name,
        "kind": file.kind.value,
        "state": file.state.value,
        "rows": file.rows,
        "open_findings": still_open,
        "summary": summary,
    }


def sentence(read: dict[str, Any]) -> str:
    """What came of one file, for a person."""
    if read["vouched"]:
        vouched = f"{read['vouched']} of its cases are vouched for now"
        return f"{read['file']}: read on {read['known_since']} already; {vouched}."
    if read["known_since"] is not None:
        return f"{read['file']}: read on {read['known_since']} already; nothing was changed."
    found = f", {read['open_findings']} open findings: huikuan finding list" if read["open_findings"] else ""
    what = {
        "statement": "lines, new",
        "ledger": "rows, cases new or changed",
        "contacts": "contacts, new or changed",
        "reply": "rows, answers taken",
    }
    told = (
        f"{read['file']}: {read['rows']} {what.get(read['kind'], 'accounts, in')}: {read['changed']}{found}"
    )
    mapping = read["summary"].get("mapping")
    if mapping:
        taken = "; ".join(f"{meaning}: {said}" for meaning, said in mapping.items())
        told += f"\n  {read['summary']['layout']}, no known bank's layout, was read so: {taken}"
    return told
