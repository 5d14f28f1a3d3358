"""What a workbook brought from outside may be before any parser sees it.

A spreadsheet is a zip of XML or an OLE container, and either can be built to exhaust or mislead a reader.
The bytes are measured here by really inflating them, because sizes declared inside the file can lie.
"""

import io
import re
import zipfile
from collections.abc import Iterator
from enum import Flag, auto
from importlib.util import find_spec

from isal import igzip_lib, isal_zlib

from models.values import Refusal

MAX_FILE_BYTES = 50_000_000
MAX_MEMBERS = 2_000
MAX_INFLATED_BYTES = 300_000_000
LARGE = 16_000_000 if find_spec("wolfxl") else 100_000_000
"""Parts up to here are looked at whole; a larger sheet is read in a stream, where that is there."""
MAX_RATIO = 100
# Small parts compress arbitrarily well (a sheet of equal rows) and harm nobody.
RATIO_MATTERS_FROM = 5_000_000
MAX_CELLS = 5_000_000

RESAVE = "Open it in Excel or WPS, save it as .xlsx and bring that file."
_CELL_ROW = re.compile(rb"""\sr\s*=\s*["'][A-Z]{1,3}([0-9]{1,7})["']""")
_CELL_COLUMN = re.compile(rb"""\sr\s*=\s*["']([A-Z]{1,3})[0-9]{1,7}["']""")
_BLIND = re.compile(rb"""\st=["']e["']|</(?:\w+:)?f>\s*(?:</(?:\w+:)?c>|<(?:\w+:)?v\s*/>|<(?:\w+:)?v></)""")
_ENTITY = re.compile(rb"<!(?:DOCTYPE|ENTITY)", re.IGNORECASE)
_CHUNK = 1 << 20
_FED = 1 << 16
_OVERLAP = 200  # no mark that is looked for is longer, so that none hides between two chunks
_ROW = re.compile(rb"""<(?:\w+:)?row\s[^>]*?\br\s*=\s*["']([0-9]{1,7})["']""")


class Contents(Flag):
    """What a harmless workbook holds that its reader must know."""

    PLAIN = 0
    BLIND = auto()
    """Cells that a reader of values takes for empty: errors, formulas without a value."""
    LARGE_SHEET = auto()


def refuse_unsafe_zip(name: str, data: bytes) -> Contents:
    """Refuse an .xlsx that is a bomb, holds macros, links or a DTD, or isn't a workbook at all."""
    members = _members(name, data)
    _refuse_contents(name, {member.filename for member in members})
    inflated, found = 0, Contents.PLAIN
    for member in members:
        is_markup = member.filename.lower().endswith((".xml", ".rels", ".vml"))
        held: list[bytes] | None = [] if is_markup else None
        before = b""
        for chunk in _inflated(name, data, member, MAX_INFLATED_BYTES - inflated):
            inflated += len(chunk)
            if inflated > RATIO_MATTERS_FROM and inflated > MAX_RATIO * len(data):
                raise Refusal(
                    f"{name} inflates to over {MAX_RATIO} times its size, as a zip bomb does. {RESAVE}"
                )
            if is_markup:
                found |= _refuse_markup(name, member.filename, before + chunk)
                before = chunk[-_OVERLAP:]
                held = _held(held, chunk)
        if is_markup and member.filename.lower().startswith("xl/worksheets/"):
            found |= Contents.LARGE_SHEET if held is None else Contents.PLAIN
            refuse_wide(name, member.filename, *_extent(b"".join(held or ())))
    return found


def _held(held: list[bytes] | None, chunk: bytes) -> list[bytes] | None:
    """The part so far; None once it is too large to be looked at whole."""
    if held is None or sum(map(len, held)) + len(chunk) > LARGE:
        return None
    held.append(chunk)
    return held


def refuse_unsafe_ole(name: str, data: bytes) -> None:
    """Refuse an OLE container that is encrypted, holds macros, or is another kind of document."""
    if _utf16("EncryptedPackage") in data or _utf16("EncryptionInfo") in data:
        raise Refusal(f"{name} is encrypted. Open it, remove the password and save it again.")
    if _utf16("_VBA_PROJECT") in data:
        raise Refusal(f"{name} holds macros, which are never read. {RESAVE}")
    if _utf16("Workbook") not in data and _utf16("Book") not in data:
        raise Refusal(f"{name} is not a workbook but another kind of Office document. {RESAVE}")


def refuse_wide(name: str, sheet: str, rows: int, columns: int) -> None:
    """Refuse a sheet whose used area is beyond any ledger: one stray cell far away fills memory."""
    if rows * columns > MAX_CELLS:
        raise Refusal(
            f"{name}, sheet {sheet!r} spans {rows} rows by {columns} columns, more than {MAX_CELLS} cells. "
            "Delete the empty rows and columns after the table, save it and bring it again."
        )


