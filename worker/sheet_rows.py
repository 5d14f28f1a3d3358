"""Large sheets read quickly, as almost every spreadsheet program spells them.

The rows are parted by their tags and the cells by theirs, in stretches and never as a tree: nothing is built
that is not kept. Whatever is spelled otherwise (other prefixes, orders, quotes, comments) is `Unusual`, and
the sheet is read by another reader, from its beginning.
"""

import re
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

from worker.sheet_cells import column_of
from worker.sheet_package import MAIN, Package, SheetPart, Unusual, blocks, parsed
from worker.sheet_table import Row, Table

Merged = tuple[int, int, int, int]
Read = tuple[str, tuple[Row, ...], tuple[Merged, ...], bool]

_START, _END = b"<sheetData>", b"</sheetData>"
_AREA = re.compile(r"([A-Z]{1,3})(\d{1,7}):([A-Z]{1,3})(\d{1,7})")


def quickly(name: str, source: Path | BytesIO) -> list[Read]:
    """Every sheet: name, rows, merged areas, whether hidden. Raises Unusual, and Refusal for one too wide."""
    package = Package(name, source)
    try:
        return [_sheet(name, package, sheet) for sheet in package.sheets()]
    except (ValueError, LookupError) as broken:
        raise Unusual(str(broken)) from broken


def _sheet(name: str, package: Package, sheet: SheetPart) -> Read:
    around: list[bytes] = []
    table = Table(name, sheet.name, package)
    for block in _rows_only(blocks(package.chunks(sheet.part), b"<row "), around):
        table.take(block)
    return sheet.name, table.rows(), _merged(b"".join(around)), sheet.hidden


def _rows_only(markup: Iterator[bytes], around: list[bytes]) -> Iterator[bytes]:
    """The rows; what stands before and behind them goes to `around`."""
    before, start, rows = next(markup).partition(_START)
    for block in markup:
        if start:
            yield rows
        rows = block
    rows, end, behind = rows.partition(_END)
    if bool(start) != bool(end):
        raise Unusual("rows without their beginning or end")
    around += [before, start, end, behind]
    if rows:
        yield rows


def _merged(around: bytes) -> tuple[Merged, ...]:
    """The merged areas, 0-based; `around` is the sheet without its rows."""
    sheet = parsed(around)
    named = [_AREA.fullmatch(each.get("ref", "")) for each in sheet.iter(f"{MAIN}mergeCell")]
    rows_elsewhere = any(len(each) for each in sheet.iter(f"{MAIN}sheetData"))
    if sheet.tag != f"{MAIN}worksheet" or rows_elsewhere or not all(named):
        raise Unusual("rows or areas that are spelled otherwise")
    areas = [area.groups() for area in named if area]
    return tuple(sorted(
        (int(top) - 1, column_of(left), int(bottom) - 1, column_of(right))
        for left, top, right, bottom in areas
    ))  # fmt: skip
