"""The files of a shop that wait, what is open of those that were read, and what its headings mean."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.heading_meaning import HeadingMeaning
from models.source_file import Finding, SourceFile
from models.words import FileKind, FileState, FindingState


def waiting_files(session: Session, shop_id: int, kind: FileKind) -> Sequence[SourceFile]:
    """The shop's files of that kind that nobody has read, oldest first."""
    waiting = (
        select(SourceFile)
        .where(SourceFile.shop_id == shop_id, SourceFile.kind == kind, SourceFile.state == FileState.WAITING)
        .order_by(SourceFile.id)
    )
    return session.execute(waiting).scalars().all()


def older_findings(session: Session, file: SourceFile) -> Sequence[Finding]:
    """What is open of the shop's ledgers that came before this one."""
    found = (
        select(Finding)
        .join(SourceFile, SourceFile.id == Finding.file_id)
        .where(SourceFile.shop_id == file.shop_id, SourceFile.kind == FileKind.LEDGER)
        .where(SourceFile.id < file.id, Finding.state == FindingState.OPEN)
        .order_by(Finding.id)
    )
    return session.execute(found).scalars().all()


def remembered_headings(session: Session, shop_id: int) -> dict[str, str | None]:
    """What the shop's people said of headings, the newest of each: the field meant, None for no column."""
    said = (
        select(HeadingMeaning.heading, HeadingMeaning.field)
        .where(HeadingMeaning.shop_id == shop_id)
        .order_by(HeadingMeaning.id)
    )
    return {row.heading: row.field for row in session.execute(said)}
