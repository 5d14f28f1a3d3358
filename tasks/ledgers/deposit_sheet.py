"""Sheet 押金与未领退款: deposits still held, and refunds that have not reached the customer."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from tasks.ledgers.book import LedgerBook, LedgerRow
from tasks.ledgers.layout import A4, Page, headings, nothing, set_up_page, signatures, title_block, widths
from tasks.ledgers.pen import Pen, Style

TITLE = "押金与未领退款"
HEADING_ROW = 3
# 车辆 and not 车牌号: a sheet with both headings is read as a ledger when the workbook is brought back.
_HEADINGS = (
    "派工单号", "理赔编号", "车辆", "被保险人", "收取/到账日期", "押金/应退金额", "已退金额", "余额",
    "保险未回款", "现可退金额",
)  # fmt: skip
_WHO = ("work_order_no", "claim_no", "plate_no", "insured_name")
COLUMNS = len(_HEADINGS)


@dataclass(frozen=True)
class Deposits:
    """Where the totals stand."""

    refund_total_row: int

    @property
    def refund_open(self) -> str:
        return f"'{TITLE}'!$H${self.refund_total_row}"


@dataclass(frozen=True)
class Line:
    """A repair with an amount (fen), how much of it has gone back, and what its insurers still owe."""

    row: LedgerRow
    on: date | None
    amount: int
    gone: int
    owed: int

    @property
    def sums(self) -> tuple[int, ...]:
        """Columns F to J."""
        return self.amount, self.gone, self.amount - self.gone, self.owed, self.row.settlement.releasable


def write(pen: Pen, book: LedgerBook) -> Deposits:
    """Write the sheet; a repair stands on it once, on its lead row."""
    title_block(pen, book, f"{book.title}押金与未领退款表", COLUMNS)
    headings(pen, HEADING_ROW, _HEADINGS)
    first = HEADING_ROW + 1
    after = _section(pen, first, "一、押金余额（维修未结、押金仍在本店）", deposits_held(book))
    end = _section(pen, after, "二、应退未退客户款（负数为多退，应收回）", refunds_open(book))
    signatures(pen, end, COLUMNS)
    widths(pen, (13, 14, 11, 12, 13, 14, 13, 14, 14, 14))
    set_up_page(pen, book, Page(A4, HEADING_ROW, COLUMNS, f"A{first}"))
    return Deposits(end - 1)


def deposits_held(book: LedgerBook) -> list[Line]:
    """Deposits of repairs with an open case, less what has gone back to the customer."""
    busy = {_repair(row) for row in book.rows if row.still_open}
    owed = _owed(book)
    lines = [
        Line(row, row.settlement.deposit_on, row.settlement.deposit, _refunded(row), owed[_repair(row)])
        for row in book.rows
        if row.lead and _repair(row) in busy
    ]
    return [line for line in lines if line.amount > line.gone]


def refunds_open(book: LedgerBook) -> list[Line]:
    """What is due to customers and has not reached them."""
    owed = _owed(book)
    return [
        Line(
            row, row.day("payout_received_date"), row.amount("refund_due_amount"), _refunded(row),
            owed[_repair(row)],
        )
        for row in book.rows if row.amount("refund_open")
    ]  # fmt: skip


def _owed(book: LedgerBook) -> dict[str, int]:
    owed: dict[str, int] = {}
    for row in book.rows:
        owed[_repair(row)] = owed.get(_repair(row), 0) + row.outstanding
    return owed


def _section(pen: Pen, row: int, label: str, lines: Sequence[Line]) -> int:
    """Returns the row after the totals."""
    pen.merge(row, 1, COLUMNS, label, Style.SECTION)
    pen.sheet.row_dimensions[row].height = 24
    first = row + 1
    for number, line in enumerate(lines, start=first):
        for column, field in enumerate(_WHO, start=1):
            pen.text(number, column, line.row.text(field))
        pen.day(number, 5, line.on)
        amount, gone, left, owed, releasable = line.sums
        pen.money(number, 6, amount)
        pen.money(number, 7, gone)
        pen.sum_money(number, 8, f"F{number}-G{number}", left)
        pen.money(number, 9, owed)
        pen.money(number, 10, releasable)
    if not lines:
        nothing(pen, first, COLUMNS)
    total = first + max(1, len(lines))
    _totals(pen, first, total, lines)
    return total + 1


def _totals(pen: Pen, first: int, total: int, lines: Sequence[Line]) -> None:
    for column in range(1, COLUMNS + 1):
        pen.text(total, column, "合计" if column == 1 else "", Style.TOTAL)
    for place, letter in enumerate("FGHIJ"):
        value = sum(line.sums[place] for line in lines)
        pen.sum_money(total, place + 6, f"SUM({letter}{first}:{letter}{total - 1})", value, Style.TOTAL_MONEY)


def _refunded(row: LedgerRow) -> int:
    return row.amount("refund_paid_amount")


def _repair(row: LedgerRow) -> str:
    return row.text("work_order_no") or row.claim_no
