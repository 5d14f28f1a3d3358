"""Cells as readers of workbooks give them, made plain: one at a time, or a stretch of a column at once."""

import re
from collections.abc import Hashable, Iterable, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

Cell = str | int | float | bool | datetime | date | time | None

_EXACT_INTEGERS = 2**53
_MIDNIGHT = time(0)
# Excel writes signs that XML forbids as _x0007_, and an underscore that would look like it as _x005F_.
_ESCAPED = re.compile("_x00([0-9A-Fa-f]{2})_")
_KEPT_VALUES = 20_000
_TRIED = 2_000
_NUMBERS = {int, float, type(None)}
_WORDS = {str, type(None)}


def plain_cell(value: str | float | bool | time | date | timedelta | None) -> Cell:
    """A cell without the blanks around its text; whole numbers as int, an empty text as None."""
    if isinstance(value, str):
        return value.replace("\0", "").strip() or None  # no database keeps a NUL in text
    if isinstance(value, float) and value.is_integer() and abs(value) < _EXACT_INTEGERS:
        return int(value)
    if isinstance(value, timedelta):
        return str(value)  # a duration is text to us: a time of day comes as time
    return value


def streamed_cell(value: Any) -> Cell:
    """As plain_cell, of a reader that leaves escapes as they are and gives each day a time."""
    if isinstance(value, str):
        return plain_cell(_ESCAPED.sub(lambda sign: chr(int(sign[1], 16)), value) if "_x" in value else value)
    if isinstance(value, datetime) and value.time() == _MIDNIGHT:
        return value.date()
    return plain_cell(value)


class _Once(dict[Hashable, Cell]):
    """What the cells of a column are when plain. 0 and 1 are not kept: they equal False and True."""

    def __missing__(self, cell: Any) -> Cell:
        plain = streamed_cell(cell)
        if isinstance(cell, str | date) and len(self) < _KEPT_VALUES:
            self[cell] = plain
        return plain


class StreamedColumn:
    """Makes a column plain, stretch by stretch, with as little as its cells need.

    Most columns say the same few things again and again: those are made plain once, and kept once in memory.
    Amounts and numbers of cases differ in every row: what must be done is asked of the whole stretch.
    """

    def __init__(self) -> None:
        self._once = _Once()
        self._amounts: dict[Any, Any] = {}
        self._seen = 0
        self._repeats = True

    def plain(self, cells: Sequence[Any]) -> Iterable[Cell]:
        """The cells, made plain."""
        if self._repeats and isinstance(cells[0], str | date):
            return self._as_before(cells)
        kinds = {*map(type, cells)}
        if kinds <= _NUMBERS:
            return self._numbers(cells, kinds)
        if self._repeats:
            return self._as_before(cells)
        return _texts(cells) if kinds <= _WORDS else map(streamed_cell, cells)

    def _as_before(self, cells: Sequence[Any]) -> Iterable[Cell]:
        plain = list(map(self._once.__getitem__, cells))
        self._seen += len(cells)
        self._repeats = self._seen < _TRIED or len(self._once) * 10 < self._seen * 9
        if not self._repeats:
            self._once.clear()
        return plain

    def _numbers(self, cells: Sequence[Any], kinds: set[type]) -> Iterable[Cell]:
        if float not in kinds:
            return cells
        parted = cells if len(kinds) == 1 else [cell for cell in cells if cell.__class__ is float]
        if any(map(float.is_integer, parted)):
            return map(plain_cell, cells)
        # The same amount again takes no further room: it is kept once.
        return map(self._amounts.setdefault, cells, cells) if len(self._amounts) < _KEPT_VALUES else cells


def _texts(cells: Sequence[Any]) -> Iterable[Cell]:
    stripped = [cell.strip() if cell else None for cell in cells]
    as_it_is = "" not in stripped and "_x" not in "".join(filter(None, stripped))
    return stripped if as_it_is else map(streamed_cell, cells)
