"""Ways to write the rows of a ledger: ours and the bare alternatives. Each makes one file."""

import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from benchmarks.ledger_rows import DAY, KINDS, WIDTHS, Values, rows
from tasks.ledgers.columns import FORM_COLUMNS, Kind
from tasks.ledgers.layout import rows_xml
from tasks.ledgers.pen import Pen, Stream, Style
from tasks.ledgers.seal import seal_into
from tasks.ledgers.strings import Strings
from tasks.ledgers.styles import add_styles

ALONE = "ours, zlib-1 of the standard library"
FORMAT = {Kind.MONEY: "#,##0.00;[Red]-#,##0.00", Kind.DATE: "yyyy-mm-dd"}


def ours(
    path: Path, count: int, *, different: bool = False, made: Iterator[Values] | None = None, **how: Any
) -> None:
    """openpyxl's workbook, styled, with our rows (or those `made`) streamed into its sheet."""
    from openpyxl.workbook import Workbook

    workbook = Workbook()
    workbook.remove(workbook.worksheets[0])
    add_styles(workbook)
    pen, strings = Pen(workbook.create_sheet("台账")), Strings()
    for column in FORM_COLUMNS:
        pen.text(1, column.number, column.heading, Style.HEADING)
    pen.text(count + 2, 1, "合计", Style.TOTAL)
    writer = rows_xml(pen, WIDTHS, strings, KINDS)
    pen.streams.append(Stream(count + 2, writer.chunks(made or rows(count, different=different), 2)))
    with path.open("wb") as stream:
        seal_into(stream, workbook, {"台账": pen}, strings, DAY, **how)


def ours_all_different(path: Path, count: int) -> None:
    """The same where no text comes twice."""
    ours(path, count, different=True)


def ours_standard_library(path: Path, count: int) -> None:
    """The same, compressed by the standard library alone: zlib's quickest."""
    ours(path, count, deflate=lambda: zlib.compressobj(1, zlib.DEFLATED, -15))


def openpyxl_write_only(path: Path, count: int) -> None:
    """openpyxl's own quick way: values without styles."""
    from openpyxl import Workbook

    workbook = Workbook(write_only=True)
    sheet = workbook.create_sheet("台账")
    for values in rows(count):
        sheet.append([_plain(value, kind) for value, kind in zip(values, KINDS, strict=True)])
    workbook.save(path)


def openpyxl_write_only_cells(path: Path, count: int) -> None:
    """openpyxl's documented way to give streamed cells a number format."""
    from openpyxl import Workbook
    from openpyxl.cell import WriteOnlyCell

    workbook = Workbook(write_only=True)
    sheet = workbook.create_sheet("台账")
    for values in rows(count):
        cells: list[Any] = []
        for value, kind in zip(values, KINDS, strict=True):
            plain = _plain(value, kind)
            if kind in FORMAT:
                cell: Any = WriteOnlyCell(sheet, value=plain)
                cell.number_format = FORMAT[kind]
                cells.append(cell)
            else:
                cells.append(plain)
        sheet.append(cells)
    workbook.save(path)


def xlsxwriter_constant_memory(path: Path, count: int) -> None:
    """XlsxWriter, rows flushed as they come, cells styled."""
    from xlsxwriter import Workbook

    workbook = Workbook(path, {"constant_memory": True, "strings_to_formulas": False})
    sheet = workbook.add_worksheet("台账")
    styles = {kind: workbook.add_format({"num_format": FORMAT.get(kind, "@"), "border": 1}) for kind in Kind}
    write = {Kind.MONEY: sheet.write_number, Kind.DATE: sheet.write_datetime}
    for number, values in enumerate(rows(count), start=1):
        for place, (value, kind) in enumerate(zip(values, KINDS, strict=True)):
            write.get(kind, sheet.write_string)(number, place, _plain(value, kind), styles[kind])
    workbook.close()


def rows_alone(path: Path, count: int) -> None:
    """Making the values and nothing else: inside every other figure."""
    path.write_text(str(sum(1 for _ in rows(count))), encoding="ascii")


def zlib_6_of_our_xml(path: Path, count: int) -> None:
    """Compressing the XML that `ours` has written before: its file is beside."""
    import zipfile

    from isal import isal_zlib

    made = path.with_name(f"ours-{count}.xlsx")
    with zipfile.ZipFile(made) as parts, parts.open("xl/worksheets/sheet1.xml") as part:
        part._decompressor = isal_zlib.decompressobj(-15)  # type: ignore[attr-defined] # noqa: SLF001 - inflating must not count
        compressor = zlib.compressobj(6, zlib.DEFLATED, -15)
        size = 0
        while piece := part.read(1 << 20):
            size += len(compressor.compress(piece))
    path.write_text(str(size), encoding="ascii")


def _plain(value: Any, kind: Kind) -> Any:
    if kind is Kind.MONEY:
        return value / 100
    return ("是" if value else "否") if kind is Kind.YES_NO else value


WAYS: dict[str, Callable[[Path, int], None]] = {
    "ours": ours,
    ALONE: ours_standard_library,
    "openpyxl write-only": openpyxl_write_only,
    "openpyxl WriteOnlyCell": openpyxl_write_only_cells,
    "XlsxWriter constant-memory": xlsxwriter_constant_memory,
    "zlib-6 of the same XML": zlib_6_of_our_xml,
    "the rows alone": rows_alone,
    "ours, all texts different": ours_all_different,
}
