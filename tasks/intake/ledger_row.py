"""One row of a ledger as values, and the finding that says what could not be taken as it stands."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from operator import itemgetter
from typing import NamedTuple, Self

from models.words import Severity
from tasks.intake.cells import Value
from tasks.intake.columns import BY_FIELD


@dataclass(frozen=True, eq=False)
class Layout:
    """Of one sheet: the column (from 0) of each field, and its place among the values of a row."""

    sheet: str
    places: Mapping[str, int]
    at: Mapping[str, int]


def layout_of(sheet: str, places: Mapping[str, int]) -> Layout:
    """The layout of a sheet whose fields stand at `places`; values are in the form's order."""
    read = [name for name in BY_FIELD if name in places]
    return Layout(sheet, places, {name: at for at, name in enumerate(read)})


class LedgerRow(NamedTuple):
    """One case: its values (fen, dates; one None behind them) and the cells of the row as they stood.

    `row` counts as the spreadsheet does, from 1. There may be a hundred thousand of these: they hold no more
    than they must.
    """

    layout: Layout
    row: int
    said: tuple[Value, ...]
    stood: Sequence[object]
    more: tuple["LedgerRow", ...] = ()
    """Rows right below that only add payouts to this case."""

    @classmethod
    def of(cls, sheet: str, row: int, values: Mapping[str, Value]) -> Self:
        """A row whose cells say just these values, by field name (columns.py)."""
        layout = layout_of(sheet, {name: place for place, name in enumerate(values)})
        return cls(layout, row, (*(values[name] for name in layout.at), None), tuple(values.values()))

    @property
    def sheet(self) -> str:
        return self.layout.sheet

    @property
    def values(self) -> dict[str, Value]:
        return dict(zip(self.layout.at, self.said, strict=False))

    @property
    def cells(self) -> dict[str, object]:
        return {name: self.stood[place] for name, place in self.layout.places.items()}

    def value(self, name: str) -> Value:
        return self.said[self.layout.at.get(name, -1)]

    def cell(self, name: str) -> object:
        place = self.layout.places.get(name)
        return None if place is None else self.stood[place]

    def text(self, name: str) -> str | None:
        value = self.said[self.layout.at.get(name, -1)]
        return value if isinstance(value, str) else None

    def money(self, name: str) -> int | None:
        value = self.said[self.layout.at.get(name, -1)]
        return value if isinstance(value, int) and not isinstance(value, bool) else None

    def day(self, name: str) -> date | None:
        value = self.value(name)
        return value if isinstance(value, date) else None

    def flag(self, name: str) -> bool | None:
        value = self.value(name)
        return value if isinstance(value, bool) else None

    @property
    def claim_no(self) -> str:
        return self.text("claim_no") or ""

    def with_values(self, values: Mapping[str, Value]) -> Self:
        """The row with other values, also for fields that its sheet has no column for."""
        said = {**self.values, **values}
        layout = Layout(self.sheet, self.layout.places, {name: at for at, name in enumerate(said)})
        return self._replace(layout=layout, said=(*said.values(), None))


def picked(rows: Sequence[LedgerRow], *names: str) -> Iterator[tuple[Value, ...]]:
    """Some values (two fields or more) of each row, None where a sheet has no such column."""
    pick: dict[Layout, Callable[[Sequence[Value]], tuple[Value, ...]]] = {}
    for row in rows:
        if row.layout not in pick:
            pick[row.layout] = itemgetter(*(row.layout.at.get(name, -1) for name in names))
        yield pick[row.layout](row.said)


@dataclass(frozen=True)
class Finding:
    """What could not be taken as it stands: where (row from 1, column from 0), why, and what to do."""

    code: str
    severity: Severity
    sheet: str
    row: int
    why: str
    remedy: str
    column: int | None = None
    heading: str = ""
    value: str = ""
    cells: Mapping[str, object] | None = None


def finding_on(
    row: LedgerRow, name: str, code: str, *, why: str, remedy: str, severity: Severity = Severity.NOTE
) -> Finding:
    """A finding on one field of a row; it keeps the row as it stood, so that nothing is lost."""
    cell = row.cell(name)
    return Finding(
        code, severity, row.sheet, row.row, why, remedy, row.layout.places.get(name), BY_FIELD[name].heading,
        "" if cell is None else str(cell), row.cells,
    )  # fmt: skip
