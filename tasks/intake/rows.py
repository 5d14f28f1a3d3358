"""The rows of one ledger sheet: which of them are cases, and what their cells say.

A row with a cell that cannot be read is left out whole, as findings; totals, notes, signatures and blank
rows are passed over.
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from models.values import UnreadableValue, half_width
from models.words import Severity
from tasks.intake.cells import Value, read_cell
from tasks.intake.columns import BY_FIELD, COLUMNS, Column, Kind
from tasks.intake.headings import Headings, Merged, Rows, plain
from tasks.intake.ledger_row import Finding, LedgerRow, finding_on

Cells = dict[str, object]

TOTAL = re.compile(r"(本页|本月|本年|上页|累计|全年|以上)?(合计|小计|总计|共计|累计|汇总)(金额|数|\(元\))?")
CLAIM_NO_LENGTH = 40
MOST_REMEMBERED = 20_000  # different cells of a column that are read once only
NUMERAL = re.compile(r"[\d一二三四五六七八九十百千万壹贰叁肆伍陆柒捌玖拾佰仟]")
REMEDY = {
    Kind.MONEY: "Write an amount in yuan such as 1234.56",
    Kind.DATE: "Write a date such as 2026-11-05",
    Kind.FLAG: "Write 是 or 否",
    Kind.NUMBER: "Format the cell as text and type the whole number again",
}
# Without these a row is no case, or another one; a long text elsewhere costs that text only.
IDENTIFYING = ("claim_no", "work_order_no")
PAYOUT_FIELDS = {"payout_received_date", "payout_received_amount", "payout_recorded_by"}


@dataclass(frozen=True)
class SheetRows:
    """What a sheet came to: its rows, its findings, and how many rows of each other kind were passed over."""

    rows: tuple[LedgerRow, ...]
    findings: tuple[Finding, ...]
    passed_over: Mapping[str, int]


def read_rows(sheet: str, rows: Rows, merged: Merged, headings: Headings, today: date) -> SheetRows:
    """Every row below the headings, read as of the business date `today`."""
    read: list[LedgerRow] = []
    findings: list[Finding] = []
    passed_over: Counter[str] = Counter()
    last: LedgerRow | None = None
    plan = _plan(headings, today)
    for number, cells in _data_rows(rows, merged, headings):
        if (other := other_kind(rows[number], cells, headings)) is not None:
            passed_over[other] += 1
            continue
        row, problems = _read(sheet, number + 1, cells, headings, plan)
        if problems and last is not None and _adds_payout(rows[number], headings, problems):
            read[-1] = last = replace(last, more=(*last.more, row))
            continue
        findings += problems
        left_out = any(problem.severity is Severity.ROW_LEFT_OUT for problem in problems)
        last = None if left_out else row
        read += [] if left_out else [row]
    return SheetRows(tuple(read), tuple(findings), dict(passed_over))


class _Memo(dict[object, Value]):
    """What the cells of one column say; each different one is read once.

    0 and 1 are read each time, because they equal False and True.
    """

    def __init__(self, column: Column, today: date) -> None:
        super().__init__()
        self.column, self._today = column, today

    def __missing__(self, cell: object) -> Value:
        value = _value(cell, self.column, self._today)
        if cell not in (0, 1) and len(self) < MOST_REMEMBERED:
            self[cell] = value
        return value


Plan = Sequence[tuple[str, _Memo]]


def _plan(headings: Headings, today: date) -> Plan:
    columns = [column for column in COLUMNS if column.field in headings.places]
    return [(column.field, _Memo(column, today)) for column in columns]


def _adds_payout(row: Sequence[object], headings: Headings, problems: Sequence[Finding]) -> bool:
    """A row that names no claim and holds nothing but a payout: the claim above was paid once more."""
    told = {field for field, at in headings.places.items() if at < len(row) and _says(row[at])}
    only_nameless = [problem.code for problem in problems] == ["empty_cell"]
    return only_nameless and told <= PAYOUT_FIELDS and "payout_received_amount" in told


def filled(rows: Rows, merged: Merged, headings: Headings) -> dict[int, Cells]:
    """The cells of each data row (from 0) by field; what is merged downwards is said of each row below."""
    return dict(_data_rows(rows, merged, headings))


def _data_rows(rows: Rows, merged: Merged, headings: Headings) -> Iterator[tuple[int, Cells]]:
    from_above = _from_above(rows, merged, headings)
    places = tuple(headings.places.items())
    width = max(headings.places.values(), default=-1) + 1
    for number in range(headings.row + 1, len(rows)):
        row = rows[number]
        if len(row) < width:
            row = (*row, *[None] * (width - len(row)))
        cells: Cells = {field: row[at] for field, at in places}
        cells.update(from_above.get(number, {}))
        yield number, cells


def _from_above(rows: Rows, merged: Merged, headings: Headings) -> dict[int, Cells]:
    """What cells that are merged downwards say of the rows below their first."""
    fields = {at: BY_FIELD[field] for field, at in headings.places.items()}
    found: dict[int, Cells] = {}
    for top, left, bottom, _ in merged:
        if top > headings.row and bottom > top and left in fields and _said_of_all(fields[left]):
            said = rows[top][left] if top < len(rows) and left < len(rows[top]) else None
            for number in range(top + 1, min(bottom + 1, len(rows))):
                found.setdefault(number, {})[fields[left].field] = said
    return found


def _said_of_all(column: Column) -> bool:
    # A bill or a receipt over two rows is one bill or receipt: it stays on the first (domain 1.8, 7).
    return 1 < column.number <= 33 and column.kind is not Kind.MONEY and not column.on_lead


def other_kind(row: Sequence[object], cells: Cells, headings: Headings) -> str | None:
    """What a row is if it is no case: blank, total, heading or note; None for a case, however broken."""
    if _names_a_claim(cells.get("claim_no"), headings):
        return None
    if not any(_says(cell) for cell in cells.values()):
        return "note" if any(isinstance(cell, str) and cell.strip() for cell in row) else "blank"
    claim_no = cells.get("claim_no")
    texts = [plain(cell) for cell in row if isinstance(cell, str)]
    if any(map(TOTAL.fullmatch, texts)) and (not _says(claim_no) or TOTAL.fullmatch(plain(claim_no))):
        return "total"
    if len([text for text in texts if text in headings.known]) >= 3:
        return "heading"
    told = {field: cell for field, cell in cells.items() if _says(cell)}
    only_words = all(
        isinstance(cell, str) and not _meant_as_amount(field, cell) for field, cell in told.items()
    )
    is_numbered = _is_number(claim_no, plain(claim_no))
    if only_words and len(told) <= 3 and not is_numbered and not cells.get("plate_no"):
        return "note"
    return None


def _names_a_claim(cell: object, headings: Headings) -> bool:
    """Digits that are no heading: such a row is a case, and nothing else of it need be looked at."""
    if not isinstance(cell, str):
        return False
    text = plain(cell)
    return _is_number(cell, text) and text not in headings.known


def _says(cell: object) -> bool:
    """Whether a cell says anything: a formula dragged down leaves zeros behind."""
    return bool(cell.strip()) if isinstance(cell, str) else cell not in (None, 0)


def _meant_as_amount(field: str, text: str) -> bool:
    is_money = BY_FIELD[field].kind is Kind.MONEY
    return is_money and NUMERAL.search(text) is not None and ":" not in half_width(text)


def _is_number(cell: object, text: str) -> bool:
    """Whether a cell holds digits as numbers of claims do; `text` is the cell as it is compared."""
    return len(text) <= CLAIM_NO_LENGTH and any(map(str.isdecimal, text)) and ":" not in str(cell)


def _read(
    sheet: str, number: int, cells: Cells, headings: Headings, plan: Plan
) -> tuple[LedgerRow, list[Finding]]:
    try:
        values = {field: memo[cells[field]] for field, memo in plan}
        return LedgerRow(sheet, number, values, cells, headings.places), []
    except UnreadableValue:
        return _read_with_problems(LedgerRow(sheet, number, {}, cells, headings.places), plan)


def _read_with_problems(row: LedgerRow, plan: Plan) -> tuple[LedgerRow, list[Finding]]:
    values: dict[str, Value] = {}
    problems: list[Finding] = []
    for field, memo in plan:
        try:
            values[field] = memo[row.cells[field]]
        except UnreadableValue as why:
            values[field] = None
            problems.append(_unreadable(row, memo.column, str(why)))
    return replace(row, values=values), problems


def _value(cell: object, column: Column, today: date) -> Value:
    value = read_cell(cell, column.kind, today)
    if isinstance(value, str) and column.field in IDENTIFYING:
        value = "".join(value.split())
    if isinstance(value, str) and len(value) > column.longest:
        raise UnreadableValue(f"longer than {column.longest} characters")
    if value is None and column.field == "claim_no":
        raise UnreadableValue("empty")
    return value


def _unreadable(row: LedgerRow, column: Column, why: str) -> Finding:
    """The finding for one cell: a wrong amount, date or mark takes the row with it, a mere text does not."""
    is_text = column.kind in (Kind.TEXT, Kind.PLATE, Kind.NUMBER, Kind.RETURN)
    alone = is_text and column.field not in IDENTIFYING
    severity = Severity.VALUE_LEFT_OUT if alone else Severity.ROW_LEFT_OUT
    code = "empty_cell" if why == "empty" else f"unreadable_{column.kind.value}"
    remedy = "Write the claim's number" if why == "empty" else REMEDY.get(column.kind, "Correct the cell")
    return finding_on(row, column.field, code, why=why, remedy=remedy, severity=severity)
