"""Large sheets: read quickly as they are usually spelled, by another reader as they are not, to the same cells."""

import io
import re
import zipfile
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import xlsxwriter  # type: ignore[import-untyped]  # XlsxWriter ships no types

from models.values import Refusal
from worker.sheet_package import Unusual
from worker.sheet_rows import quickly
from worker.sheets import Sheet, read_book

SHEET, TEXTS = "xl/worksheets/sheet1.xml", "xl/sharedStrings.xml"
Parts = dict[str, bytes]
Change = Callable[[bytes], bytes]

LOOKS = {date: "yyyy-mm-dd", datetime: "yyyy-mm-dd hh:mm:ss", time: "h:mm:ss", timedelta: "[h]:mm"}
ROWS: list[list[Any]] = [
    ["理赔编号", "派工日期", "金额", "是否", "备注"],
    ["LP1", date(2026, 11, 4), 1050.5, True, ' 轮胎 3" & <左> '],
    ["LP2", datetime.fromisoformat("2026-11-04T17:25:44"), 0, False, None],
    [None, None, None, None, "注"],
    ["LP4", time(10, 23, 45), 1e15, "是", "#N/A"],
    [None, timedelta(hours=30, minutes=5), -0.01, None, "=不是公式"],
    ["LP6", date(1900, 1, 31), 12345678901234567890, "√", "两行\n字 _x0007_"],
    *([f"LP{number}", date(2026, 10, 1 + number % 28), number / 8, "是", f'{number}" 字'] for number in range(7, 300)),
    ["合计", None, 7, None, None, None, "远"],
]  # fmt: skip


