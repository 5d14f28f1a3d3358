"""What an .xlsx says beside its cells: its sheets, which styles are dates, the texts that cells share.

Read here is only what spreadsheet programs usually write; anything else is `Unusual`, and another reader's.
"""

import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from io import BytesIO
from pathlib import Path
from posixpath import join, normpath
from typing import Any, BinaryIO, NamedTuple

from defusedxml import ElementTree
from isal import isal_zlib

from worker.sheet_cells import Cell, streamed_cell
from worker.sheet_days import Look, look_of
from worker.sheet_parts import MOST_BYTES, inflated_part

MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
LINK_ID = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
# No XML may hold these; a parser would refuse the file.
FORBIDDEN = bytes(sign for sign in range(32) if sign not in b"\t\n\r")
MOST_HELD = 16_000_000  # bytes before, behind or between rows: no ledger has more
_DECLARED = re.compile(rb"""\s*(?:\xef\xbb\xbf)?<\?xml[^>]*?encoding=["'](?!utf-8["'])""", re.IGNORECASE)
_ENTITY = re.compile(r"&(?:#(\d{1,7})|#x([0-9A-Fa-f]{1,6})|(\w+));?")
_NAMED = {"amp": "&", "lt": "<", "gt": ">", "quot": '"', "apos": "'"}
_PHONETIC = re.compile(r"<rPh\s.*?</rPh>", re.DOTALL)
_TEXT = re.compile(r'<t(?: xml:space="preserve")?>([^<]*)</t>')
_MARKUP_OF_TEXT = re.compile(r"(?:<rPr>.*?</rPr>|<phoneticPr [^>]*/>|</?r>|<t/>)*", re.DOTALL)


class Unusual(Exception):
    """Not spelled as usual: nothing is wrong with that, but the quick way does not read it."""


@dataclass(frozen=True)
class SheetPart:
    """One sheet of the workbook and the part that holds it."""

    name: str
    hidden: bool
    part: str


class _Link(NamedTuple):
    kind: str
    part: str


class Package:
    """An .xlsx that has passed the guards. Every method raises Unusual."""

    def __init__(self, name: str, source: Path | BytesIO) -> None:
        self._name, self._source = name, source
        with zipfile.ZipFile(source) as parts:
            self._members = {member.filename: member for member in parts.infolist()}
            if len(self._members) < len(parts.infolist()):
                raise Unusual("two parts of one name")

    def chunks(self, part: str) -> Iterator[bytes]:
        """The part as it inflates; its checksum is compared at the end."""
        member, checksum = self._members.get(part), 0
        if member is None:
            raise Unusual(part)
        with self._opened() as stream:
            for chunk in inflated_part(self._name, stream, member, MOST_BYTES):
                if not checksum and _DECLARED.match(chunk):
                    raise Unusual("another encoding")
                checksum = isal_zlib.crc32(chunk, checksum)
                yield chunk
        if checksum != member.CRC:
            raise Unusual(part)

    def sheets(self) -> list[SheetPart]:
        """The sheets that hold cells, in the workbook's order."""
        book, links = self._tree("xl/workbook.xml"), self._links()
        about = book.find(f"{MAIN}workbookPr")
        if about is not None and about.get("date1904") not in (None, "0", "false"):
            raise Unusual("days counted from 1904")
        listed = [(sheet, links.get(sheet.get(LINK_ID))) for sheet in book.iter(f"{MAIN}sheet")]
        if not all(link for _, link in listed):
            raise Unusual("a sheet without its part")
        return [
            SheetPart(sheet.get("name"), sheet.get("state", "visible") != "visible", link.part)
            for sheet, link in listed
            if link and link.kind == "worksheet"
        ]

    @cached_property
    def looks(self) -> list[Look]:
        """What the numbers of each style are meant as."""
        styles = self._tree("xl/styles.xml")
        words = {int(each.get("numFmtId")): each.get("formatCode") for each in styles.iter(f"{MAIN}numFmt")}
        formats = [int(each.get("numFmtId", 0)) for each in styles.iterfind(f"{MAIN}cellXfs/{MAIN}xf")]
        return [look_of(number, words.get(number)) for number in formats]

    @cached_property
    def texts(self) -> list[Cell]:
        """The texts that cells name by number, made plain."""
        found: list[Cell] = []
        for link in self._links().values():
            if link.kind == "sharedStrings":
                found += self._texts_of(link.part)
        return found

    def _texts_of(self, part: str) -> Iterator[Cell]:
        for block in blocks(self.chunks(part), b"<si>"):
            between, *items = decoded(block).rstrip().removesuffix("</sst>").split("<si>")
            if "<si" in between:
                raise Unusual("a text that is spelled otherwise")
            yield from (plain_text(_text_of(item)) for item in items)

    def _links(self) -> dict[str, "_Link"]:
        return {
            link.get("Id"): _Link(
                link.get("Type").rpartition("/")[2], normpath(join("/xl", link.get("Target", "")))[1:]
            )
            for link in self._tree("xl/_rels/workbook.xml.rels")
        }

    def _opened(self) -> BinaryIO:
        return self._source.open("rb") if isinstance(self._source, Path) else BytesIO(self._source.getvalue())

    def _tree(self, part: str) -> Any:
        return parsed(b"".join(self.chunks(part)))


