"""Rows that were not taken come back as a workbook, are corrected there, and go in; the findings close."""

from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl.worksheet.worksheet import Worksheet
from sqlalchemy import select
from sqlalchemy.orm import Session

from models.case import Case
from models.source_file import Finding, SourceFile
from models.words import FindingState, Severity
from models.work_order import WorkOrder
from tasks.intake import job
from tasks.intake.corrections import REASON, SOURCE, Problem, workbook_bytes
from tasks.intake.reading import sheets_of
from tests.tasks.intake.conftest import Bring, NightOf
from tests.tasks.intake.test_ledger import NAMES, TITLE, cells
from worker.settings import settings
from worker.sheets import read_book

NIGHT, NEXT = date(2026, 11, 21), date(2026, 11, 22)
WIDTH = len(NAMES)


def save(path: Path, *rows: list[Any], merged: tuple[str, ...] = ()) -> Path:
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    sheet.title = "11月"
    for row in ([TITLE], NAMES, *rows):
        sheet.append(row)
    for area in ("A1:F1", *merged):
        sheet.merge_cells(area)
    book.save(path)
    return path


def exported(session: Session, file: SourceFile, path: Path) -> tuple[openpyxl.Workbook, Worksheet]:
    """Write what is open of a file's rows as a workbook, and open it as a person would."""
    bad = (Severity.ROW_LEFT_OUT, Severity.VALUE_LEFT_OUT)
    found = session.scalars(
        select(Finding).where(Finding.state == FindingState.OPEN, Finding.severity.in_(bad))
    )
    problems = [Problem(row.sheet, row.row, row.cell, row.sentence) for row in found]
    book = read_book(settings().files / file.stored_as, file.name)
    content = workbook_bytes(sheets_of(book), problems, file.id, {})
    assert content is not None
    path.write_bytes(content)
    workbook = openpyxl.load_workbook(path)
    (sheet,) = workbook.worksheets
    assert isinstance(sheet, Worksheet)
    return workbook, sheet


def test_the_workbook_holds_the_bad_rows_alone_with_headings_and_reasons(
    session: Session, bring: Bring, night_of: NightOf, tmp_path: Path
) -> None:
    good, bad = (
        cells(),
        cells(claim_no="LP2026-0002", work_order_no="WX2", plate_no="苏G22222", labour_fee="一千多"),
    )
    file = bring(save(tmp_path / "台账.xlsx", good, bad))
    job.read_ledgers(session, night_of(NIGHT))

    _, sheet = exported(session, file, tmp_path / "更正.xlsx")

    assert [cell.value for cell in sheet[2]] == [*NAMES, REASON, SOURCE]
    assert sheet.title == "11月"
    assert [sheet.cell(3, 1).value, sheet.cell(3, 14).value] == ["LP2026-0002", "一千多"]
    assert "holds '一千多': not an amount" in str(sheet.cell(3, WIDTH + 1).value)
    assert sheet.cell(3, WIDTH + 2).value == f"{file.id}!4!11月"
    assert sheet.cell(3, 14).fill.start_color.rgb == "00FFF2CC"
    assert sheet.max_row == 3


@pytest.mark.parametrize(
    ("spoiled", "column", "right", "code"),
    [
        ({"labour_fee": "一千多"}, 14, 1700, "unreadable_money"),
        ({"dispatch_date": "昨天"}, 2, date(2026, 9, 3), "unreadable_date"),
        ({"claim_no": None}, 1, "LP2026-0002", "empty_cell"),
        ({"claim_no": "LP2026-0001"}, 1, "LP2026-0002", "claim_no_twice"),
        ({"is_agency_claim": "也许"}, 4, "是", "unreadable_flag"),
    ],
)
def test_a_corrected_row_goes_in_and_its_finding_closes(
    session: Session, bring: Bring, night_of: NightOf, tmp_path: Path,
    spoiled: dict[str, Any], column: int, right: Any, code: str,
) -> None:  # fmt: skip
    second = {"claim_no": "LP2026-0002", "work_order_no": "WX2", "plate_no": "苏G22222"} | spoiled
    file = bring(save(tmp_path / "台账.xlsx", cells(), cells(**second)))
    job.read_ledgers(session, night_of(NIGHT))
    found = session.scalars(select(Finding.code).where(Finding.state == FindingState.OPEN)).all()

    book, sheet = exported(session, file, tmp_path / "更正.xlsx")
    sheet.cell(3, column).value = right
    book.save(tmp_path / "更正.xlsx")
    bring(tmp_path / "更正.xlsx")
    job.read_ledgers(session, night_of(NEXT))

    assert found == [code]
    assert list(session.scalars(select(Case.claim_no).order_by(Case.claim_no))) == [
        "LP2026-0001",
        "LP2026-0002",
    ]
    assert session.scalars(select(Finding.code).where(Finding.state == FindingState.OPEN)).all() == []


