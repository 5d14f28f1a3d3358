"""Workbooks that we write, made in memory.

openpyxl goes over files of its own: on a full disk they stay behind, and the error is one of its XML
writer, which tells nobody that the disk is full.
"""

import io
import zipfile
from typing import Any

from openpyxl import Workbook
from openpyxl.drawing.spreadsheet_drawing import SpreadsheetDrawing
from openpyxl.worksheet._writer import WorksheetWriter
from openpyxl.writer.excel import ExcelWriter


def book_bytes(book: Workbook) -> bytes:
    """The bytes of a workbook that is held in memory (not one of openpyxl's write-only ones)."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        _Writer(book, archive).save()
    return stream.getvalue()


class _Writer(ExcelWriter):
    def __init__(self, book: Workbook, archive: zipfile.ZipFile) -> None:
        super().__init__(book, archive)
        self.archive = archive

    def write_worksheet(self, ws: Any) -> None:
        """As openpyxl's own method, but for where the sheet is written."""
        ws._drawing = SpreadsheetDrawing()  # noqa: SLF001 - see above
        ws._drawing.charts, ws._drawing.images = ws._charts, ws._images  # noqa: SLF001 - see above
        writer: Any = WorksheetWriter(ws, io.BytesIO())
        writer.write()
        ws._rels = writer._rels  # noqa: SLF001 - see above
        self.archive.writestr(ws.path[1:], writer.read())
        self.manifest.append(ws)
