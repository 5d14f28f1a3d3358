"""Turns an openpyxl workbook into the bytes of its file: exact values and rows in, no clock."""

import io
import re
import zipfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date, datetime, time
from typing import IO, Any
from xml.sax.saxutils import escape

from isal import isal_zlib
from openpyxl.drawing.spreadsheet_drawing import SpreadsheetDrawing
from openpyxl.workbook import Workbook
from openpyxl.worksheet._writer import WorksheetWriter
from openpyxl.writer.excel import ExcelWriter

from tasks.ledgers.pen import Exact, Pen, Stream
from tasks.ledgers.strings import Strings

_CELL = re.compile(r'<c r="([A-Z]+\d+)"([^>]*?)(?:/>|>(.*?)</c>)', re.DOTALL)
_FORMULA = re.compile(r"<f[ >].*?</f>", re.DOTALL)
_TYPE = re.compile(r' t="\w+"')
_MERGED = re.compile(r'<mergeCell ref="[A-Z0-9:]+"\s*/>')

_STRINGS_PART = "xl/sharedStrings.xml"
_STRINGS_TYPE = (
    '<Override PartName="/xl/sharedStrings.xml" ContentType="application/vnd.openxmlformats-officedocument.'
    'spreadsheetml.sharedStrings+xml"/></Types>'
)
_STRINGS_LINK = (
    '<Relationship Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/sharedStrings" '
    'Target="sharedStrings.xml" Id="rIdStrings"/></Relationships>'
)


def seal(workbook: Workbook, pens: Mapping[str, Pen], strings: Strings, built_on: date) -> bytes:
    """The file's bytes; the pens hold, by sheet title, the values and rows to put in.

    The same workbook and day give the same bytes: every date in the file is `built_on`.
    """
    sealed = io.BytesIO()
    seal_into(sealed, workbook, pens, strings, built_on)
    return sealed.getvalue()


def _isa_l() -> Any:
    """Four times as fast as zlib's quickest and smaller; issued files rest on it (decision 007)."""
    return isal_zlib.compressobj(1, wbits=-15)


def seal_into(
    stream: IO[bytes],
    workbook: Workbook,
    pens: Mapping[str, Pen],
    strings: Strings,
    built_on: date,
    deflate: Callable[[], Any] = _isa_l,
) -> None:
    """Write the file to `stream`, a piece at a time: rows that are streamed are never all in memory.

    `deflate` makes what compresses a part: raw deflate, with compress() and flush().
    """
    workbook.properties.created = workbook.properties.modified = datetime.combine(built_on, time())
    _Writer(workbook, _Archive(stream, built_on, deflate), pens, strings).save()


class _Archive(zipfile.ZipFile):
    """A zip file whose entries bear the date given, not that of the clock, and are deflated as is said."""

    def __init__(self, stream: IO[bytes], day: date, deflate: Callable[[], Any]) -> None:
        super().__init__(stream, "w", zipfile.ZIP_DEFLATED)
        self.day, self.deflate = day, deflate

    def writestr(self, zinfo_or_arcname: Any, data: Any, *_: Any, **__: Any) -> None:
        text = data.decode() if isinstance(data, bytes) else data
        if zinfo_or_arcname == "[Content_Types].xml":
            text = text.replace("</Types>", _STRINGS_TYPE)
        elif zinfo_or_arcname == "xl/_rels/workbook.xml.rels":
            text = text.replace("</Relationships>", _STRINGS_LINK)
        self.write_pieces(zinfo_or_arcname, [text.encode()])

    def write_pieces(self, name: str, pieces: Iterable[bytes]) -> None:
        entry = zipfile.ZipInfo(name, (self.day.year, self.day.month, self.day.day, 0, 0, 0))
        entry.compress_type, entry.external_attr = zipfile.ZIP_DEFLATED, 0o600 << 16
        with self.open(entry, "w", force_zip64=True) as part:
            part._compressor = self.deflate()  # type: ignore[attr-defined] # noqa: SLF001 - zipfile has no hook for it
            for piece in pieces:
                part.write(piece)


class _Writer(ExcelWriter):
    """Writes in memory: openpyxl's own way leaves temporary files behind when the disk is full."""

    def __init__(
        self, workbook: Workbook, archive: _Archive, pens: Mapping[str, Pen], strings: Strings
    ) -> None:
        super().__init__(workbook, archive)
        self.archive, self.pens, self.strings = archive, pens, strings

    def write_worksheet(self, ws: Any) -> None:
        drawing: Any = SpreadsheetDrawing()
        drawing.charts = ws._charts  # noqa: SLF001 - as openpyxl's own method does
        ws._drawing = drawing  # noqa: SLF001 - see above
        writer: Any = WorksheetWriter(ws, io.BytesIO())
        writer.write()
        ws._rels = writer._rels  # noqa: SLF001 - the part of openpyxl's own method that others rely on
        pen = self.pens.get(ws.title)
        sheet = in_order(put_in(writer.read().decode(), pen.exact if pen else {}))
        self.archive.write_pieces(ws.path[1:], _with_streams(sheet, pen.streams if pen else []))
        self.manifest.append(ws)

    def write_data(self) -> None:
        super().write_data()
        self.archive.write_pieces(_STRINGS_PART, self.strings.xml())


def _with_streams(sheet: str, streams: Iterable[Stream]) -> Iterator[bytes]:
    for stream in streams:
        before, mark, after = sheet.partition(f'<row r="{stream.before}"')
        yield before.encode()
        yield from stream.rows
        sheet = mark + after
    yield sheet.encode()


def in_order(sheet: str) -> str:
    """The sheet's XML with its merged cells in order: openpyxl keeps them in a set."""
    merged = iter(sorted(_MERGED.findall(sheet)))
    return _MERGED.sub(lambda _: next(merged), sheet)


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
