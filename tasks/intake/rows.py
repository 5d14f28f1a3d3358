"""The rows of one ledger sheet: which of them are cases, and what their cells say.

A row with a cell that cannot be read is left out whole, as findings; totals, notes, signatures and blank
rows are passed over.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import date
from itertools import islice, repeat

from models.words import Severity
from tasks.intake.cell_columns import IDENTIFYING, CellColumn, Unread
from tasks.intake.columns import BY_FIELD, Column, Kind
from tasks.intake.headings import Headings, Merged, Rows
from tasks.intake.ledger_row import Finding, LedgerRow, finding_on, layout_of
from tasks.intake.row_kinds import Cells, other_kind, plainly_a_claim, says

STRETCH = 512
"""Rows that are read at once: few enough to stay in the processor's cache."""
REMEDY = {
    Kind.MONEY: "Write an amount in yuan such as 1234.56",
    Kind.DATE: "Write a date such as 2026-11-05",
    Kind.FLAG: "Write 是 or 否",
    Kind.NUMBER: "Format the cell as text and type the whole number again",
}
PAYOUT_FIELDS = {"payout_received_date", "payout_received_amount", "payout_recorded_by"}


@dataclass(frozen=True)
class SheetRows:
    """What a sheet came to: its rows, its findings, and how many rows of each other kind were passed over."""

    rows: tuple[LedgerRow, ...]
    findings: tuple[Finding, ...]
    passed_over: Mapping[str, int]


def read_rows(sheet: str, rows: Rows, merged: Merged, headings: Headings, today: date) -> SheetRows:
    """Every row below the headings, read as of the business date `today`."""
    layout = layout_of(sheet, headings.places)
    columns = [(CellColumn(BY_FIELD[name], today), headings.places[name]) for name in layout.at]
    taken, passed_over = _Taken(headings, [], []), Counter[str]()
    cases = _cases(rows, merged, headings, passed_over)
    while stretch := list(islice(cases, STRETCH)):
        numbers, stood = zip(*stretch, strict=True)
        cells = list(zip(*stood, strict=True))
        said = [column.read(cells[place]) for column, place in columns]
        made = list(map(LedgerRow, repeat(layout), numbers, zip(*said, repeat(None), strict=False), stood))
        unread = {
            at for (column, _), each in zip(columns, said, strict=True) if column.has_unread
            for at, value in enumerate(each) if isinstance(value, Unread)
        }  # fmt: skip
        if unread:
            taken.add_with_unread(made, unread, rows)
        else:
            taken.add(made)
    return SheetRows(tuple(taken.rows), tuple(taken.findings), dict(passed_over))


@dataclass
class _Taken:
    """The rows of a sheet that go in, and what could not be taken."""

    headings: Headings
    rows: list[LedgerRow]
    findings: list[Finding]
    continues: bool = False
    """Whether the row before went in, so that one may add a payout to it."""

    def add(self, rows: Sequence[LedgerRow]) -> None:
        self.rows += rows
        self.continues = True

    def add_with_unread(self, rows: Sequence[LedgerRow], unread: Set[int], as_they_stood: Rows) -> None:
        """Rows of which some, at `unread`, hold cells that cannot be read."""
        for at, row in enumerate(rows):
            if at in unread:
                self._add_unread(row, as_they_stood[row.row - 1])
            else:
                self.add([row])

    def _add_unread(self, row: LedgerRow, as_it_stood: Sequence[object]) -> None:
        """Without these cells, or left out whole, or as a payout of the row above."""
        unread = {name: str(each) for name, each in row.values.items() if isinstance(each, Unread)}
        problems = [_unreadable(row, BY_FIELD[name], why) for name, why in unread.items()]
        row = row.with_values(dict.fromkeys(unread))
        if self.continues and _adds_payout(as_it_stood, self.headings, problems):
            self.rows[-1] = self.rows[-1]._replace(more=(*self.rows[-1].more, row))
            return
        self.findings += problems
        self.continues = all(problem.severity is not Severity.ROW_LEFT_OUT for problem in problems)
        self.rows += [row] if self.continues else []


def _adds_payout(row: Sequence[object], headings: Headings, problems: Sequence[Finding]) -> bool:
    """A row that names no claim and holds nothing but a payout: the claim above was paid once more."""
    told = {field for field, at in headings.places.items() if at < len(row) and says(row[at])}
    only_nameless = [problem.code for problem in problems] == ["empty_cell"]
    return only_nameless and told <= PAYOUT_FIELDS and "payout_received_amount" in told


def filled(rows: Rows, merged: Merged, headings: Headings) -> dict[int, Cells]:
    """The cells of each data row (from 0) by field; what is merged downwards is said of each row below."""
    return {number: _by_field(row, headings) for number, row in _data_rows(rows, merged, headings)}


def _by_field(row: Sequence[object], headings: Headings) -> Cells:
    return {field: row[at] for field, at in headings.places.items()}


def _cases(
    rows: Rows, merged: Merged, headings: Headings, passed_over: Counter[str]
) -> Iterator[tuple[int, Sequence[object]]]:
    """The rows that are cases, counted as the spreadsheet does; of the others, how many of each kind."""
    place = headings.places["claim_no"]
    names_a_claim = plainly_a_claim(headings)
    for number, row in _data_rows(rows, merged, headings):
        cell = row[place]
        if not (isinstance(cell, str) and names_a_claim(cell)):
            other = other_kind(rows[number], _by_field(row, headings), headings)
            if other is not None:
                passed_over[other] += 1
                continue
        yield number + 1, row


def _data_rows(rows: Rows, merged: Merged, headings: Headings) -> Iterator[tuple[int, Sequence[object]]]:
    from_above = _from_above(rows, merged, headings)
    width = max(headings.places.values(), default=-1) + 1
    for number in range(headings.row + 1, len(rows)):
        row = rows[number]
        if len(row) < width:
            row = (*row, *[None] * (width - len(row)))
        if number in from_above:
            row = [from_above[number].get(at, cell) for at, cell in enumerate(row)]
        yield number, row


def _from_above(rows: Rows, merged: Merged, headings: Headings) -> dict[int, dict[int, object]]:
    """What cells that are merged downwards say of the rows below their first, by column."""
    fields = {at: BY_FIELD[field] for field, at in headings.places.items()}
    found: dict[int, dict[int, object]] = {}
    for top, left, bottom, _ in merged:
        if top > headings.row and bottom > top and left in fields and _said_of_all(fields[left]):
            said = rows[top][left] if top < len(rows) and left < len(rows[top]) else None
            for number in range(top + 1, min(bottom + 1, len(rows))):
                found.setdefault(number, {})[left] = said
    return found


def _said_of_all(column: Column) -> bool:
    # A bill or a receipt over two rows is one bill or receipt: it stays on the first (domain 1.8, 7).
    return 1 < column.number <= 33 and column.kind is not Kind.MONEY and not column.on_lead


def _unreadable(row: LedgerRow, column: Column, why: str) -> Finding:
    """The finding for one cell: a wrong amount, date or mark takes the row with it, a mere text does not."""
    is_text = column.kind in (Kind.TEXT, Kind.PLATE, Kind.NUMBER, Kind.RETURN)
    alone = is_text and column.field not in IDENTIFYING
    severity = Severity.VALUE_LEFT_OUT if alone else Severity.ROW_LEFT_OUT
    code = "empty_cell" if why == "empty" else f"unreadable_{column.kind.value}"
    remedy = "Write the claim's number" if why == "empty" else REMEDY.get(column.kind, "Correct the cell")
    return finding_on(row, column.field, code, why=why, remedy=remedy, severity=severity)
