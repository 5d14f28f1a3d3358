"""The rows of a large sheet, from its markup: parted by their tags, in stretches, never as a tree."""

import re
from collections.abc import Sequence

from worker.sheet_cells import Cell, column_of, letters_of
from worker.sheet_columns import Column
from worker.sheet_guards import refuse_wide
from worker.sheet_package import Package, Unusual

Row = tuple[Cell, ...]

_ROW = re.compile(rb'<row r="(\d{1,7})"[^<>]*')
_EMPTY_ROWS = re.compile(rb'(?:<row r="\d{1,7}"[^<>]*/>)+')
_CELL, _FIRST = b'<c r="', b'<c r="A'
_PLACE = re.compile(rb'<c r="([A-Z]{1,3})')


class _Places(dict[bytes, int]):
    """The column (from 0) that the beginning of a cell names."""

    def __missing__(self, place: bytes) -> int:
        spelled = _PLACE.fullmatch(place)
        if spelled is None:
            raise Unusual(f"a cell at {place!r}")
        at = self[place] = column_of(spelled[1].decode())
        return at


class Table:
    """The rows of a sheet, taken a stretch at a time; every method raises Unusual."""

    def __init__(self, file: str, sheet: str, package: Package) -> None:
        self._file, self._sheet, self._package = file, sheet, package
        self._styles = len(package.looks)
        self._rows: list[Row] = []
        self._columns: list[Column] = []
        self._places, self._last = _Places(), b""
        self._reach = 0

    def take(self, block: bytes) -> None:
        """The next rows, whole."""
        *rows, rest = block.split(b"</row>")
        if rest and not _EMPTY_ROWS.fullmatch(rest):
            raise Unusual(f"between rows: {rest[:99]!r}")
        spelled = [self._cells(row) for row in rows]
        if spelled:
            refuse_wide(self._file, self._sheet, max(number for number, _ in spelled), len(self._columns))
            self._add([number for number, _ in spelled], self._values([cells for _, cells in spelled]))

    def rows(self) -> tuple[Row, ...]:
        """All rows, of one width, up to the last row and column that say anything."""
        rows, width = self._rows, self._reach
        while rows and not any(cell is not None for cell in rows[-1]):
            rows.pop()
        return tuple(row if len(row) == width else row[:width] + (None,) * (width - len(row)) for row in rows)

    def _cells(self, row: bytes) -> tuple[int, list[bytes]]:
        """The number of a row, and its cells from column A on."""
        head, _, body = row.partition(b">")
        if head.endswith(b"/") and (empty := _EMPTY_ROWS.match(row)):
            head, _, body = row[empty.end() :].partition(b">")
        told = _ROW.fullmatch(head)
        if told is None:
            raise Unusual(f"a row: {head!r}")
        return int(told[1]), self._parted(told[1], body)

    def _parted(self, number: bytes, body: bytes) -> list[bytes]:
        # A small number may be a style as well: only behind letters it is a place then.
        if int(number) <= self._styles:
            return self._placed(*_parted_with_care(number, body))
        first, *cells = body.split(number + b'"')
        if first == _FIRST and len(cells) == len(self._columns) > 1 and cells[-2].endswith(self._last):
            return cells
        if len(cells) != body.count(_CELL):  # a text holds the number and a quotation mark
            first, cells = _parted_with_care(number, body)
        return self._placed(first, cells)

    def _placed(self, place: bytes, cells: Sequence[bytes]) -> list[bytes]:
        """The cells of a row in which not all are there, each as if the next one were."""
        placed: list[bytes] = []
        for cell in cells:
            at = self._places[place]
            if at < len(placed):
                raise Unusual("cells in another order")
            self._widen_to(at)
            placed += [b""] * (at - len(placed))
            before, tag, letters = cell.rpartition(_CELL)
            placed.append((before if tag else cell) + self._columns[at].place_behind)
            place = tag + letters if tag else b""
        if place:
            raise Unusual(f"behind the cells: {place!r}")
        return placed

    def _widen_to(self, at: int) -> None:
        while len(self._columns) <= at:
            self._last = _CELL + letters_of(len(self._columns)).encode()
            if self._columns:
                self._columns[-1].place_behind = self._last
            self._columns.append(Column(self._package))

    def _values(self, spelled: Sequence[list[bytes]]) -> Sequence[Row]:
        for cells in spelled:
            if (missing := len(self._columns) - len(cells)) > 0:
                cells.extend([b""] * missing)
        columns = zip(*spelled, strict=True)
        values = [column.values(cells) for column, cells in zip(self._columns, columns, strict=True)]
        for at in range(self._reach, len(values)):
            if any(value is not None for value in values[at]):
                self._reach = at + 1
        return [*zip(*values, strict=True)] if values else [()] * len(spelled)

    def _add(self, numbers: Sequence[int], rows: Sequence[Row]) -> None:
        for number, row in zip(numbers, rows, strict=True):
            if number <= len(self._rows):
                raise Unusual("rows in another order")
            self._rows += [()] * (number - len(self._rows) - 1)
            self._rows.append(row)


def _parted_with_care(number: bytes, body: bytes) -> tuple[bytes, list[bytes]]:
    first, *cells = re.split(rb'(?<=[A-Z])%b"' % number, body)
    return first, cells
