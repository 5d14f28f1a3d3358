"""Workbooks and text files that people and banks bring, read into plain cells; anything unsafe is refused.

A cell keeps the type it has in the file: a number typed as a number is int or float, digits typed as text
stay str. Text loses the blanks and tabs around it, and an empty text is None. What a file is, is told by its
first bytes: banks name HTML and text `.xls`.
"""

import hashlib
import io
import unicodedata
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from python_calamine import (
    CalamineError,
    CalamineSheet,
    CalamineWorkbook,
    PasswordError,
    SheetTypeEnum,
    SheetVisibleEnum,
)

from models.values import Refusal
from worker.sheet_cells import Cell, letters_of, many_cells, plain_cell
from worker.sheet_guards import Contents, refuse_unsafe_ole, refuse_unsafe_zip, refuse_wide
from worker.sheet_package import Unusual
from worker.sheet_parts import RESAVE
from worker.sheet_rows import quickly
from worker.sheet_stream import streamed
from worker.sheet_text import decode, html_tables, text_rows
from worker.whole_file import refuse_changed, whole_bytes

ZIP, OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
# Kinds that people do send by mistake, told apart so that the sentence can say which.
FOREIGN = {
    b"%PDF": "a PDF",
    b"\x89PNG": "a picture",
    b"\xff\xd8\xff": "a picture",
    b"Rar!": "a RAR archive",
    b"7z\xbc\xaf": "a 7z archive",
    b"\x1f\x8b": "a gzip archive",
}
_BRACKETS = str.maketrans({"〔": "(", "〕": ")", "【": "[", "】": "]", "〈": "<", "〉": ">"})


@dataclass(frozen=True)
class Sheet:
    """rows[i][j] is the cell in spreadsheet row i+1, column j; merged areas are 0-based, ends included."""

    name: str
    rows: tuple[tuple[Cell, ...], ...]
    merged: tuple[tuple[int, int, int, int], ...] = ()
    hidden: bool = False


@dataclass(frozen=True)
class Book:
    """A file's sheets in its own order; a text file has one sheet named after the file."""

    file_name: str
    sha256: str
    sheets: tuple[Sheet, ...]


def read_book(path: Path, name: str | None = None) -> Book:
    """Read .xlsx, .xls (BIFF, or HTML in disguise), .csv, .tsv or .txt; `name` is what people call the file.

    Raises Refusal naming the file and what to do: not a workbook, encrypted, macros, external links, a zip or
    span bomb, a DTD, a byte that is in no known encoding, empty.
    """
    name = name or path.name
    data = whole_bytes(path, name)
    if not data.startswith(ZIP):
        return book_of(name, data)
    contents, sha256 = refuse_unsafe_zip(name, data), hashlib.sha256(data).hexdigest()
    if Contents.LARGE_SHEET not in contents:
        return _book(name, sha256, _zipped(name, io.BytesIO(data), contents))
    del data  # the rows need the room
    sheets = _zipped(name, path, contents)
    refuse_changed(path, name, sha256)
    return _book(name, sha256, sheets)


def book_of(name: str, data: bytes) -> Book:
    """As read_book, of a file that is in hand."""
    return _book(name, hashlib.sha256(data).hexdigest(), _sheets(name, data))


def _book(name: str, sha256: str, sheets: tuple[Sheet, ...]) -> Book:
    if not any(cell is not None for sheet in sheets for row in sheet.rows for cell in row):
        raise Refusal(f"{name} is empty: no cell in it holds anything. Export it again.")
    return Book(name, sha256, sheets)


def cell_name(row: int, column: int) -> str:
    """0-based row and column as people name a cell: (6, 1) -> "B7"."""
    return f"{letters_of(column)}{row + 1}"


def heading_text(cell: Cell) -> str:
    """A heading as it is compared: half width, brackets unified, no blanks, newlines or BOM; case folded."""
    if cell is None:
        return ""
    text = unicodedata.normalize("NFKC", str(cell)).translate(_BRACKETS).casefold()
    return "".join(sign for sign in text if not sign.isspace() and unicodedata.category(sign) != "Cf")