def test_a_row_that_is_still_wrong_is_a_finding_of_the_new_file_alone(
    session: Session, bring: Bring, night_of: NightOf, tmp_path: Path
) -> None:
    bad = cells(claim_no="LP2026-0002", work_order_no="WX2", plate_no="苏G22222", labour_fee="一千多")
    file = bring(save(tmp_path / "台账.xlsx", cells(), bad))
    job.read_ledgers(session, night_of(NIGHT))

    book, sheet = exported(session, file, tmp_path / "更正.xlsx")
    sheet.cell(3, 14).value = "两千"
    book.save(tmp_path / "更正.xlsx")
    again = bring(tmp_path / "更正.xlsx")
    job.read_ledgers(session, night_of(NEXT))

    (still,) = session.scalars(select(Finding).where(Finding.state == FindingState.OPEN)).all()
    assert (still.file_id, still.value) == (again.id, "两千")


def test_what_was_changed_by_hand_stays_open_until_the_cell_is_corrected(
    session: Session, bring: Bring, night_of: NightOf, tmp_path: Path
) -> None:
    bring(save(tmp_path / "first.xlsx", cells()))
    job.read_ledgers(session, night_of(NIGHT))
    session.scalars(select(WorkOrder)).one().vehicle_series = "手改"
    session.flush()
    file = bring(save(tmp_path / "台账.xlsx", cells(vehicle_series="别的")))
    session.scalars(select(Case)).one().imported = {"vehicle_series": "原来"}
    job.read_ledgers(session, night_of(NEXT))

    book, sheet = exported(session, file, tmp_path / "更正.xlsx")
    bring(tmp_path / "更正.xlsx")
    job.read_ledgers(session, night_of(date(2026, 11, 23)))
    unchanged = session.scalars(select(Finding.code).where(Finding.state == FindingState.OPEN)).all()
    sheet.cell(3, 7).value = "手改"
    book.save(tmp_path / "更正2.xlsx")
    bring(tmp_path / "更正2.xlsx")
    job.read_ledgers(session, night_of(date(2026, 11, 24)))

    assert unchanged == ["changed_by_hand_vehicle_series"]
    assert session.scalars(select(Finding.code).where(Finding.state == FindingState.OPEN)).all() == []


def test_what_merged_cells_say_comes_along_and_no_text_becomes_a_formula(
    session: Session, bring: Bring, night_of: NightOf, tmp_path: Path
) -> None:
    rows = [
        cells(insured_name="=HYPERLINK(\"http://x\",\"y\")"),
        cells(claim_no="LP2026-0001B", dispatch_date=None, invoice_amount="多"),
    ]  # fmt: skip
    path = save(tmp_path / "台账.xlsx", *rows, merged=("B3:B4",))
    file = bring(path)
    job.read_ledgers(session, night_of(NIGHT))

    _, sheet = exported(session, file, tmp_path / "更正.xlsx")

    assert sheet.cell(3, 1).value == "LP2026-0001B"
    assert str(sheet.cell(3, 2).value).startswith("2026-09-03")
    assert all(cell.data_type != "f" for row in sheet.iter_rows() for cell in row)
