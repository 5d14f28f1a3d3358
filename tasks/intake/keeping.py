"""What is kept of a file beside its cases: findings, what became of it, people named in it, the trail."""

import math
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import update
from sqlalchemy.orm import Session

from models.event import Happening, record
from models.source_file import Finding as FindingRow
from models.source_file import SourceFile
from models.staff import Staff
from models.upsert import add_new, put
from models.values import Refusal
from models.words import FileKind, FileState, FindingState, Severity
from tasks.intake.changes import RepairChange
from tasks.intake.columns import COLUMNS
from tasks.intake.corrections import Origin, origin_of
from tasks.intake.file_queries import older_findings
from tasks.intake.ledger_row import Finding, LedgerRow
from tasks.intake.people import Person
from tasks.intake.writing import Ids, of_cases
from worker.job import Night
from worker.sheets import cell_name

REFUSED = "file_refused"
# These compare a ledger with what is written down, and the next ledger does not say them again.
TOLD_ONCE = ("changed_by_hand", "below_known", "payout_unexpected")
LONGEST = {"sheet": 64, "heading": 64, "code": 48}
COMMAND = {FileKind.LEDGER: "intake ledger", FileKind.CONTACTS: "contact import"}


def refuse(session: Session, night: Night, file: SourceFile, refusal: Refusal) -> None:
    """Keep the sentence with the file and as a finding; nothing of the file was taken."""
    file.state, file.refusal, file.read_on = FileState.REFUSED, str(refusal), night.date
    _put(session, [_row(file, REFUSED, Severity.FILE_REFUSED, str(refusal))])
    night.note(files_refused=1)


def mark_read(
    session: Session, night: Night, file: SourceFile, rows: int, summary: Mapping[str, object]
) -> None:
    """The file is read; what it was once refused for is resolved."""
    file.state, file.refusal, file.read_on = FileState.READ, None, night.date
    file.rows, file.summary = rows, dict(summary)
    session.flush()
    refused = (
        FindingRow.file_id == file.id,
        FindingRow.code == REFUSED,
        FindingRow.state == FindingState.OPEN,
    )
    session.execute(
        update(FindingRow).where(*refused).values(state=FindingState.RESOLVED, resolved_by=night.by)
    )


def keep_findings(session: Session, night: Night, file: SourceFile, findings: Sequence[Finding]) -> None:
    """Write the findings, each with the sentence that a person reads; once per cell and code."""
    rows = {}
    for each in findings:
        row = _finding(file, night.shop_code, each)
        rows[row["sheet"], row["row"], row["cell"], row["code"]] = row
    _put(session, list(rows.values()))
    night.note(findings=len(rows))


def settle_older(
    session: Session, night: Night, file: SourceFile, rows: Sequence[LedgerRow], findings: Sequence[Finding]
) -> None:
    """A finding on a row is settled once a newer file shows the claim or the corrected row: its own count."""
    shown = {row.claim_no for row in rows} | {_claim_no(each) for each in findings}
    corrected = {
        origin: cells
        for cells in (
            *(row.cells for row in rows if row.cell("corrects")),
            *(each.cells or {} for each in findings),
        )
        if (origin := origin_of(str(cells.get("corrects"))))
    }
    for old in older_findings(session, file):
        claim_no = old.row_values.get("claim_no") if isinstance(old.row_values, dict) else None
        named = bool(claim_no) and str(claim_no) in shown and not old.code.startswith(TOLD_ONCE)
        cells = corrected.get(Origin(old.file_id, old.sheet, old.row))
        if named or (cells is not None and not _as_it_was(old, cells)):
            old.state, old.resolved_by = FindingState.RESOLVED, night.by


def _as_it_was(old: FindingRow, cells: Mapping[str, object]) -> bool:
    """What compares with what is known is told once: a cell brought again unchanged settles nothing."""
    meant = [cells.get(column.field) for column in COLUMNS if column.heading == old.heading]
    return old.code.startswith(TOLD_ONCE) and old.value in [str(cell) for cell in meant if cell is not None]


def _claim_no(finding: Finding) -> str | None:
    said = finding.cells.get("claim_no") if finding.cells else None
    return str(said) if said else None


def _put(session: Session, rows: Sequence[Mapping[str, Any]]) -> None:
    put(session, FindingRow, rows, ["file_id", "sheet", "row", "cell", "code"])


def _finding(file: SourceFile, shop_code: str, each: Finding) -> dict[str, Any]:
    cell = "" if each.column is None or not each.row else cell_name(each.row - 1, each.column)
    said = f"holds {each.value!r}: " if each.value else "is "
    where = f"cell {cell} (「{each.heading}」) {said}" if cell else f"row {each.row}: " if each.row else "is "
    again = f"huikuan {COMMAND[file.kind]} {file.name} --shop {shop_code}"
    then = "" if "huikuan" in each.remedy else f", save, and run: {again}"
    remedy = each.remedy.replace("--shop CODE", f"--shop {shop_code}")
    sentence = f"{file.name}, sheet {each.sheet}, {where}{each.why}. {remedy}{then}"
    return _row(file, each.code, each.severity, sentence) | {
        "sheet": each.sheet[: LONGEST["sheet"]], "row": each.row, "cell": cell,
        "heading": each.heading[: LONGEST["heading"]], "value": each.value,
        "row_values": {field: _plain(value) for field, value in each.cells.items()} if each.cells else None,
    }  # fmt: skip


def _row(file: SourceFile, code: str, severity: Severity, sentence: str) -> dict[str, Any]:
    return {
        "shop_id": file.shop_id, "file_id": file.id, "sheet": "", "row": 0, "cell": "", "heading": "",
        "value": "", "code": code[: LONGEST["code"]], "sentence": sentence, "severity": severity,
        "row_values": None, "state": FindingState.OPEN,
    }  # fmt: skip


def _plain(value: object) -> object:
    # JSON knows no NaN, and PostgreSQL refuses it.
    is_number = isinstance(value, int) or (isinstance(value, float) and math.isfinite(value))
    return value if value is None or isinstance(value, str) or is_number else str(value)


def keep_people(session: Session, night: Night, people: Sequence[Person]) -> None:
    """People named in a ledger are known, but can do nothing until somebody makes them active."""
    add_new(session, Staff, [
        {"name": each.name, "role": each.role, "active": False, "password_hash": None, "created_at": night.at}
        for each in people
    ])  # fmt: skip


def record_changes(
    session: Session, night: Night, file: SourceFile, changes: Sequence[RepairChange], cases: Ids
) -> int:
    """Put every case that came or changed on the trail; returns how many."""
    happenings = list(_happenings(file, changes, cases))
    record(session, happenings, **night.trail)
    return len(happenings)


def _happenings(file: SourceFile, changes: Sequence[RepairChange], cases: Ids) -> Iterator[Happening]:
    for change, each in of_cases(changes):
        moved = change.moves_money and each.case.is_lead
        if each.known and not (each.facts or each.expected or each.round or each.payouts or moved):
            continue
        inputs = {"file": file.name, "sheet": each.case.row.sheet, "row": each.case.row.row}
        changed = {name: _said(value) for name, value in each.facts.items()} if each.known else {}
        money = {"payout": sum(payout.amount for payout in each.payouts)} if each.payouts else {}
        kind = "case_updated_by_import" if each.known else "case_imported"
        yield Happening(kind, {**inputs, **changed, **money}, case_id=cases[each.case.row.claim_no])


def _said(value: object) -> object:
    return value.isoformat() if isinstance(value, date) else value
