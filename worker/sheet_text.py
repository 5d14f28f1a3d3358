"""Text that banks and people bring: its encoding, its delimiter, and tables of HTML named .xls."""

import codecs
import csv
import re
from typing import Any

from models.values import Refusal
from worker.sheet_guards import refuse_wide

# Comma first: on a tie it is by far the most likely, and cells padded with tabs (ICBC) must not win.
DELIMITERS = (",", "\t", "|", ";")
SAMPLED_LINES = 50
MAX_SPAN = 200

_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# ICBC pads its cells with blanks and a tab, quoted ones too.
_PADDED_QUOTE = re.compile(r'"[ \t]+(?=[,;|\r\n]|$)')
_QUOTED = re.compile(r'"[^"]*"')
_XML_DECLARATION = re.compile(r"^\s*<\?xml[^>]*\?>")
Row = tuple[str | None, ...]
Merged = tuple[int, int, int, int]


def decode(name: str, data: bytes) -> str:
    """The text of a file: by byte order mark, else strict UTF-8, else GB18030 (domain 6.2)."""
    for mark, encoding in _BOMS:
        if data.startswith(mark):
            return _strictly(name, data, encoding)
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return _strictly(name, data, "gb18030")


def _strictly(name: str, data: bytes, encoding: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as broken:
        line = data.count(b"\n", 0, broken.start) + 1
        raise Refusal(
            f"{name} can't be read as text: byte {broken.start + 1} (line {line}, value "
            f"0x{data[broken.start]:02X}) is neither UTF-8 nor GB18030. Export the file from the bank again."
        ) from broken


def delimiter_of(text: str) -> str:
    """The delimiter that occurs most often outside quotes in the first lines."""
    lines = [_QUOTED.sub("", line) for line in text.splitlines()[:SAMPLED_LINES]]
    return max(DELIMITERS, key=lambda mark: sum(line.count(mark) for line in lines))


def text_rows(name: str, text: str) -> tuple[Row, ...]:
    """Rows of a delimited text, all of one width; row i is record i of the file, blank lines included."""
    if "\x00" in text:
        raise Refusal(f"{name} is not a workbook and not a text file. Bring .xlsx, .xls, .csv or .txt.")
    delimiter = delimiter_of(text)
    if delimiter != "\t":
        text = _PADDED_QUOTE.sub('"', text)
    # newlines inside quotes are legal, so the reader gets the lines with their ends
    lines = text.splitlines(keepends=True)
    reader = csv.reader(lines, delimiter=delimiter, strict=True, skipinitialspace=True)
    try:
        records = [[_cell(value) for value in record] for record in reader]
    except csv.Error as broken:
        raise Refusal(
            f"{name}, line {reader.line_num}: the quotes don't fit ({broken}). Export the file again."
        ) from broken
    width = max(map(len, records), default=0)
    refuse_wide(name, "text", len(records), width)
    return tuple((*record, *[None] * (width - len(record))) for record in records)


def _cell(value: str) -> str | None:
    value = value.strip()
    # ="0012" is how some exporters stop Excel from eating zeros.
    if value.startswith('="') and value.endswith('"') and len(value) > 2:
        value = value[2:-1].strip()
    return value or None


def html_tables(name: str, text: str) -> list[tuple[tuple[Row, ...], tuple[Merged, ...]]]:
    """Every innermost table of an HTML page (the outer ones are layout), spans laid out as merged cells."""
    from lxml import etree, html  # type: ignore[import-untyped]  # lxml ships no types

    parser = html.HTMLParser(no_network=True, huge_tree=False, remove_comments=True)
    try:
        page = html.document_fromstring(_XML_DECLARATION.sub("", text), parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError) as broken:
        raise Refusal(f"{name} is broken HTML. Export the file again, as .xlsx if possible.") from broken
    return [_table(name, table) for table in page.iter("table") if table.find(".//table") is None]


def _table(name: str, table: Any) -> tuple[tuple[Row, ...], tuple[Merged, ...]]:
    cells: dict[tuple[int, int], str | None] = {}
    merged: list[Merged] = []
    rows = list(table.iter("tr"))
    for number, row in enumerate(rows):
        column = 0
        for cell in row.iterchildren("td", "th"):
            while (number, column) in cells:
                column += 1
            down, right = _span(cell, "rowspan"), _span(cell, "colspan")
            for spot in ((number + i, column + j) for i in range(down) for j in range(right)):
                cells[spot] = None
            cells[(number, column)] = " ".join(cell.text_content().split()) or None
            if down > 1 or right > 1:
                merged.append((number, column, number + down - 1, column + right - 1))
            column += right
    width = max((column for _, column in cells), default=-1) + 1
    refuse_wide(name, "table", len(rows), width)
    filled = tuple(tuple(cells.get((i, j)) for j in range(width)) for i in range(len(rows)))
    return filled, tuple(merged)


def _span(cell: Any, which: str) -> int:
    said = (cell.get(which) or "1").strip()
    return min(max(int(said), 1), MAX_SPAN) if said.isdecimal() else 1
