"""What a workbook brought from outside may be before any parser sees it.

A spreadsheet is a zip of XML or an OLE container, and either can be built to exhaust or mislead a reader.
The bytes are measured here by really inflating them, because sizes declared inside the file can lie.
"""

import io
import re
import zipfile
import zlib
from collections.abc import Iterator

from models.values import Refusal

MAX_FILE_BYTES = 50_000_000
MAX_MEMBERS = 2_000
MAX_INFLATED_BYTES = 100_000_000
MAX_RATIO = 100
# Small parts compress arbitrarily well (a sheet of equal rows) and harm nobody.
RATIO_MATTERS_FROM = 5_000_000
MAX_CELLS = 5_000_000

RESAVE = "Open it in Excel or WPS, save it as .xlsx and bring that file."
_CELL = re.compile(rb"""\sr\s*=\s*["']([A-Z]{1,3})([0-9]{1,7})["']""")
_BLIND = re.compile(rb"""\st=["']e["']|</(?:\w+:)?f>\s*(?:</(?:\w+:)?c>|<(?:\w+:)?v\s*/>|<(?:\w+:)?v></)""")
_ROW = re.compile(rb"""<(?:\w+:)?row\s[^>]*?\br\s*=\s*["']([0-9]{1,7})["']""")


def refuse_unsafe_zip(name: str, data: bytes) -> bool:
    """Refuse an .xlsx that is a bomb, holds macros, links or a DTD, or isn't a workbook at all.

    Returns whether it holds cells that a reader of values takes for empty: errors, formulas without a value.
    """
    members = _members(name, data)
    _refuse_contents(name, {member.filename for member in members})
    inflated, blind = 0, False
    for member in members:
        part = _inflate(name, data, member, MAX_INFLATED_BYTES - inflated)
        inflated += len(part)
        if inflated > RATIO_MATTERS_FROM and inflated > MAX_RATIO * len(data):
            raise Refusal(f"{name} inflates to over {MAX_RATIO} times its size, as a zip bomb does. {RESAVE}")
        if member.filename.lower().endswith((".xml", ".rels", ".vml")):
            _refuse_markup(name, member.filename, part)
            blind = blind or bool(_BLIND.search(part))
    return blind


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


def _inflate(name: str, data: bytes, member: zipfile.ZipInfo, budget: int) -> bytes:
    """The part as it really inflates: a parser believes the stream, not the declared size."""
    if member.flag_bits & 0x1:
        raise Refusal(f"{name} is encrypted. Open it, remove the password and save it again.")
    if member.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise Refusal(f"{name} is packed in an unusual way. {RESAVE}")
    packed = _packed(data, member)
    if member.compress_type == zipfile.ZIP_STORED:
        part = packed[: budget + 1]
    else:
        try:
            part = zlib.decompressobj(-15).decompress(packed, budget + 1)
        except zlib.error as broken:
            raise Refusal(f"{name} is damaged in {member.filename}. Export or copy it again.") from broken
    if len(part) > budget:
        raise Refusal(f"{name} inflates to over {MAX_INFLATED_BYTES} bytes, as a zip bomb does. {RESAVE}")
    return part


def _packed(data: bytes, member: zipfile.ZipInfo) -> bytes:
    names = data[member.header_offset + 26 : member.header_offset + 30]
    skip = 30 + int.from_bytes(names[:2], "little") + int.from_bytes(names[2:], "little")
    start = member.header_offset + skip
    return data[start : start + member.compress_size]


def _refuse_markup(name: str, part: str, markup: bytes) -> None:
    if b"\x00" in markup[:512]:
        raise Refusal(f"{name} holds {part} in an unusual encoding. {RESAVE}")
    upper = markup.upper()
    if b"<!DOCTYPE" in upper or b"<!ENTITY" in upper:
        raise Refusal(f"{name} declares entities in {part}, which can pull in other files. {RESAVE}")
    if part.lower().startswith("xl/worksheets/"):
        refuse_wide(name, part, *_extent(markup))


def _extent(markup: bytes) -> tuple[int, int]:
    """Rows and columns that a reader would allocate, from the farthest cell named."""
    rows = max((int(found.group(1)) for found in _ROW.finditer(markup)), default=1)
    last_column = 1
    for column, row in _cells(markup):
        last_column, rows = max(last_column, column), max(rows, row)
    return rows, last_column


def _cells(markup: bytes) -> Iterator[tuple[int, int]]:
    for found in _CELL.finditer(markup):
        column = 0
        for letter in found.group(1):
            column = column * 26 + letter - 64
        yield column, int(found.group(2))


def _utf16(text: str) -> bytes:
    return text.encode("utf-16-le")
