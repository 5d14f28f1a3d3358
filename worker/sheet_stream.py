"""Sheets too large to be held by the usual reader: read in a stream by wolfxl (the extra `large`).

It keeps 100,000 rows of 42 columns within 150 MB, where the usual reader takes several times that. What a
file may be is measured before (`sheet_guards`); how far a sheet reaches is measured here, row by row.
"""

import io
from collections.abc import Callable, Hashable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

from models.values import Refusal
from worker.sheet_guards import MAX_CELLS, RESAVE, refuse_wide

KEPT_VALUES = 100_000
Row = tuple[Any, ...]


class Streamed(NamedTuple):
    """One sheet, as `sheets.Sheet` has it."""

    name: str
    rows: tuple[Row, ...]
    merged: tuple[tuple[int, int, int, int], ...]
    hidden: bool


class Once(dict[Hashable, Any]):
    """Cells that are equal are kept once: a column of dates or names costs a pointer a row.

    0 and 1 are not kept, because they equal False and True.
    """

    def __init__(self, clean: Callable[[Any], Any]) -> None:
        super().__init__()
        self._clean = clean

    def __missing__(self, cell: Any) -> Any:
        cleaned = self._clean(cell)
        if cell not in (0, 1) and len(self) < KEPT_VALUES:
            self[cell] = cleaned
        return cleaned


def streamed(name: str, source: Path | io.BytesIO, clean: Callable[[Any], Any]) -> Iterator[Streamed]:
    """Every sheet of a large .xlsx, each cell passed through `clean`. Raises Refusal."""
    try:
        import wolfxl
    except ImportError:
        raise Refusal(
            f"{name} is larger than is read here. Bring one month at a time, or install what reads large "
            "workbooks: pip install 'huikuan[large]'"
        ) from None
    try:
        book = wolfxl.load_workbook(source, read_only=True, data_only=True)
        once = Once(clean)
        for sheet in book.worksheets:
            yield _sheet(name, sheet, once)
    except (OSError, ValueError, KeyError) as broken:
        raise Refusal(f"{name} can't be read as a workbook: {broken}. {RESAVE}") from broken


def _sheet(name: str, sheet: Any, once: Once) -> Streamed:
    merged = sorted(
        (area.min_row - 1, area.min_col - 1, area.max_row - 1, area.max_col - 1)
        for area in sheet.merged_cells.ranges
    )
    sheet.reset_dimensions()  # the area a sheet declares may be a lie, either way
    rows = list(_rows(name, sheet, once))
    while rows and not any(cell is not None for cell in rows[-1]):
        rows.pop()
    width = max(map(len, rows), default=0)
    rows = [row if len(row) == width else row + (None,) * (width - len(row)) for row in rows]
    return Streamed(sheet.title, tuple(rows), tuple(merged), hidden=sheet.sheet_state != "visible")


def _rows(name: str, sheet: Any, once: Once) -> Iterator[Row]:
    kept, widest, cells = once.__getitem__, 0, 0
    for number, row in enumerate(sheet.iter_rows(values_only=True), 1):
        if len(row) > widest:
            widest = len(row)
            refuse_wide(name, sheet.title, number, widest)
        cells += len(row)
        if cells > MAX_CELLS:
            refuse_wide(name, sheet.title, number, widest)
        yield tuple(map(kept, row))
