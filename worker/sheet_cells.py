"""Cells as readers of workbooks give them, made plain: one at a time, or a stretch of a column at once."""

import gc
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime, time, timedelta
from typing import Any, TypeVar

Cell = str | int | float | bool | datetime | date | time | None

_EXACT_INTEGERS = 2**53
_MIDNIGHT = time(0)
# Excel writes signs that XML forbids as _x0007_, and an underscore that would look like it as _x005F_.
_ESCAPED = re.compile("_x00([0-9A-Fa-f]{2})_")
T = TypeVar("T")

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


@contextmanager
def many_cells() -> Iterator[None]:
    """Millions of cells hold nothing that could be garbage in a ring: the search for it waits."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def column_of(letters: str) -> int:
    """ "AA" -> 26: columns count from 0."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number - 1


def letters_of(column: int) -> str:
    """26 -> "AA"."""
    letters, column = "", column + 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


class Once(dict[Any, T]):
    """What values are when `read`, each read and kept once, as long as the same ones come again and again.

    0 and 1 are read each time, because they equal False and True.
    """

    def __init__(self, read: Callable[[Sequence[Any]], Sequence[T]]) -> None:
        super().__init__()
        self._read, self._seen = read, 0
        self.repeats = True

    def __missing__(self, value: Any) -> T:
        (plain,) = self._read((value,))
        if value not in (0, 1) and len(self) < _KEPT_VALUES:
            self[value] = plain
        return plain

    def plain(self, values: Sequence[Any]) -> Sequence[T]:
        """The values, read."""
        if not self.repeats:
            return self._read(values)
        found = list(map(self.__getitem__, values))
        self._seen += len(values)
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
        self._words, self._amounts = Once(_words), Once(whole_as_int)

    def plain(self, cells: Sequence[Any]) -> Sequence[Cell]:
        """The cells, made plain."""
        if self._words.repeats and isinstance(cells[0], str | date):
            return self._words.plain(cells)
        kinds = {*map(type, cells)}
        if kinds <= _NUMBERS:
            return self._amounts.plain(cells) if float in kinds else cells
        return self._words.plain(cells) if kinds <= _WORDS or self._words.repeats else _each(cells)


def whole_as_int(numbers: Iterable[Any]) -> list[Cell]:
    """Numbers with the whole ones as int."""
    return [each if each.__class__ is not float or each % 1 else plain_cell(each) for each in numbers]


def _words(cells: Sequence[Any]) -> Sequence[Cell]:
    if not {*map(type, cells)} <= _WORDS:
        return _each(cells)
    stripped = [cell.strip() if cell else None for cell in cells]
    as_it_is = "" not in stripped and "_x" not in "".join(filter(None, stripped))
    return stripped if as_it_is else _each(cells)


def _each(cells: Sequence[Any]) -> Sequence[Cell]:
    return [streamed_cell(cell) for cell in cells]
