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
_TRIED = 10_000
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
    """What cells of a column are when plain, as long as the same ones come again and again."""

    def __init__(self, kinds: tuple[type, ...]) -> None:
        super().__init__()
        self._kinds, self._seen = kinds, 0
        self.repeats = True

    def __missing__(self, cell: Any) -> Cell:
        plain = streamed_cell(cell)
        if isinstance(cell, self._kinds) and len(self) < _KEPT_VALUES:
            self[cell] = plain
        return plain

    def plain(self, cells: Sequence[Any]) -> list[Cell]:
        found = list(map(self.__getitem__, cells))
        self._seen += len(cells)
        self.repeats = self._seen < _TRIED or len(self) * 10 < self._seen * 9
        if not self.repeats:
            self.clear()
        return found


class StreamedColumn:
    """Makes a column plain, stretch by stretch, with as little as its cells need.

    Most columns say the same few things again and again: those are made plain once, and kept once in memory.
    Where every row differs, what must be done is asked of the whole stretch.
    """

    def __init__(self) -> None:
        self._words = _Once((str, date))
        # Apart, because 1 equals True: here a number never meets a mark.
        self._amounts = _Once((int, float))

    def plain(self, cells: Sequence[Any]) -> Iterable[Cell]:
        """The cells, made plain."""
        if self._words.repeats and isinstance(cells[0], str | date):
            return self._words.plain(cells)
        kinds = {*map(type, cells)}
        if kinds <= _NUMBERS:
            return self._numbers(cells) if float in kinds else cells
        if self._words.repeats:
            return self._words.plain(cells)
        return _texts(cells) if kinds <= _WORDS else map(streamed_cell, cells)

    def _numbers(self, cells: Sequence[Any]) -> Iterable[Cell]:
        if self._amounts.repeats:
            return self._amounts.plain(cells)
        return [each if each.__class__ is not float or each % 1 else plain_cell(each) for each in cells]


def _texts(cells: Sequence[Any]) -> Iterable[Cell]:
    stripped = [cell.strip() if cell else None for cell in cells]
    as_it_is = "" not in stripped and "_x" not in "".join(filter(None, stripped))
    return stripped if as_it_is else map(streamed_cell, cells)
