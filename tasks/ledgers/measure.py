"""How much room text takes, in characters of the default font: for widths that never show ####."""

import math
import unicodedata
from collections.abc import Iterable, Sequence

WIDE, NARROW = 1.75, 0.88
PADDING = 1.0
LINE_HEIGHT = 12.0  # points, for the 9-point font of the rows


class _Letters(dict[str, float]):
    """The width of every letter met so far."""

    def __missing__(self, letter: str) -> float:
        width = self[letter] = WIDE if unicodedata.east_asian_width(letter) in "WFA" else NARROW
        return width


_LETTERS = _Letters()


def room(text: str) -> float:
    """The width of a line of text: an East Asian character takes two places."""
    if text.isascii():
        return len(text) * NARROW
    return sum(map(_LETTERS.__getitem__, text))


def width_for(texts: Iterable[str]) -> float:
    """The column width in which the longest of `texts` stands on one line."""
    return round(max((room(text) for text in texts), default=0) + PADDING, 1)


def lines(text: str, width: float) -> int:
    """How many lines `text` takes in a column."""
    free = max(1.0, width - PADDING)
    needed = room(text)
    return 1 if needed <= free else math.ceil(needed / free)


def lines_of(texts: Sequence[str], width: float) -> list[int]:
    """The same of many texts; of ASCII letters one is as wide as another."""
    if not "".join(texts).isascii():
        return [lines(text, width) for text in texts]
    by_length = {length: lines("0" * length, width) for length in set(map(len, texts))}
    return [by_length[len(text)] for text in texts]


def most_letters(width: float) -> int:
    """So many letters stand on one line of a column, whatever they are."""
    return int(max(1.0, width - PADDING) / WIDE)


def height_for(cells: Iterable[tuple[str, float]]) -> float:
    """The height in points of a row whose cells hold (text, width of the column)."""
    return LINE_HEIGHT * max((lines(text, width) for text, width in cells), default=1) + 3
