"""Reading a file that somebody brings, now and in this process, by the job that reads one file."""

from dataclasses import dataclass
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
}


@dataclass(frozen=True)
class Task:
    """A file on the list, for whom and on which business date it is read."""

    shop: str
    day: date
    person: Person


def read_now(brought: Brought, laying: Laying, task: Task) -> dict[str, Any]:
    """Lay a file and read it; returns what came of it. A file that is refused leaves nothing behind."""
    files.keep(brought)
    with db.transaction() as session:
        laid = files.lay(session, brought, laying)
    if laid.read_on is not None:
        if laying.authorised_by is not None:
            _vouch(laid, laying.authorised_by, task)
        return outcome(laid.file_id) | {"known_since": laid.read_on, "changed": 0}
    return read_laid(laid, task)


def read_laid(laid: Laid, task: Task) -> dict[str, Any]:
    """Read a file that lies ready."""
    job = JOB[laid.kind]
    scope = by_hand.again(job, task.day, f"file:{laid.sha256[:16]}")
    try:
        done = by_hand.do(job, task.shop, task.day, scope, task.person, file_id=laid.file_id)
    except Refusal:
        if laid.is_new:
            _take_back(laid.file_id)
        raise
    return outcome(laid.file_id) | {"known_since": None, "changed": done.count}


def _vouch(laid: Laid, name: str, task: Task) -> None:
    scope = by_hand.again("vouch_for_ledger", task.day, f"file:{laid.sha256[:16]}")
    by_hand.do(
        "vouch_for_ledger", task.shop, task.day, scope, task.person, file_id=laid.file_id, authorised_by=name
    )


def _take_back(file_id: int) -> None:
    """Whoever brought the file has read why it was refused, and still has it."""
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
    if read["known_since"] is not None:
        return f"{read['file']}: read on {read['known_since']} already; nothing was changed."
    found = f", {read['open_findings']} open findings: huikuan finding list" if read["open_findings"] else ""
    what = {
        "statement": "lines, new",
        "ledger": "rows, cases new or changed",
        "contacts": "contacts, new or changed",
    }
    return (
        f"{read['file']}: {read['rows']} {what.get(read['kind'], 'accounts, in')}: {read['changed']}{found}"
    )
