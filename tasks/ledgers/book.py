"""The month's ledger as plain values: what the rules decided and the workbook writes.

Money in fen; None is an empty cell. Standard library only.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

CellValue = str | int | bool | date | None


@dataclass(frozen=True)
class Difference:
    """Expected less received of one line; `result` is the 差额处理结果, empty while nobody has decided."""

    kind: str
    expected: int
    received: int
    result: str
    open: bool

    @property
    def amount(self) -> int:
        return self.expected - self.received

    @property
    def outstanding(self) -> int:
        return max(0, self.amount) if self.open else 0

    @property
    def over_receipt(self) -> int:
        """B of domain 1.7: too much on this line, and nobody has said why."""
        return max(0, -self.amount) if not self.result else 0


@dataclass(frozen=True)
class Settlement:
    """What the customer still has to do with a repair: on its lead row only."""

    deposit: int = 0
    deposit_on: date | None = None
    releasable: int = 0
    topup_due: int = 0
    approved: int = 0


@dataclass(frozen=True)
class LedgerRow:
    """One row: `cells` holds a value for each column's field; the rest feeds the other sheets."""

    claim_no: str
    cells: Mapping[str, CellValue]
    insurer_group: str
    accepted: date | None
    opened: bool
    closed: bool
    still_open: bool
    carried: bool
    lead: bool
    differences: tuple[Difference, ...] = ()
    settlement: Settlement = Settlement()

    def amount(self, field: str) -> int:
        """A money cell in fen; an empty one is zero."""
        value = self.cells[field]
        return value if isinstance(value, int) else 0

    def text(self, field: str) -> str:
        value = self.cells[field]
        return value if isinstance(value, str) else ""

    def day(self, field: str) -> date | None:
        value = self.cells[field]
        return value if isinstance(value, date) else None

    @property
    def outstanding(self) -> int:
        return sum(difference.outstanding for difference in self.differences)

    @property
    def over_receipt(self) -> int:
        return sum(difference.over_receipt for difference in self.differences)


class _Totals(dict[str, int]):
    """The sum of a money column, once it was asked for."""

    def __init__(self, rows: Sequence[LedgerRow]) -> None:
        super().__init__()
        self.rows = rows

    def __missing__(self, field: str) -> int:
        cells = (row.cells[field] for row in self.rows)
        total = self[field] = sum(value for value in cells if isinstance(value, int))
        return total


@dataclass(frozen=True)
class InsurerLine:
    """What one insurer group owes the shop at the end of the period."""

    group: str
    opened: int
    closed: int
    still_open: int
    expected: int
    received: int
    received_in_period: int
    outstanding: int
    over_receipt: int


@dataclass(frozen=True)
class Bucket:
    """Days since 接案, both ends included; `since` None = not accepted yet, `upto` None = no end."""

    label: str
    since: int | None
    upto: int | None

    def holds(self, age: int | None) -> bool:
        if age is None or self.since is None:
            return age is None and self.since is None
        return self.since <= age and (self.upto is None or age <= self.upto)


@dataclass(frozen=True)
class AgeLine:
    """Outstanding money of one bucket: cases, fen, and the fen per insurer group in the summary's order."""

    bucket: Bucket
    count: int
    outstanding: int
    by_group: tuple[int, ...]


@dataclass(frozen=True)
class ResultLine:
    """How many differences have one 差额处理结果, and their sum."""

    result: str
    count: int
    amount: int


Plain = str | int | bool | None
"""A cell's value without its type: a date is YYYY-MM-DD."""


@dataclass(frozen=True)
class Correction:
    """One cell of a closed month that is different now: where it stood in which issue, why and by whom."""

    claim_no: str
    month: str
    issue: str
    """The number and revision of the workbook that it corrects."""
    position: int
    """Its row there, from 1; 0 = the case was not in it."""
    field: str
    was: Plain
    now: Plain
    because: str
    by: str
    recorded_on: date | None


@dataclass(frozen=True)
class LedgerBook:
    """The month of one shop: `as_of` is the last day whose facts are shown."""

    shop: str
    month: str
    first: date
    as_of: date
    built_on: date
    rows: tuple[LedgerRow, ...]
    insurers: tuple[InsurerLine, ...]
    ageing: tuple[AgeLine, ...]
    results: tuple[ResultLine, ...]
    corrections: tuple[Correction, ...] = ()
    """Changes to earlier months that were closed."""
    issue: str = ""
    """Number and revision of an issued workbook; '' = a draft."""
    masked: bool = False
    known_on: date | None = None
    """The business date up to which what was recorded is in it; None = all of it."""

    @property
    def title(self) -> str:
        return f"{self.shop}保险理赔台账"

    @property
    def edition(self) -> str:
        """What it is, as its footer says."""
        return self.issue or ("当时所知" if self.known_on else "草稿")

    def total(self, field: str) -> int:
        """The sum of a money column over all rows, in fen."""
        return self._totals[field]

    @cached_property
    def _totals(self) -> _Totals:
        return _Totals(self.rows)
