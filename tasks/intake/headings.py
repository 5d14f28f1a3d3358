"""Finding a ledger's headings by their words: where they stand, and which column each one means.

A sheet is given as its rows of cells and its merged areas (first row, first column, last row, last column;
0-based, ends included). Nothing here depends on positions: bands, order and extra columns may differ.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property

from models.values import half_width
from tasks.intake.columns import BY_FIELD, COLUMNS, Column

Rows = Sequence[Sequence[object]]
Merged = Sequence[tuple[int, int, int, int]]

Remembered = Mapping[str, str | None]
"""What people have said of headings, by `key_of` or `plain`: the field meant, or None for no column."""

SEARCHED_ROWS = 20
BANDS_ABOVE = 3
FEWEST_HEADINGS = 3
LONGEST_KEY = 64
MARKS = dict.fromkeys(map(ord, "*::,、/_-."))


class How(StrEnum):
    """How it was decided what a heading means."""

    REMEMBERED = "remembered"  # a person said so of this shop's ledgers
    BAND = "band"  # an exact word, under the band that it needs
    ALIAS = "alias"  # an exact word
    NEIGHBOURS = "neighbours"  # an exact word of several columns, told by those beside it


@dataclass(frozen=True)
class Headings:
    """The heading row (0-based), where each field stands, and what was found beside the known columns.

    `ignored` are headings that mean no column, or one already found: (column, text). `missing` are the
    essential headings that were not found; a sheet with any can't be read. `how` says of each field how it
    was decided, `keys` of each column under which key its heading is remembered, `settled` are the columns
    of which a person said that they mean nothing, `bands` the words above them.
    """

    row: int
    places: dict[str, int]
    texts: dict[int, str]
    ignored: tuple[tuple[int, str], ...]
    missing: tuple[str, ...]
    how: dict[str, How] = field(default_factory=dict)
    keys: dict[int, str] = field(default_factory=dict)
    settled: frozenset[int] = frozenset()
    bands: frozenset[str] = frozenset()

    @cached_property
    def known(self) -> frozenset[str]:
        """The plain words of the headings and of the bands above: a page may repeat them."""
        return self.bands | {plain(text) for text in self.texts.values()}


def plain(cell: object) -> str:
    """A heading as it is compared: half width, no blanks and marks, 帐 as 账, 其他 as 其它."""
    text = "".join(half_width(str(cell)).translate(MARKS).split()) if cell is not None else ""
    return text.casefold().replace("帐", "账").replace("其他", "其它")


def readings(cell: object) -> tuple[str, ...]:
    """A heading and, with a note in brackets, the heading without brackets and without the note."""
    text = plain(cell)
    return text, re.sub(r"[()\[\]【】〔〕]", "", text), re.sub(r"[(\[【〔].*?[)\]】〕]", "", text)


def _unique() -> dict[str, Column]:
    words = [(word, column) for column in COLUMNS for word in (column.heading, *column.synonyms.split())]
    names = [(plain(word), column) for word, column in words if word not in column.shared.split()]
    return {key: column for name, column in names for key in (name, re.sub(r"[()]", "", name))}


def _shared() -> dict[str, tuple[Column, ...]]:
    words = {plain(word) for column in COLUMNS for word in column.shared.split()}
    return {
        word: tuple(each for each in COLUMNS if word in map(plain, each.shared.split())) for word in words
    }


UNIQUE, SHARED = _unique(), _shared()


def find_headings(rows: Rows, merged: Merged, remembered: Remembered | None = None) -> Headings | None:
    """The headings of a sheet, or None where fewer than three are recognised in its first 20 rows."""
    near = [area for area in merged if area[0] < SEARCHED_ROWS]
    searched = range(min(SEARCHED_ROWS, len(rows)))
    candidates = [_at(rows, near, row, remembered or {}) for row in searched]
    best = max(candidates, key=lambda found: len(found.places), default=None)
    return best if best is not None and len(best.places) >= FEWEST_HEADINGS else None


def _at(rows: Rows, merged: Merged, row: int, remembered: Remembered) -> Headings:
    leaves = {column: text for column in range(len(rows[row])) if (text := _leaf(rows, merged, row, column))}
    bands = {column: _bands(rows, merged, row, column) for column in leaves}
    said = {
        at: remembered[key]
        for at, text in leaves.items()
        if (key := next((key for key in _keys(text, bands[at]) if key in remembered), None)) is not None
    }
    settled = frozenset(at for at, meant in said.items() if meant not in BY_FIELD)
    meanings = {at: (BY_FIELD[meant], How.REMEMBERED) for at, meant in said.items() if meant in BY_FIELD}
    unsaid = {at: text for at, text in leaves.items() if at not in said}
    meanings |= _meanings(unsaid, bands.__getitem__, meanings)
    places: dict[str, int] = {}
    for column, (meaning, _) in sorted(
        meanings.items(), key=lambda item: (item[1][1] is not How.REMEMBERED, item[0])
    ):
        places.setdefault(meaning.field, column)
    taken = set(places.values())
    return Headings(
        row,
        places,
        leaves,
        tuple((column, text) for column, text in leaves.items() if column not in taken),
        tuple(each.heading for each in COLUMNS if each.essential and each.field not in places),
        {name: meanings[column][1] for name, column in places.items()},
        {at: key_of(at, leaves, bands) for at in leaves},
        settled,
        frozenset(band for above in bands.values() for band in above),
    )


def key_of(at: int, leaves: Mapping[int, str], bands: Mapping[int, Sequence[str]]) -> str:
    """What a heading is remembered by: its own words, and its band where a sheet has it more than once."""
    name = plain(leaves[at])
    if [plain(text) for text in leaves.values()].count(name) > 1 and bands[at]:
        name = f"{bands[at][0]}/{name}"
    return name[:LONGEST_KEY]


def _keys(text: str, bands: Sequence[str]) -> list[str]:
    return [key[:LONGEST_KEY] for key in (*(f"{band}/{plain(text)}" for band in bands), plain(text))]


def _leaf(rows: Rows, merged: Merged, row: int, column: int) -> str:
    """The heading in this column: in the row or, where that is empty, in a cell reaching down to it."""
    for above in range(row, max(row - BANDS_ABOVE, -1), -1):
        cell = rows[above][column] if column < len(rows[above]) else None
        if isinstance(cell, str) and cell.strip():
            return "" if above < row and _wide(merged, above, column) else cell.strip()
        if cell is not None:
            return ""
    return ""


def _wide(merged: Merged, row: int, column: int) -> bool:
    return any(
        top <= row <= bottom and left <= column <= right and right > left
        for top, left, bottom, right in merged
    )


def _bands(rows: Rows, merged: Merged, row: int, column: int) -> list[str]:
    """The bands above a heading, nearest first, each carried rightwards over its merged or empty cells."""
    above = range(row - 1, max(row - 1 - BANDS_ABOVE, -1), -1)
    texts = [_carried(rows, merged, each, column) for each in above]
    return [plain(text) for text in texts if text]


def _carried(rows: Rows, merged: Merged, row: int, column: int) -> str:
    if sum(cell is not None for cell in rows[row]) < 2:  # a lone cell is the sheet's title, not a band
        return ""
    for left in range(min(column, len(rows[row]) - 1), -1, -1):
        cell = rows[row][left]
        if isinstance(cell, str) and cell.strip():
            ends = [area[3] for area in merged if area[0] <= row <= area[2] and area[1] <= left <= area[3]]
            return cell if not ends or max(ends) >= column else ""
    return ""


def _meanings(
    leaves: Mapping[int, str],
    bands_of: Callable[[int], Sequence[str]],
    known: Mapping[int, tuple[Column, How]],
) -> dict[int, tuple[Column, How]]:
    """Each heading's column: by its band, by its own words, else by the columns beside it."""
    sure = dict(known)
    sure |= {at: found for at, text in leaves.items() if (found := _sure(text, bands_of(at))) is not None}
    for at, text in leaves.items():
        if at not in sure and (near := _beside(at, _candidates(text), sure)) is not None:
            sure[at] = near, How.NEIGHBOURS
    return dict(sorted(sure.items()))


def _sure(text: str, bands: Sequence[str]) -> tuple[Column, How] | None:
    for band in bands:
        under = [each for each in _candidates(text) if any(word in band for word in each.bands.split())]
        if len(under) == 1:
            return under[0], How.BAND
    return next(((UNIQUE[reading], How.ALIAS) for reading in readings(text) if reading in UNIQUE), None)


def _candidates(text: str) -> tuple[Column, ...]:
    return next((SHARED[reading] for reading in readings(text) if reading in SHARED), ())


def _beside(at: int, candidates: tuple[Column, ...], sure: Mapping[int, tuple[Column, How]]) -> Column | None:
    """Of the candidates still free, the one nearest behind the column to the left; else the first."""
    taken = {column.number for column, _ in sure.values()}
    free = [each for each in candidates if each.number not in taken]
    left = next((sure[place][0].number for place in range(at - 1, -1, -1) if place in sure), 0)
    return min(free, key=lambda each: (abs(each.number - left - 1), each.number), default=None)