def parsed(markup: bytes) -> Any:
    """The markup as a tree; Unusual where it is none."""
    try:
        return ElementTree.fromstring(markup, forbid_dtd=True)
    except (ElementTree.ParseError, ValueError) as broken:
        raise Unusual(str(broken)) from broken


def blocks(chunks: Iterator[bytes], start: bytes) -> Iterator[bytes]:
    """The chunks cut anew: each block but the first begins with the tag `start`."""
    held: list[bytes] = []
    for chunk in chunks:
        before, tag, behind = chunk.rpartition(start)
        held.append(before if tag else behind)
        if tag:
            yield b"".join(held)
            held = [tag + behind]
        elif sum(map(len, held)) > MOST_HELD:
            raise Unusual(f"more than {MOST_HELD} bytes without {start!r}")
    yield b"".join(held)


def decoded(markup: bytes) -> str:
    """The characters of markup; Unusual for what XML may not hold or would write otherwise."""
    if b"\r" in markup or b"<!" in markup or len(markup.translate(None, FORBIDDEN)) != len(markup):
        raise Unusual("a character that XML reads otherwise")
    try:
        return markup.decode()
    except UnicodeDecodeError as broken:
        raise Unusual(str(broken)) from broken


def plain_text(written: str) -> Cell:
    """Text as it stands between two tags, made plain."""
    return streamed_cell(unescaped(written) if "&" in written else written)


def unescaped(written: str) -> str:
    """Text with the signs that XML spells as &amp; or &#24037;."""
    try:
        return _ENTITY.sub(_sign, written)
    except (KeyError, ValueError) as broken:
        raise Unusual(f"an entity: {broken}") from broken


def _sign(entity: re.Match[str]) -> str:
    decimal, hexadecimal, name = entity.groups()
    return _NAMED[name] if name else chr(int(decimal) if decimal else int(hexadecimal, 16))


def _text_of(item: str) -> str:
    """What `<si>...</si>` says, without its <si>: one text, or several with a look of their own."""
    if item.startswith("<t>") and item.endswith("</t></si>") and item.count("<") == 3:
        return item[3:-9]
    if not item.endswith("</si>"):
        raise Unusual("a text that is not closed")
    said = _PHONETIC.sub("", item[:-5])
    if not _MARKUP_OF_TEXT.fullmatch(_TEXT.sub("", said)):
        raise Unusual("a text with other marks in it")
    return "".join(_TEXT.findall(said))
