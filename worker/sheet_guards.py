"""What a workbook brought from outside may be before any parser sees it.

A spreadsheet is a zip of XML or an OLE container, and either can be built to exhaust or mislead a reader.
The bytes are measured here by really inflating them, because sizes declared inside the file can lie.
"""

import io
import re
import zipfile
from enum import Flag, auto

from models.values import Refusal
from worker.sheet_cells import column_of
from worker.sheet_parts import MOST_BYTES, RESAVE, inflated_part

MAX_FILE_BYTES = 50_000_000
MAX_MEMBERS = 2_000
LARGE = 16_000_000
"""Parts up to here are looked at whole; a larger sheet is read in stretches (`sheet_rows`)."""
MAX_RATIO = 100
# Small parts compress arbitrarily well (a sheet of equal rows) and harm nobody.
RATIO_MATTERS_FROM = 5_000_000
MAX_CELLS = 5_000_000

_CELL_ROW = re.compile(rb"""\sr\s*=\s*["'][A-Z]{1,3}([0-9]{1,7})["']""")
_CELL_COLUMN = re.compile(rb"""\sr\s*=\s*["']([A-Z]{1,3})[0-9]{1,7}["']""")
_NO_VALUE = re.compile(rb"""</(?:\w+:)?f>\s*(?:</(?:\w+:)?c>|<(?:\w+:)?v\s*/>|<(?:\w+:)?v></)""")
_BLIND = re.compile(rb"""\st=["']e["']|""" + _NO_VALUE.pattern)
_ENTITY = re.compile(rb"<!(?:DOCTYPE|ENTITY)", re.IGNORECASE)
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
    inflated, found, stream = 0, Contents.PLAIN, io.BytesIO(data)
    for member in members:
        part = member.filename.lower()
        look = _Look(name, member) if part.endswith((".xml", ".rels", ".vml")) else None
        for chunk in inflated_part(name, stream, member, MOST_BYTES - inflated):
            inflated += len(chunk)
            if inflated > RATIO_MATTERS_FROM and inflated > MAX_RATIO * len(data):
                raise Refusal(
                    f"{name} inflates to over {MAX_RATIO} times its size, as a zip bomb does. {RESAVE}"
                )
            if look is not None:
                look.at(chunk)
        found |= look.found() if look is not None else Contents.PLAIN
    return found


class _Look:
    """One look at a part of markup while it inflates, chunk by chunk."""

    def __init__(self, name: str, member: zipfile.ZipInfo) -> None:
        self._name, self._part = name, member.filename
        self._is_sheet = member.filename.lower().startswith("xl/worksheets/")
        self._held: list[bytes] | None = [] if self._is_sheet and member.file_size <= LARGE else None
        self._size, self._before, self._found = 0, b"", Contents.PLAIN

    def at(self, chunk: bytes) -> None:
        """Look at the next chunk; Refusal for what no workbook may hold."""
        self._size += len(chunk)
        markup = self._before + chunk
        _refuse_markup(self._name, self._part, markup)
        if self._is_sheet and Contents.BLIND not in self._found:
            self._found |= (
                Contents.BLIND if _is_blind(markup, errors=self._held is not None) else Contents.PLAIN
            )
        if self._held is not None:
            self._held = [*self._held, chunk] if self._size <= LARGE else None
        self._before = chunk[-_OVERLAP:]

    def found(self) -> Contents:
        """What the part holds, now that it is whole; Refusal for a sheet that reaches too far."""
        if self._is_sheet and self._held is None:
            return self._found | Contents.LARGE_SHEET
        refuse_wide(self._name, self._part, *_extent(b"".join(self._held or ())))
        return self._found


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
    if sum(member.file_size for member in members) > MOST_BYTES:
        raise Refusal(f"{name} says it inflates to more than {MOST_BYTES} bytes. {RESAVE}")
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


def _refuse_markup(name: str, part: str, markup: bytes) -> None:
    if b"\x00" in markup:
        raise Refusal(f"{name} holds {part} in an unusual encoding. {RESAVE}")
    # One sign is found many times as fast as two, and most parts don't have it.
    if b"!" in markup and b"<!" in markup and _ENTITY.search(markup):
        raise Refusal(f"{name} declares entities in {part}, which can pull in other files. {RESAVE}")


def _is_blind(markup: bytes, *, errors: bool) -> bool:
    """Whether a reader of values misses a formula here, or an error (the reader in a stream gives those)."""
    # One sign is found many times as fast as two, and most sheets of values don't have it.
    marked = b"f" in markup and b"f>" in markup
    marked = marked or (errors and (b'"e"' in markup or b"'e'" in markup))
    return marked and (_BLIND if errors else _NO_VALUE).search(markup) is not None


def _extent(markup: bytes) -> tuple[int, int]:
    """Rows and columns that a reader would allocate, from the farthest cell named."""
    rows = {*_ROW.findall(markup), *_CELL_ROW.findall(markup)}
    columns = set(_CELL_COLUMN.findall(markup))
    return max(map(int, rows), default=1), max((column_of(each.decode()) + 1 for each in columns), default=1)


def _utf16(text: str) -> bytes:
    return text.encode("utf-16-le")
