"""Large sheets that are spelled unusually (see `sheet_rows`): read in a stream by wolfxl (the extra `large`).

It keeps 100,000 rows of 42 columns within 150 MB, where the usual reader takes several times that. What a
file may be is measured before (`sheet_guards`); how far a sheet reaches is measured here, row by row.
"""

import io
from collections.abc import Iterator, Sequence
from itertools import islice, zip_longest
from pathlib import Path
from typing import Any, NamedTuple

from models.values import Refusal
from worker.sheet_cells import Cell, StreamedColumn
from worker.sheet_guards import MAX_CELLS, refuse_wide
from worker.sheet_parts import RESAVE

STRETCH = 512
"""Rows that are made plain at once: few enough to stay in the processor's cache."""
Row = tuple[Cell, ...]


class Streamed(NamedTuple):
    """One sheet, as `sheets.Sheet` has it."""

    name: str
    rows: tuple[Row, ...]
    merged: tuple[tuple[int, int, int, int], ...]
    hidden: bool


def streamed(name: str, source: Path | io.BytesIO) -> list[Streamed]:
    """Every sheet of a large .xlsx. Raises Refusal."""
    try:
        import wolfxl
    except ImportError:
        raise Refusal(
            f"{name} is large, and spelled as few programs do. Save it anew in Excel or WPS, bring one month "
            "at a time, or install what reads it as it is: pip install 'huikuan[large]'"
        ) from None
    try:
        book = wolfxl.load_workbook(source, read_only=True, data_only=True)
        return [_sheet(name, sheet) for sheet in book.worksheets]
    except (OSError, ValueError, KeyError) as broken:
        raise Refusal(f"{name} can't be read as a workbook: {broken}. {RESAVE}") from broken


def _sheet(name: str, sheet: Any) -> Streamed:
    merged = sorted(
        (area.min_row - 1, area.min_col - 1, area.max_row - 1, area.max_col - 1)
        for area in sheet.merged_cells.ranges
    )
    sheet.reset_dimensions()  # the area a sheet declares may be a lie, either way
    rows = _rows(name, sheet)
    while rows and not any(cell is not None for cell in rows[-1]):
        rows.pop()
    width = max(map(len, rows), default=0)
    rows = [row if len(row) == width else row + (None,) * (width - len(row)) for row in rows]
    return Streamed(sheet.title, tuple(rows), tuple(merged), hidden=sheet.sheet_state != "visible")


def _rows(name: str, sheet: Any) -> list[Row]:
    columns: list[StreamedColumn] = []
    rows: list[Row] = []
    read = _measured(name, sheet)
    while stretch := list(islice(read, STRETCH)):
        cells = list(zip_longest(*stretch))
        columns += [StreamedColumn() for _ in cells[len(columns) :]]
        plain = [column.plain(each) for column, each in zip(columns, cells, strict=False)]
        rows += zip(*plain, strict=True) if plain else [()] * len(stretch)
    return rows


def _measured(name: str, sheet: Any) -> Iterator[Sequence[Any]]:
    """The rows as they come, refused once they are more than any ledger has."""
    widest, cells = 0, 0
    for number, row in enumerate(sheet.iter_rows(values_only=True), 1):
        cells += len(row)
        if len(row) > widest or cells > MAX_CELLS:
            widest = max(widest, len(row))
            refuse_wide(name, sheet.title, number, widest)
        yield row