def _members(name: str, data: bytes) -> list[zipfile.ZipInfo]:
    try:
        members = zipfile.ZipFile(io.BytesIO(data)).infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError) as broken:
        raise Refusal(f"{name} is damaged: {broken}. Export or copy it again.") from broken
    if len(members) > MAX_MEMBERS:
        raise Refusal(f"{name} holds {len(members)} parts, more than {MAX_MEMBERS}. {RESAVE}")
    if sum(member.file_size for member in members) > MAX_INFLATED_BYTES:
        raise Refusal(f"{name} says it inflates to more than {MAX_INFLATED_BYTES} bytes. {RESAVE}")
    return members


def _refuse_contents(name: str, parts: set[str]) -> None:
    lower = {part.lower() for part in parts}
    if "encryptedpackage" in lower:
        raise Refusal(f"{name} is encrypted. Open it, remove the password and save it again.")
    if any(part.endswith("vbaproject.bin") for part in lower):
        raise Refusal(f"{name} holds macros, which are never read. {RESAVE}")
    if any("externallinks/" in part for part in lower):
        raise Refusal(
            f"{name} takes values from other workbooks (external links). "
            "Break the links in Excel (数据 > 编辑链接 > 断开链接), save it and bring it again."
        )
    if not any(part.startswith("xl/worksheets/") and part.endswith(".xml") for part in lower):
        raise Refusal(f"{name} is a zip archive but not an .xlsx workbook. {RESAVE}")


def _inflated(name: str, data: bytes, member: zipfile.ZipInfo, budget: int) -> Iterator[bytes]:
    """The part as it really inflates: a parser believes the stream, not the declared size."""
    if member.flag_bits & 0x1:
        raise Refusal(f"{name} is encrypted. Open it, remove the password and save it again.")
    if member.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise Refusal(f"{name} is packed in an unusual way. {RESAVE}")
    packed = _packed(data, member)
    chunks = _slices(packed) if member.compress_type == zipfile.ZIP_STORED else _inflate(name, member, packed)
    for chunk in chunks:
        budget -= len(chunk)
        if budget < 0:
            raise Refusal(f"{name} inflates to over {MAX_INFLATED_BYTES} bytes, as a zip bomb does. {RESAVE}")
        yield chunk


def _slices(packed: memoryview) -> Iterator[bytes]:
    return (bytes(packed[at : at + _CHUNK]) for at in range(0, len(packed), _CHUNK))


def _inflate(name: str, member: zipfile.ZipInfo, packed: memoryview) -> Iterator[bytes]:
    """The stream in chunks: little goes in at a time, so that a bomb does not unfold at once."""
    inflate = isal_zlib.decompressobj(-15)
    for at in range(0, len(packed), _FED):
        rest = bytes(packed[at : at + _FED])
        while rest and not inflate.eof:
            try:
                yield inflate.decompress(rest, _CHUNK)
            except igzip_lib.error as broken:  # type: ignore[misc]  # a stub says Any
                raise Refusal(f"{name} is damaged in {member.filename}. Export or copy it again.") from broken
            rest = inflate.unconsumed_tail
    while not inflate.eof and (chunk := inflate.decompress(b"", _CHUNK)):
        yield chunk


def _packed(data: bytes, member: zipfile.ZipInfo) -> memoryview:
    names = data[member.header_offset + 26 : member.header_offset + 30]
    skip = 30 + int.from_bytes(names[:2], "little") + int.from_bytes(names[2:], "little")
    start = member.header_offset + skip
    return memoryview(data)[start : start + member.compress_size]


def _refuse_markup(name: str, part: str, markup: bytes) -> Contents:
    if b"\x00" in markup:
        raise Refusal(f"{name} holds {part} in an unusual encoding. {RESAVE}")
    if b"<!" in markup and _ENTITY.search(markup):
        raise Refusal(f"{name} declares entities in {part}, which can pull in other files. {RESAVE}")
    marked = b"f>" in markup or b'="e"' in markup or b"='e'" in markup
    return Contents.BLIND if marked and _BLIND.search(markup) else Contents.PLAIN


def _extent(markup: bytes) -> tuple[int, int]:
    """Rows and columns that a reader would allocate, from the farthest cell named."""
    rows = {*_ROW.findall(markup), *_CELL_ROW.findall(markup)}
    columns = set(_CELL_COLUMN.findall(markup))
    return max(map(int, rows), default=1), max(map(_column, columns), default=1)


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


def _utf16(text: str) -> bytes:
    return text.encode("utf-16-le")
