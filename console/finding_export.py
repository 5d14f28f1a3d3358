"""Findings as workbooks: the bad rows of each ledger with the reasons, to correct and bring again."""

from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from console import house
from console.output import say
from models.source_file import Finding, SourceFile
from models.values import Refusal
from models.words import FileKind, FindingState, Severity
from tasks.intake.corrections import Problem, workbook_bytes
from tasks.intake.file_queries import remembered_headings
from tasks.intake.reading import sheets_of
from worker.files import write_whole
from worker.settings import settings
from worker.sheets import read_book

_BAD = (Severity.ROW_LEFT_OUT, Severity.VALUE_LEFT_OUT)


def export(code: str, file_id: int | None, folder: Path | None, *, notes: bool) -> dict[str, Any]:
    """Write one workbook for each ledger of the shop with open findings on rows. Raises Refusal for none."""
    with house.reading() as session:
        shop_id = house.shop_id(session, code)
        remembered = remembered_headings(session, shop_id)
        found = _problems(session, shop_id, file_id, notes=notes)
    written = []
    for file, problems in found:
        book = read_book(settings().files / file.stored_as, name=file.name)
        content = workbook_bytes(sheets_of(book), problems, file.id, remembered)
        if content is None:
            continue
        path = (folder or settings().home / "findings") / f"{Path(file.name).stem}_待更正_{file.id}.xlsx"
        write_whole(path, content)
        rows = len({(each.sheet, each.row) for each in problems})
        written.append({"file": file.name, "file_id": file.id, "path": str(path), "rows": rows})
    if not written:
        raise Refusal(
            f"No row of {code}'s ledgers waits to be corrected. See what else is open: huikuan finding list"
        )
    return {"shop": code, "written": written}


def _problems(
    session: Session, shop_id: int, file_id: int | None, *, notes: bool
) -> list[tuple[SourceFile, list[Problem]]]:
    found = session.execute(
        select(Finding, SourceFile)
        .join(SourceFile, SourceFile.id == Finding.file_id)
        .where(Finding.shop_id == shop_id, Finding.state == FindingState.OPEN, Finding.row > 0)
        .where(SourceFile.kind == FileKind.LEDGER)
        .where(Finding.severity.in_([*_BAD, Severity.NOTE] if notes else _BAD))
        .order_by(Finding.file_id, Finding.sheet, Finding.row, Finding.id)
    )
    of_files: dict[int, tuple[SourceFile, list[Problem]]] = {}
    for finding, file in found:
        if file_id in (None, file.id):
            problem = Problem(finding.sheet, finding.row, finding.cell, finding.sentence)
            of_files.setdefault(file.id, (file, []))[1].append(problem)
    return list(of_files.values())


def tell(document: dict[str, Any]) -> None:
    """What was written, for a person."""
    for each in document["written"]:
        say(f"{each['file']}: {each['rows']} rows to correct: {each['path']}")
    say(f"Correct them there, save, and run: huikuan intake ledger FILE --shop {document['shop']}")