def _sheets(name: str, data: bytes) -> tuple[Sheet, ...]:
    for start, kind in FOREIGN.items():
        if data.startswith(start):
            raise Refusal(f"{name} is {kind}, not a workbook. Bring .xlsx, .xls, .csv or .txt.")
    if data.startswith(ZIP):
        return _zipped(name, io.BytesIO(data), refuse_unsafe_zip(name, data))
    if data.startswith(OLE):
        refuse_unsafe_ole(name, data)
        return _workbook(name, io.BytesIO(data))
    return _text(name, decode(name, data))


def _zipped(name: str, source: Path | io.BytesIO, contents: Contents) -> tuple[Sheet, ...]:
    if Contents.LARGE_SHEET not in contents:
        sheets = _workbook(name, source)
    else:
        with many_cells():
            try:
                return tuple(Sheet(*each) for each in quickly(name, source))
            except Unusual:
                sheets = tuple(Sheet(*each) for each in streamed(name, source))
    return _with_formulas(source, sheets) if Contents.BLIND in contents else sheets


def _with_formulas(source: Path | io.BytesIO, sheets: tuple[Sheet, ...]) -> tuple[Sheet, ...]:
    """Put formulas nobody has calculated, and errors such as #N/A, where they stand.

    Left out they would look like empty cells; as text they are found unreadable by whoever wants an amount.
    """
    import openpyxl

    with source.open("rb") if isinstance(source, Path) else io.BytesIO(source.getvalue()) as stream:
        book = openpyxl.load_workbook(stream, read_only=True, keep_links=False)
        return tuple(replace(sheet, rows=_filled(sheet.rows, book[sheet.name])) for sheet in sheets)


def _filled(rows: tuple[tuple[Cell, ...], ...], written: Any) -> tuple[tuple[Cell, ...], ...]:
    written.reset_dimensions()  # the area a sheet declares may be a lie of millions of rows
    texts: dict[int, dict[int, str]] = {}
    for cell in (cell for row in written.iter_rows() for cell in row):
        if cell.data_type in ("e", "f"):
            texts.setdefault(cell.row - 1, {})[cell.column - 1] = str(cell.value)
    return tuple(
        tuple(texts[i].get(j) if cell is None else cell for j, cell in enumerate(row)) if i in texts else row
        for i, row in enumerate(rows)
    )


def _text(name: str, text: str) -> tuple[Sheet, ...]:
    if not text.lstrip().startswith("<"):
        return (Sheet(name, text_rows(name, text)),)
    if "urn:schemas-microsoft-com:office:spreadsheet" in text[:2000]:
        raise Refusal(f"{name} is a workbook in the XML form of 2003. {RESAVE}")
    tables = html_tables(name, text)
    if not tables:
        raise Refusal(f"{name} is a web page without a table. Export the file again.")
    return tuple(Sheet(f"table {at}", rows, merged) for at, (rows, merged) in enumerate(tables, 1))


def _workbook(name: str, source: Path | io.BytesIO) -> tuple[Sheet, ...]:
    try:
        with CalamineWorkbook.from_object(source) as book:
            tables = [about for about in book.sheets_metadata if about.typ is SheetTypeEnum.WorkSheet]
            return tuple(_sheet(name, book.get_sheet_by_name(each.name), each.visible) for each in tables)
    except PasswordError as locked:
        raise Refusal(f"{name} is encrypted. Open it, remove the password and save it again.") from locked
    except CalamineError as broken:
        raise Refusal(f"{name} can't be read as a workbook: {broken}. {RESAVE}") from broken


def _sheet(file_name: str, sheet: CalamineSheet, visible: SheetVisibleEnum) -> Sheet:
    refuse_wide(file_name, sheet.name, sheet.total_height, sheet.total_width)
    rows = tuple(tuple(map(plain_cell, row)) for row in sheet.to_python(skip_empty_area=False))
    merged = sorted((*first, *last) for first, last in sheet.merged_cell_ranges or ())
    return Sheet(sheet.name, rows, tuple(merged), hidden=visible is not SheetVisibleEnum.Visible)
