"""A batch in a layout as the bytes of its file: text is text, a number is exact to the fen, no formula ever.

The same batch gives the same bytes: what was written before a crash is written again, not a second time.
"""

import csv
import io
import re
import zipfile
from collections.abc import Iterator
from datetime import datetime, time
from typing import Any

from openpyxl.cell.cell import Cell
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter
from openpyxl.workbook import Workbook
from openpyxl.worksheet.properties import PageSetupProperties

from models.values import in_words
from tasks.refunds.layouts.layout import Batch, Column, Layout
from worker.workbooks import book_bytes

# Not allowed in XML 1.0, and what breaks a line in two.
_ILLEGAL = re.compile("[\x00-\x1f\x7f\ud800-\udfff\ufffe\uffff]+")
# What a spreadsheet takes for the start of a formula.
_FORMULA = re.compile(r"\s*[=+\-@＝＋－＠]")
# openpyxl asks the clock when it saves.
_MODIFIED = re.compile(rb"(?<=dcterms:W3CDTF\")>[^<]*<")
_WIDEST = 44


def payment_bytes(layout: Layout, batch: Batch) -> bytes:
    """The file. Raises ValueError where a total is too large for an amount in words."""
    in_words(batch.total)
    return _csv(layout, batch) if layout.suffix == "csv" else _workbook(layout, batch)


def _rows(layout: Layout, batch: Batch) -> Iterator[list[str]]:
    for transfer in batch.transfers:
        yield [_ILLEGAL.sub(" ", column.value(batch, transfer)).strip() for column in layout.columns]
    if layout.has_totals:
        yield [column.total(batch) for column in layout.columns]


def _csv(layout: Layout, batch: Batch) -> bytes:
    """In the encoding of Chinese systems; a name that would be a formula is disarmed."""
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\r\n")
    writer.writerow([column.heading for column in layout.columns])
    for row in _rows(layout, batch):
        writer.writerow([f"'{text}" if _FORMULA.match(text) else text for text in row])
    return stream.getvalue().encode("gb18030")


def _workbook(layout: Layout, batch: Batch) -> bytes:
    workbook = Workbook()
    sheet = workbook.worksheets[0]
    sheet.title = layout.sheet
    for number, column in enumerate(layout.columns, 1):
        heading = _text(sheet.cell(1, number), column.heading)
        heading.font = Font(name="宋体", size=10, bold=True)
        heading.alignment = Alignment(horizontal="center", vertical="center", wrap_text=True)
    for row, texts in enumerate(_rows(layout, batch), 2):
        for number, (column, text) in enumerate(zip(layout.columns, texts, strict=True), 1):
            _fill(sheet.cell(row, number), column, text)
    for number, column in enumerate(layout.columns, 1):
        letter = get_column_letter(number)
        sheet.column_dimensions[letter].width = _width(column, layout, batch)
    sheet.freeze_panes = "A2"
    sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", 9
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.page_setup.fitToHeight = 0
    sheet.page_margins.left = sheet.page_margins.right = 0.3
    workbook.properties.creator = workbook.properties.lastModifiedBy = "huikuan"
    workbook.properties.title = batch.number
    return _sealed(workbook, batch)


def _fill(cell: Any, column: Column, text: str) -> None:
    if column.is_number and text:
        # Its digits as they are: openpyxl would write 8528.64 as 8528.639999999999.
        cell._value, cell.data_type, cell.number_format = text, "n", "#,##0.00"  # noqa: SLF001 - no other way in
        cell.font = Font(name="宋体", size=10)
    elif text:
        _text(cell, text)


def _text(cell: Any, text: str) -> Cell:
    """Text, whatever it starts with; long numbers of accounts keep their digits."""
    assert isinstance(cell, Cell)
    cell.value, cell.data_type, cell.number_format = text, "s", "@"
    cell.font = Font(name="宋体", size=10)
    cell.quotePrefix = bool(_FORMULA.match(text))
    return cell


def _width(column: Column, layout: Layout, batch: Batch) -> int:
    place = layout.columns.index(column)
    texts = [column.heading[:12], *(row[place] for row in _rows(layout, batch))]
    return min(_WIDEST, 3 + max(sum(2 if ord(char) > 0x2E80 else 1 for char in text) for text in texts))


def _sealed(workbook: Workbook, batch: Batch) -> bytes:
    """The workbook's bytes with the day of the batch in place of the clock's."""
    workbook.properties.created = datetime.combine(batch.day, time())
    written, sealed = io.BytesIO(book_bytes(workbook)), io.BytesIO()
    moment = (batch.day.year, batch.day.month, batch.day.day, 0, 0, 0)
    with zipfile.ZipFile(written) as source, zipfile.ZipFile(sealed, "w", zipfile.ZIP_DEFLATED) as target:
        for entry in source.infolist():
            kept = zipfile.ZipInfo(entry.filename, moment)
            kept.compress_type, kept.external_attr = zipfile.ZIP_DEFLATED, 0o600 << 16
            content = source.read(entry)
            if entry.filename == "docProps/core.xml":
                content = _MODIFIED.sub(f">{batch.day}T00:00:00Z<".encode(), content)
            target.writestr(kept, content)
    return sealed.getvalue()
