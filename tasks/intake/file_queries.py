"""The files of a shop that wait, and what is open of those that were read."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

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
