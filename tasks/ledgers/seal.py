"""Turns an openpyxl workbook into the bytes of its file: exact values in, no clock, the same every time."""

import io
import re
import zipfile
from collections.abc import Mapping
from datetime import date, datetime, time
from typing import Any
from xml.sax.saxutils import escape

from openpyxl.workbook import Workbook
from openpyxl.worksheet._writer import WorksheetWriter
from openpyxl.writer.excel import ExcelWriter

from tasks.ledgers.pen import Exact

_CELL = re.compile(r'<c r="([A-Z]+\d+)"([^>]*?)(?:/>|>(.*?)</c>)', re.DOTALL)
_FORMULA = re.compile(r"<f[ >].*?</f>", re.DOTALL)
_TYPE = re.compile(r' t="\w+"')

ExactValues = Mapping[str, Mapping[str, Exact]]


def seal(workbook: Workbook, exact: ExactValues, built_on: date) -> bytes:
    """The file's bytes; `exact` holds the values to put in, by sheet title and cell.

    The same workbook and day give the same bytes: every date in the file is `built_on`.
    """
    workbook.properties.created = workbook.properties.modified = datetime.combine(built_on, time())
    sealed = io.BytesIO()
    _Writer(workbook, _Archive(sealed, built_on), exact).save()
    return sealed.getvalue()


class _Archive(zipfile.ZipFile):
    """A zip file whose entries bear the date given, not that of the clock."""

    def __init__(self, stream: io.BytesIO, day: date) -> None:
        super().__init__(stream, "w", zipfile.ZIP_DEFLATED)
        self.day = day

    def writestr(self, zinfo_or_arcname: Any, data: Any, *_: Any, **__: Any) -> None:
        entry = zipfile.ZipInfo(zinfo_or_arcname, (self.day.year, self.day.month, self.day.day, 0, 0, 0))
        entry.compress_type, entry.external_attr = zipfile.ZIP_DEFLATED, 0o600 << 16
        super().writestr(entry, data)


class _Writer(ExcelWriter):
    """Writes in memory: openpyxl's own way leaves temporary files behind when the disk is full."""

    def __init__(self, workbook: Workbook, archive: _Archive, exact: ExactValues) -> None:
        super().__init__(workbook, archive)
        self.exact = exact
        self.archive = archive

    def write_worksheet(self, ws: Any) -> None:
        writer: Any = WorksheetWriter(ws, io.BytesIO())
        writer.write()
        ws._rels = writer._rels  # noqa: SLF001 - the part of openpyxl's own method that others rely on
        self.archive.writestr(ws.path[1:], put_in(writer.read().decode(), self.exact.get(ws.title, {})))
        self.manifest.append(ws)


def put_in(sheet: str, exact: Mapping[str, Exact]) -> str:
    """The sheet's XML with the exact values; every one of them must find its cell."""
    left = set(exact)

    def cell(found: re.Match[str]) -> str:
        reference, attributes, inside = found.groups()
        if reference not in exact:
            return found[0]
        left.discard(reference)
        formula = _FORMULA.search(inside or "")
        value = exact[reference]
        kind = ' t="str"' if value.is_text else ""
        body = f"{formula[0] if formula else ''}<v>{escape(value.value)}</v>"
        return f'<c r="{reference}"{_TYPE.sub("", attributes)}{kind}>{body}</c>'

    sealed = _CELL.sub(cell, sheet)
    if left:
        raise ValueError(f"cells to be sealed are not in the sheet: {sorted(left)[:5]}")
    return sealed
