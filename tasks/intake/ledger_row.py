"""One row of a ledger as values, and the finding that says what could not be taken as it stands."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from models.words import Severity
from tasks.intake.cells import Value
from tasks.intake.columns import BY_FIELD


@dataclass(frozen=True)
class LedgerRow:
    """One case: values by field name (columns.py; fen, dates), the cells as they stood, and their places.

    `row` counts as the spreadsheet does, from 1; `places` are columns from 0.
    """

    sheet: str
    row: int
    values: Mapping[str, Value]
    cells: Mapping[str, object]
    places: Mapping[str, int]
    more: tuple["LedgerRow", ...] = ()
    """Rows right below that only add payouts to this case."""

    def text(self, field: str) -> str | None:
        value = self.values.get(field)
        return value if isinstance(value, str) else None

    def money(self, field: str) -> int | None:
        value = self.values.get(field)
        return value if isinstance(value, int) and not isinstance(value, bool) else None

    def day(self, field: str) -> date | None:
        value = self.values.get(field)
        return value if isinstance(value, date) else None

    def flag(self, field: str) -> bool | None:
        value = self.values.get(field)
        return value if isinstance(value, bool) else None

    @property
    def claim_no(self) -> str:
        return self.text("claim_no") or ""


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
    row: LedgerRow, field: str, code: str, *, why: str, remedy: str, severity: Severity = Severity.NOTE
) -> Finding:
    """A finding on one field of a row; it keeps the row as it stood, so that nothing is lost."""
    cell = row.cells.get(field)
    return Finding(
        code, severity, row.sheet, row.row, why, remedy, row.places.get(field), BY_FIELD[field].heading,
        "" if cell is None else str(cell), row.cells,
    )  # fmt: skip