@cache
def written() -> bytes:
    """A workbook of all kinds of cells, with empty styled ones, a gap, a merged area and a hidden sheet."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"strings_to_formulas": False, "in_memory": True})
    looks = {kind: book.add_format({"num_format": look}) for kind, look in LOOKS.items()}
    amounts = [book.add_format({"num_format": look}) for look in ('#,##0.00"元";[Red]-0.00', "0.0")]
    sheet = book.add_worksheet("台账")
    for at, row in enumerate(ROWS):
        for column, value in enumerate(row):
            sheet.write(
                at, column, value, looks.get(type(value)) or (amounts[at % 9 == 0] if column == 2 else None)
            )
        sheet.write_blank(at, 5, None, amounts[0])
    sheet.merge_range("A320:C322", "签字")
    book.add_worksheet("备份").hide()
    book.close()
    return out.getvalue()


def parts() -> Parts:
    with zipfile.ZipFile(io.BytesIO(written())) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def test_a_sheet_that_openpyxl_wrote_is_read_quickly_to_the_same_cells(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    openpyxl.load_workbook(io.BytesIO(written())).save(path)

    assert cells(tuple(Sheet(*each) for each in quickly("a.xlsx", path))) == cells(read_book(path).sheets)


def packed(path: Path, content: Parts) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, part in content.items():
            archive.writestr(name, part)
    return path


def cells(sheets: tuple[Sheet, ...]) -> list[Any]:
    rows = [[(type(cell).__name__, cell) for cell in row] for sheet in sheets for row in sheet.rows]
    return [[(each.name, each.merged, each.hidden) for each in sheets], rows]


def changed(part: str, old: str, new: str) -> tuple[str, Change]:
    def change(markup: bytes) -> bytes:
        assert re.search(old.encode(), markup), old
        return re.sub(old.encode(), new.encode(), markup)

    return part, change


def sheet(old: str, new: str) -> tuple[str, Change]:
    return changed(SHEET, old, new)


def texts(old: str, new: str) -> tuple[str, Change]:
    return changed(TEXTS, old, new)


AS_USUAL: dict[str, tuple[str, Change]] = {
    "as XlsxWriter writes it": (SHEET, lambda markup: markup),
    "heights of rows": sheet(r'<row r="(\d+)"', r'<row r="\1" ht="27" customHeight="1" x14ac:dyDescent="0.2"'),
    "a blank before the end of a tag": sheet("/>", " />"),
    "texts in the cells": sheet(r'<c r="E(\d+)"[^>]*><v>\d+</v></c>', r'<c r="E\1" t="inlineStr"><is><t>在 \1&quot; 内</t></is></c>'),
    "formulas with values": sheet(r'(<c r="C\d+" s="\d+">)(<v>[0-9.]+</v>)', r"\1<f>SUM(1,2)</f>\2"),
    "a text from a formula": sheet(r'<c r="D(\d+)"[^>]*><v>\d+</v></c>', r'<c r="D\1" t="str"><f>IF(1,2)</f><v> 文 &amp; </v></c>'),
    "whole numbers with a point": sheet(r'(<c r="C\d+" s="\d+">)<v>7</v>', r"\1<v>7.0</v>"),
    "no cell where there is nothing": sheet(r'<c r="F\d+" s="\d+" ?/>', ""),
    "empty rows between and behind": sheet("</sheetData>", '<row r="800"/><row r="801" s="1" /></sheetData>'),
    "texts with parts that look different": texts(
        "<si><t>LP1</t></si>", "<si><r><rPr><b/></rPr><t>L</t></r><r><t xml:space=\"preserve\">P1 </t></r></si>"
    ),
    "texts with readings": texts("<si><t>LP2</t></si>", '<si><t>LP2</t><rPh sb="0" eb="1"><t>爱</t></rPh><phoneticPr fontId="1"/></si>'),
    "texts in other spellings": texts("<si><t>LP4</t></si>", "<si><t>&#76;&#x50;4</t></si>"),
}  # fmt: skip

OTHERWISE: dict[str, tuple[str, Change]] = {
    "a prefix": sheet(r"<(/?)(row|c|v|sheetData|worksheet|mergeCells|mergeCell|f)(?=[\s>/])", r"<\1x:\2"),
    "single quotes": sheet(r'<c r="(\w+)"', r"<c r='\1'"),
    "the style before the place": sheet(r'<c r="(\w+)" s="(\d+)"', r'<c s="\2" r="\1"'),
    "a comment": sheet("<sheetData>", "<!-- rows --><sheetData><!-- first -->"),
    "lines": sheet("<row ", "\r\n  <row "),
    "a text in pieces within the cell": sheet(
        r'<c r="E7"[^>]*><v>\d+</v></c>', '<c r="E7" t="inlineStr"><is><r><t>两</t></r><r><t>行</t></r></is></c>'
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", AS_USUAL)
def test_a_sheet_that_is_spelled_as_usual_is_read_quickly_to_the_same_cells(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    part, change = AS_USUAL[name]
    content = parts()
    content[part] = change(content[part])
    path = packed(tmp_path / "a.xlsx", content)
    usual = read_book(path).sheets

    monkeypatch.setattr("worker.sheet_guards.LARGE", 100)

    assert cells(read_book(path).sheets) == cells(usual)
    assert cells(tuple(Sheet(*each) for each in quickly("a.xlsx", path))) == cells(usual)


@pytest.mark.parametrize("name", OTHERWISE)
def test_a_sheet_that_is_spelled_otherwise_is_left_to_another_reader(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    part, change = OTHERWISE[name]
    content = parts()
    content[part] = change(content[part]).replace(b"<x:worksheet xmlns=", b"<x:worksheet xmlns:x=")
    path = packed(tmp_path / "a.xlsx", content)
    usual = read_book(path).sheets

    monkeypatch.setattr("worker.sheet_guards.LARGE", 100)

    with pytest.raises(Unusual):
        quickly("a.xlsx", path)
    assert cells(read_book(path).sheets)[1][:600] == cells(usual)[1][:600]


def test_a_formula_nobody_calculated_stands_in_a_large_sheet_as_it_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    content = parts()
    content[SHEET] = re.sub(
        rb'<c r="C2"[^>]*>.*?</c>', b'<c r="C2"><f>N4&amp;"x"</f><v></v></c>', content[SHEET]
    )
    monkeypatch.setattr("worker.sheet_guards.LARGE", 100)

    (first, _) = read_book(packed(tmp_path / "a.xlsx", content)).sheets

    assert first.rows[1][2] == '=N4&"x"'


def test_a_shared_formula_nobody_calculated_is_found_in_a_file_without_an_ending(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    content = parts()
    first = b'<c r="C2"><f t="shared" ref="C2:C3" si="0">A2+1</f></c>'
    content[SHEET] = re.sub(rb'<c r="C2"[^>]*>.*?</c>', first, content[SHEET])
    content[SHEET] = re.sub(
        rb'<c r="C3"[^>]*>.*?</c>', b'<c r="C3"><f t="shared" si="0"/></c>', content[SHEET]
    )
    monkeypatch.setattr("worker.sheet_guards.LARGE", 100)

    (found, _) = read_book(packed(tmp_path / "stored", content), name="a.xlsx").sheets

    assert [row[2] for row in found.rows[1:3]] == ["=A2+1", "=A3+1"]


BROKEN: dict[str, tuple[str, Change]] = {
    "rows that are not closed": sheet("</sheetData>", ""),
    "a cell that is not closed": sheet('<v>1050.5</v></c>', "<v>1050.5</v>"),
    "a number that is none": sheet("<v>1050.5</v>", "<v>10/50</v>"),
    "a text that is not there": sheet(r'(<c r="A2"[^>]*>)<v>\d+</v>', r"\1<v>99999</v>"),
    "a text below the first": sheet(r'(<c r="A2"[^>]*>)<v>\d+</v>', r"\1<v>-1</v>"),
    "what follows the rows": sheet("</mergeCells>", "</mergeCell>"),
    "a sign that XML forbids": texts("<t>LP2</t>", "<t>L\x01P2</t>"),
}  # fmt: skip


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_large_sheet_is_not_read_quickly(name: str, tmp_path: Path) -> None:
    part, change = BROKEN[name]
    content = parts()
    content[part] = change(content[part])

    with pytest.raises(Unusual):
        quickly("a.xlsx", packed(tmp_path / "a.xlsx", content))


def test_a_part_that_is_not_what_its_checksum_says_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "a.xlsx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as archive:
        for name, part in parts().items():
            archive.writestr(name, part)
    path.write_bytes(path.read_bytes().replace(b"<v>1050.5</v>", b"<v>9050.5</v>"))
    monkeypatch.setattr("worker.sheet_guards.LARGE", 100)

    with pytest.raises(Refusal, match=r"a\.xlsx can't be read"):
        read_book(path)
