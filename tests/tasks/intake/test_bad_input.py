"""What a ledger may not be: each is refused, or found, with a sentence that says what to do."""

import datetime as dt
import io
import re
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from models.case import Case
from models.source_file import Finding
from models.values import Refusal
from models.words import FileState
from tasks.intake import job
from tasks.intake.ledger import Ledger
from tasks.intake.reading import ledger_of
from tests.tasks.intake.conftest import Bring, NightOf
from tests.tasks.intake.test_ledger import NAMES, TITLE, cells
from worker.sheets import read_book

TODAY = dt.date(2026, 11, 21)
SHEET = "xl/worksheets/sheet1.xml"
Change = Callable[[dict[str, bytes]], None]


def parts(**facts: Any) -> dict[str, bytes]:
    """The parts of a small ledger of two cases, the second with the facts given."""
    book, out = openpyxl.Workbook(), io.BytesIO()
    second = {"claim_no": "LP2026-0002", "work_order_no": "WX2", "plate_no": "苏G22222", **facts}
    for row in ([TITLE], NAMES, cells(), cells(**second)):
        book.worksheets[0].append(row)
    book.save(out)
    with zipfile.ZipFile(out) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def packed(path: Path, content: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, part in content.items():
            archive.writestr(name, part)
    return path


def read(path: Path) -> Ledger:
    return ledger_of(read_book(path), TODAY)


def add(name: str, part: bytes) -> Change:
    return lambda content: content.update({name: part})


def replace(name: str, old: bytes, new: bytes) -> Change:
    def change(content: dict[str, bytes]) -> None:
        assert old in content[name]
        content[name] = content[name].replace(old, new, 1)

    return change


def styled_rows(count: int) -> bytes:
    rows = b"".join(b'<row r="%d" s="1" customFormat="1"/>' % number for number in range(5, count))
    return rows + b"</sheetData>"


XXE = b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]>'

REFUSED: dict[str, tuple[Change, str]] = {
    "macros": (add("xl/vbaProject.bin", b"x"), "holds macros"),
    "links": (add("xl/externalLinks/externalLink1.xml", b"<a/>"), "external links"),
    "a password": (add("EncryptedPackage", b"x"), "remove the password"),
    "a bomb": (add("xl/media/a.bin", b"\0" * 60_000_000), "zip bomb"),
    "an entity": (replace(SHEET, b"<worksheet", XXE + b"<worksheet"), "declares entities"),
    "an entity in capitals and blanks": (
        add("xl/a.xml", b"<!doctype a [<!entity x 'y'>]><a/>"),
        "declares entities",
    ),
    "a far cell": (
        replace(SHEET, b"</sheetData>", b'<row r="1048576"><c r="XFD1048576"/></row></sheetData>'),
        "Delete the empty rows",
    ),
    "broken XML": (replace(SHEET, b"</sheetData>", b"</sheetDat"), "save it as .xlsx"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_a_dangerous_workbook_is_refused_whole(name: str, tmp_path: Path) -> None:
    change, why = REFUSED[name]
    content = parts()
    change(content)

    with pytest.raises(Refusal) as refused:
        read(packed(tmp_path / "台账.xlsx", content))

    assert str(refused.value).startswith("台账.xlsx")
    assert why in str(refused.value)


def test_two_million_empty_styled_rows_are_passed_over(tmp_path: Path) -> None:
    content = parts()
    replace(SHEET, b"</sheetData>", styled_rows(2_000_000))(content)

    ledger = read(packed(tmp_path / "台账.xlsx", content))

    assert [row.claim_no for row in ledger.rows] == ["LP2026-0001", "LP2026-0002"]


def formula(text: bytes, value: bytes = b"") -> Change:
    """Put a formula into 工时费 of the second row, as Excel writes it."""
    cell = b'<c r="N4"><f>' + text + b"</f>" + value + b"</c>"
    return lambda content: content.update(
        {SHEET: re.sub(rb'<c r="N4"[^>]*>.*?</c>', cell.replace(b"\\", rb"\\"), content[SHEET], count=1)}
    )


FOUND: dict[str, tuple[dict[str, Any], Change | None, tuple[str, str]]] = {
    "a date before 1990": ({"dispatch_date": dt.date(1989, 12, 31)}, None, ("unreadable_date", "a year outside 1990 to 2100")),
    "a cell of 40,000 characters": (
        {"insured_name": "ZQZ"}, replace(SHEET, b"<t>ZQZ</t>", b"<t>" + b"X" * 40_000 + b"</t>"),
        ("unreadable_text", "longer than 128 characters"),
    ),
    "a circular reference": ({}, formula(b"N4+1"), ("unreadable_money", "not an amount")),
    "a circular reference that failed": ({}, formula(b"N4+1", b"<v>#REF!</v>"), ("unreadable_money", "a formula that failed")),
    "a formula for an amount": ({"labour_fee": '=HYPERLINK("http://x","y")'}, None, ("unreadable_money", "not an amount")),
}  # fmt: skip


@pytest.mark.parametrize("name", FOUND)
def test_a_cell_that_cannot_be_read_is_found_and_the_other_rows_go_in(name: str, tmp_path: Path) -> None:
    facts, change, expected = FOUND[name]
    content = parts(**facts)
    if change is not None:
        change(content)

    ledger = read(packed(tmp_path / "台账.xlsx", content))

    assert expected in [(each.code, each.why) for each in ledger.findings]
    assert ledger.rows[0].claim_no == "LP2026-0001"


def test_a_text_that_looks_like_a_formula_stays_text(tmp_path: Path) -> None:
    content = parts(insured_name="ZQZ")
    replace(SHEET, b"<t>ZQZ</t>", b"<t>=HYPERLINK(&quot;http://x&quot;,&quot;y&quot;)</t>")(content)

    ledger = read(packed(tmp_path / "台账.xlsx", content))

    assert ledger.rows[1].text("insured_name") == '=HYPERLINK("http://x","y")'


def test_a_sheet_named_with_a_stroke_and_control_characters_goes_all_the_way(
    session: Session, bring: Bring, night_of: NightOf, tmp_path: Path
) -> None:
    content = parts(insured_name="罗ZQZ秀", labour_fee="多少ZQZ")
    replace("xl/workbook.xml", b'name="Sheet"', '"name="9/10月\\?*"'.encode()[1:])(content)
    content[SHEET] = content[SHEET].replace(b"ZQZ", b"_x0000__x0001__x0007_&#10;")
    file = bring(packed(tmp_path / "台账.xlsx", content))

    job.read_ledgers(session, night_of(TODAY))

    (found,) = session.scalars(select(Finding)).all()
    assert file.state is FileState.READ
    assert (found.sheet, found.row, found.heading) == ("9/10月\\?*", 4, "工时费")
    assert list(session.scalars(select(Case.claim_no))) == ["LP2026-0001"]
