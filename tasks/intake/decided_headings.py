"""Keeping what a person says that headings mean, and reading again what it changes."""

from collections.abc import Mapping

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from models.heading_meaning import HeadingMeaning
from models.source_file import Finding, SourceFile
from models.values import Refusal
from models.words import FileKind, FileState, FindingState, Role
from tasks.intake.columns import BY_FIELD
from tasks.intake.file_queries import remembered_headings
from tasks.intake.headings import plain
from worker.job import Night

UNCONFIRMED = "heading_unconfirmed"
MAY_DECIDE = frozenset({Role.HANDLER, Role.ACCOUNTANT, Role.MANAGER, Role.ADMIN, "operator"})


def decide(session: Session, night: Night, meanings: Mapping[str, str | None]) -> int:
    """Write down what is new of it; returns how many headings that were. Raises Refusal for the wrong role.

    A ledger in which such a heading was passed over waits again: what it says there is then read.
    """
    if night.parameters["role"] not in MAY_DECIDE:
        raise Refusal(
            f"{night.by} may not say what headings mean: that is for {', '.join(sorted(MAY_DECIDE))}. "
            "Log in as one of them: huikuan login NAME"
        )
    known = remembered_headings(session, night.shop_id)
    new = {key: field for key, field in meanings.items() if key not in known or known[key] != field}
    if not new:
        return 0
    session.execute(insert(HeadingMeaning), [
        {"shop_id": night.shop_id, "heading": key, "field": field if field in BY_FIELD else None,
         "decided_by": night.by, "decided_at": night.at}
        for key, field in new.items()
    ])  # fmt: skip
    night.note(
        read_again=_read_again(session, night, {key.split("/")[-1] for key, field in new.items() if field})
    )
    _resolve(session, night, {key.split("/")[-1] for key in new})
    return len(new)


def _read_again(session: Session, night: Night, names: set[str]) -> list[str]:
    files = session.scalars(
        select(SourceFile)
        .where(SourceFile.shop_id == night.shop_id, SourceFile.kind == FileKind.LEDGER)
        .where(SourceFile.state == FileState.READ)
        .order_by(SourceFile.id)
    )
    again = [file for file in files if names.intersection(map(plain, _passed_over(file)))]
    for file in again:
        file.state = FileState.WAITING
    return [file.name for file in again]


def _passed_over(file: SourceFile) -> list[str]:
    summary = file.summary if isinstance(file.summary, dict) else {}
    return list(summary.get("headings_ignored", ()))


def _resolve(session: Session, night: Night, names: set[str]) -> None:
    asked = session.execute(
        select(Finding.id, Finding.heading)
        .where(Finding.shop_id == night.shop_id, Finding.code == UNCONFIRMED)
        .where(Finding.state == FindingState.OPEN)
        .order_by(Finding.id)
    )
    answered = [row.id for row in asked if plain(row.heading) in names]
    session.execute(
        update(Finding)
        .where(Finding.id.in_(answered))
        .values(state=FindingState.RESOLVED, resolved_by=night.by)
    )
