"""Finding the heading rows of a statement among titles, labels and totals."""

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time

from models.values import half_width
from tasks.statements.layout import Layout, Meaning

Cell = str | int | float | bool | datetime | date | time | None
Rows = Sequence[Sequence[Cell]]

SEARCHED_ROWS = 20
_BRACKETS = str.maketrans("【】〔〕帐–—―－", "[]()账----")
_FOREIGN = re.compile(r"\[[^\]]*\]")  # 交易金额[ Trade Amount ]
_UNIT = re.compile(r"(\((元|人民币|人民币元|cny|rmb)\)|/元)$")


@dataclass(frozen=True)
class Table:
    """A layout laid over rows: which column holds what; `first` is the first row after the headings."""

    layout: Layout
    first: int
    headings: tuple[str, ...]
    columns: Mapping[Meaning, int]
    remarks: tuple[int, ...]
    """Most telling first."""
    kinds: tuple[int, ...]

    @property
    def known(self) -> int:
        return len(self.columns) + len(self.remarks) + len(self.kinds)

    @property
    def mapping(self) -> dict[str, str]:
        """What was taken for what: the meaning and the heading, as it is compared."""
        found = {meaning.value: self.headings[at] for meaning, at in self.columns.items()}
        return found | {"remarks": ", ".join(self.headings[at] for at in self.remarks)}

    def cell(self, row: Sequence[Cell], meaning: Meaning) -> Cell:
        """What the row holds of that meaning; None where the table has no such column."""
        at = self.columns.get(meaning)
        return row[at] if at is not None and at < len(row) else None


def heading(text: object) -> str:
    """A heading as it is compared: half width, one kind of bracket, no blanks, translation or unit."""
    flat = half_width("" if text is None else str(text)).translate(_BRACKETS).casefold()
    flat = "".join(sign for sign in flat if not sign.isspace() and unicodedata.category(sign) != "Cf")
    return _UNIT.sub("", _FOREIGN.sub("", flat).rstrip(":"))


def locate(rows: Rows, layouts: Sequence[Layout]) -> Table | None:
    """The layout and heading row, within the first rows, that explain the most headings."""
    found = (lay_over(layout, first, said) for first, said in candidates(rows) for layout in layouts)
    return max((table for table in found if table), key=lambda table: table.known, default=None)


def candidates(rows: Rows) -> Iterator[tuple[int, tuple[str, ...]]]:
    """Each row as a heading row, alone and with the one below, and the index of the row after it."""
    for at in range(min(SEARCHED_ROWS, len(rows))):
        yield at + 1, tuple(heading(cell) for cell in rows[at])
        if at + 1 < len(rows):
            yield at + 2, tuple(_stacked(rows[at], rows[at + 1]))


def _stacked(upper: Sequence[Cell], lower: Sequence[Cell]) -> Iterator[str]:
    """发生额/元 over 借方 and 贷方 -> 发生额借方, 发生额贷方; a heading of one row stays as it is."""
    above = ""
    for at in range(max(len(upper), len(lower))):
        mine = heading(upper[at]) if at < len(upper) else ""
        below = heading(lower[at]) if at < len(lower) else ""
        above = mine or (above if below else "")
        yield above + below if below and below != above else above


def lay_over(layout: Layout, first: int, said: tuple[str, ...]) -> Table | None:
    """The layout over these headings, or None where something it must have is missing."""
    if layout.exactly and layout.exactly != frozenset(filter(None, said)):
        return None
    columns: dict[Meaning, int] = {}
    for meaning, names in (*layout.columns.items(), *layout.also.items()):
        at = _column(names, said, taken=set(columns.values()))
        if at is not None:
            columns[meaning] = at
    free = _texts(layout.remarks, said, taken=set(columns.values()))
    if layout.columns.keys() - columns.keys() or not free:
        return None
    return Table(layout, first, said, columns, free, _texts(layout.kinds, said, taken=set(columns.values())))


def missing(layout: Layout, said: tuple[str, ...]) -> list[str]:
    """The headings this layout lacks here, each by its first name."""
    lacking = [names[0] for names in layout.columns.values() if _column(names, said, taken=set()) is None]
    return lacking + ([] if _texts(layout.remarks, said, taken=set()) else [" / ".join(layout.remarks[:3])])


def _column(names: Sequence[str], said: Sequence[str], taken: set[int]) -> int | None:
    for name in map(_declared, names):
        for at, text in enumerate(said):
            if text == name and at not in taken:
                return at
    return None


def _texts(names: Sequence[str], said: Sequence[str], taken: set[int]) -> tuple[int, ...]:
    declared = [_declared(name) for name in names]
    known = [at for at, text in enumerate(said) if text in declared and at not in taken]
    return tuple(sorted(known, key=lambda at: declared.index(said[at])))


def _declared(name: str) -> str:
    """A declared heading; a blank in it parts the two rows of a stacked heading."""
    return "".join(heading(part) for part in name.split(" "))


def cell_name(row: int, column: int) -> str:
    """0-based row and column as people name a cell: (6, 1) -> "B7"."""
    letters = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return f"{letters}{row + 1}"
