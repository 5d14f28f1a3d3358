"""What waits because of a file: findings in it, or that it was refused."""

from collections.abc import Iterator

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from console.worklist import Item
from models.source_file import Finding, SourceFile
from models.words import FileKind, FileState, FindingState, Role, Severity
from tasks.statements import queries
from tasks.statements.periods import gaps, sentence
from worker.clock import SHANGHAI

_OWNER = {
    FileKind.LEDGER: Role.HANDLER,
    FileKind.CONTACTS: Role.HANDLER,
    FileKind.STATEMENT: Role.ACCOUNTANT,
    FileKind.ACCOUNTS: Role.ACCOUNTANT,
    FileKind.REPLY: Role.HANDLER,
}


def findings(session: Session, code: str, shop_id: int) -> Iterator[Item]:
    """What a file said that could not be taken as it stands."""
    rows = session.execute(
        select(
            Finding.id,
            Finding.sentence,
            Finding.severity,
            SourceFile.kind,
            SourceFile.read_on,
            SourceFile.received_at,
            SourceFile.id.label("file_id"),
        )
        .join(SourceFile, SourceFile.id == Finding.file_id)
        .where(Finding.shop_id == shop_id, Finding.state == FindingState.OPEN)
        .order_by(Finding.file_id, Finding.row, Finding.id)
    )
    for row in rows:
        refused = row.severity is Severity.FILE_REFUSED
        yield Item(
            "refused_file" if refused else "finding",
            f"finding:{row.id}",
            code,
            _OWNER[row.kind],
            row.read_on or row.received_at.astimezone(SHANGHAI).date(),
            None,
            row.sentence,
            f"huikuan intake again {row.file_id}" if refused else f"huikuan finding resolve {row.id}",
        )


def statement_gaps(session: Session, code: str, shop_id: int) -> Iterator[Item]:
    """Days between two statements of an account of which lines are missing."""
    for number, statements in queries.covered(session, shop_id).items():
        for gap in gaps(statements):
            yield Item(
                "statement_gap",
                f"account:{number}:{gap.first}",
                code,
                Role.ACCOUNTANT,
                gap.last,
                abs(gap.missing) if gap.missing is not None else None,
                sentence(number, gap),
                f"huikuan intake statement FILE --shop {code}",
            )


def refused_files(session: Session, code: str, shop_id: int) -> Iterator[Item]:
    """Files of which nothing was taken, where no finding says so already."""
    told = exists().where(
        Finding.file_id == SourceFile.id,
        Finding.severity == Severity.FILE_REFUSED,
        Finding.state == FindingState.OPEN,
    )
    rows = session.scalars(
        select(SourceFile)
        .where(SourceFile.shop_id == shop_id, SourceFile.state == FileState.REFUSED, ~told)
        .order_by(SourceFile.id)
    )
    for row in rows:
        yield Item(
            "refused_file",
            f"file:{row.id}",
            code,
            _OWNER[row.kind],
            row.read_on or row.received_at.astimezone(SHANGHAI).date(),
            None,
            row.refusal or f"{row.name} was refused",
            f"huikuan intake again {row.id}",
        )
