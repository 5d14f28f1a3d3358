"""What waits because of a file or a notice: findings, files that were refused, notices that could not go."""

from collections.abc import Iterator
from datetime import date

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from console.worklist import Item
from models.notice import Notice
from models.source_file import Finding, SourceFile
from models.words import FileKind, FileState, FindingState, NoticeState, Role, Severity
from worker.clock import SHANGHAI

_OWNER = {
    FileKind.LEDGER: Role.HANDLER,
    FileKind.CONTACTS: Role.HANDLER,
    FileKind.STATEMENT: Role.ACCOUNTANT,
    FileKind.ACCOUNTS: Role.ACCOUNTANT,
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


_WHY_NOT_SENT = {
    NoticeState.HELD: "is held",
    NoticeState.UNCERTAIN: "may or may not have arrived",
    NoticeState.DEAD: "was given up",
}


def notices(session: Session, code: str, shop_id: int) -> Iterator[Item]:
    """Notices that do not go by themselves."""
    rows = session.scalars(
        select(Notice).where(Notice.shop_id == shop_id, Notice.state.in_(_WHY_NOT_SENT)).order_by(Notice.id)
    )
    for row in rows:
        why = row.held_because or row.error or ""
        yield Item(
            "notice",
            f"notice:{row.id}",
            code,
            Role.HANDLER,
            _written_on(row),
            None,
            f"notice {row.id} ({row.kind}) to {row.recipient} {_WHY_NOT_SENT[row.state]}: {why}",
            _command(row, code),
        )


def _written_on(row: Notice) -> date:
    return row.written_at.astimezone(SHANGHAI).date()


def _command(row: Notice, code: str) -> str:
    if row.address is None:
        return f"huikuan contact import FILE --shop {code}"
    return (
        f"huikuan notice confirm {row.id}"
        if row.state is NoticeState.UNCERTAIN
        else f"huikuan notice release {row.id}"
    )
