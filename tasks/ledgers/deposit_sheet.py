"""Sheet 押金与未领退款: deposits still held, and refunds that have not reached the customer."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from tasks.ledgers.book import LedgerBook, LedgerRow
from tasks.ledgers.layout import A4, Page, headings, set_up_page, signatures, title_block, widths
from tasks.ledgers.pen import Pen, Style

TITLE = "押金与未领退款"
COLUMNS = 9
_WHO = ("work_order_no", "claim_no", "plate_no", "insured_name")
# 车辆 and not 车牌号: a sheet with both headings is read as a ledger when the workbook is brought back.
_WHO_HEADINGS = ("派工单号", "理赔编号", "车辆", "被保险人")


@dataclass(frozen=True)
class Deposits:
    """Where the totals stand."""

    refund_total_row: int

    @property
    def refund_open(self) -> str:
        return f"'{TITLE}'!$H${self.refund_total_row}"


@dataclass(frozen=True)
class _Line:
    """A repair: an amount (fen), how much of it has gone back, and one more figure beside the balance."""

    row: LedgerRow
    on: date | None
    amount: int
    gone: int
    beside: int


def write(pen: Pen, book: LedgerBook) -> Deposits:
    """Write the sheet; a repair stands on it once, on its lead row."""
    title_block(pen, book, f"{book.title}押金与未领退款表", COLUMNS)
    names = (*_WHO_HEADINGS, "收取日期", "押金金额", "已退金额", "押金余额", "保险未回款")
    after = _table(pen, 3, "一、押金余额（维修未结、押金仍在本店）", names, deposits_held(book))
    names = (*_WHO_HEADINGS, "最后到账日期", "应退金额", "已退金额", "未退金额", "其中现可退")
    end = _table(pen, after + 1, "二、应退未退客户款（负数为多退，应收回）", names, refunds_open(book))
    signatures(pen, end, COLUMNS)
    widths(pen, (14, 16, 13, 14, 13, 15, 15, 15, 15))
    set_up_page(pen, book, Page(A4, 2, COLUMNS, "A3"))
    return Deposits(end - 1)


def deposits_held(book: LedgerBook) -> list[_Line]:
    """Deposits of repairs with an open case, less what has gone back to the customer."""
    owing: dict[str, int] = {}
    busy: set[str] = set()
    for row in book.rows:
        order = _repair(row)
        owing[order] = owing.get(order, 0) + row.outstanding
        busy |= {order} if row.still_open else set()
    lines = [
        _Line(row, row.settlement.deposit_on, row.settlement.deposit, _refunded(row), owing[_repair(row)])
        for row in book.rows
        if row.lead and _repair(row) in busy
    ]
    return [line for line in lines if line.amount > line.gone]


def refunds_open(book: LedgerBook) -> list[_Line]:
    return [
        _Line(
            row, row.day("payout_received_date"), row.amount("refund_due_amount"), _refunded(row),
            row.settlement.releasable,
        )
        for row in book.rows if row.amount("refund_open")
    ]  # fmt: skip


def _table(pen: Pen, row: int, label: str, names: Sequence[str], lines: Sequence[_Line]) -> int:
    """Returns the row after the totals."""
    pen.merge(row, 1, COLUMNS, label, Style.SECTION)
    pen.sheet.row_dimensions[row].height = 24
    headings(pen, row + 1, names)
    first = row + 2
    for number, line in enumerate(lines, start=first):
        for column, field in enumerate(_WHO, start=1):
            pen.text(number, column, line.row.text(field))
        pen.day(number, 5, line.on)
        pen.money(number, 6, line.amount)
        pen.money(number, 7, line.gone)
        pen.sum_money(number, 8, f"F{number}-G{number}", line.amount - line.gone)
        pen.money(number, 9, line.beside)
    total = first + max(1, len(lines))
    _totals(pen, first, total, lines)
    return total + 1


def _totals(pen: Pen, first: int, total: int, lines: Sequence[_Line]) -> None:
    for column in range(1, COLUMNS + 1):
        pen.text(total, column, "合计" if column == 1 else "", Style.TOTAL)
    amount, gone = sum(line.amount for line in lines), sum(line.gone for line in lines)
    sums = (amount, gone, amount - gone, sum(line.beside for line in lines))
    for column, (letter, value) in enumerate(zip("FGHI", sums, strict=True), start=6):
        pen.sum_money(total, column, f"SUM({letter}{first}:{letter}{total - 1})", value, Style.TOTAL_MONEY)


def _refunded(row: LedgerRow) -> int:
    return row.amount("refund_paid_amount")


def _repair(row: LedgerRow) -> str:
    return row.text("work_order_no") or row.claim_no
