"""The rows of one ledger sheet: which of them are cases, and what their cells say.

A row with a cell that cannot be read is left out whole, as findings; totals, notes, signatures and blank
rows are passed over.
"""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
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
    for number, cells in filled(rows, merged, headings).items():
        if (other := other_kind(rows[number], cells, headings)) is not None:
            passed_over[other] += 1
            continue
        row, problems = _read(LedgerRow(sheet, number + 1, {}, cells, headings.places), today)
        if last is not None and _adds_payout(rows[number], headings, problems):
            read[-1] = last = replace(last, more=(*last.more, row))
            continue
        findings += problems
        left_out = any(problem.severity is Severity.ROW_LEFT_OUT for problem in problems)
        last = None if left_out else row
        read += [] if left_out else [row]
    return SheetRows(tuple(read), tuple(findings), dict(passed_over))


def _adds_payout(row: Sequence[object], headings: Headings, problems: Sequence[Finding]) -> bool:
    """A row that names no claim and holds nothing but a payout: the claim above was paid once more."""
    told = {field for field, at in headings.places.items() if at < len(row) and _says(row[at])}
    only_nameless = [problem.code for problem in problems] == ["empty_cell"]
    return only_nameless and told <= PAYOUT_FIELDS and "payout_received_amount" in told


def filled(rows: Rows, merged: Merged, headings: Headings) -> dict[int, Cells]:
    """The cells of each data row (from 0) by field; what is merged downwards is said of each row below."""
    found: dict[int, Cells] = {
        number: {field: row[at] if at < len(row) else None for field, at in headings.places.items()}
        for number, row in enumerate(rows)
        if number > headings.row
    }
    fields = {at: BY_FIELD[field] for field, at in headings.places.items()}
    for top, left, bottom, _ in merged:
        if top in found and bottom > top and left in fields and _said_of_all(fields[left]):
            for number in range(top + 1, min(bottom + 1, len(rows))):
                found[number][fields[left].field] = found[top][fields[left].field]
    return found


def _said_of_all(column: Column) -> bool:
    # A bill or a receipt over two rows is one bill or receipt: it stays on the first (domain 1.8, 7).
    return 1 < column.number <= 33 and column.kind is not Kind.MONEY and not column.on_lead


def other_kind(row: Sequence[object], cells: Cells, headings: Headings) -> str | None:
    """What a row is if it is no case: blank, total, heading or note; None for a case, however broken."""
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
    if only_words and len(told) <= 3 and not _is_number(claim_no) and not cells.get("plate_no"):
        return "note"
    return None


def _says(cell: object) -> bool:
    """Whether a cell says anything: a formula dragged down leaves zeros behind."""
    return bool(cell.strip()) if isinstance(cell, str) else cell not in (None, 0)


def _meant_as_amount(field: str, text: str) -> bool:
    is_money = BY_FIELD[field].kind is Kind.MONEY
    return is_money and NUMERAL.search(text) is not None and ":" not in half_width(text)


def _is_number(cell: object) -> bool:
    text = plain(cell)
    return len(text) <= CLAIM_NO_LENGTH and any(sign.isdecimal() for sign in text) and ":" not in str(cell)


def _read(row: LedgerRow, today: date) -> tuple[LedgerRow, list[Finding]]:
    values: dict[str, Value] = {}
    problems: list[Finding] = []
    for column in COLUMNS:
        if column.field not in row.places:
            continue
        try:
            values[column.field] = _value(row.cells[column.field], column, today)
        except UnreadableValue as why:
            values[column.field] = None
            problems.append(_unreadable(row, column, str(why)))
    return LedgerRow(row.sheet, row.row, values, row.cells, row.places), problems


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
