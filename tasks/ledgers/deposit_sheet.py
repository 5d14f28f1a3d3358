"""Sheet 押金与未领退款: deposits still held, and refunds that have not reached the customer."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from tasks.ledgers.book import CellValue, LedgerBook, LedgerRow
from tasks.ledgers.columns import Kind
from tasks.ledgers.layout import (
    A4,
    Page,
    headings,
    nothing,
    rows_xml,
    set_up_page,
    signatures,
    title_block,
    widths,
)
from tasks.ledgers.pen import Pen, Stream, Style
from tasks.ledgers.rows_xml import RowsXml
from tasks.ledgers.strings import Strings

TITLE = "押金与未领退款"
HEADING_ROW = 3
# 车辆 and not 车牌号: a sheet with both headings is read as a ledger when the workbook is brought back.
_HEADINGS = (
    "派工单号", "理赔编号", "车辆", "被保险人", "收取/到账日期", "押金/应退金额", "已退金额", "余额",
    "保险未回款", "现可退金额",
)  # fmt: skip
_WHO = ("work_order_no", "claim_no", "plate_no", "insured_name")
_KINDS = (*[Kind.TEXT] * 4, Kind.DATE, Kind.MONEY, Kind.MONEY, Kind.LESS, Kind.MONEY, Kind.MONEY)
_WIDTHS = (13, 14, 11, 12, 13, 14, 13, 14, 14, 14)
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


def write(pen: Pen, book: LedgerBook, strings: Strings) -> Deposits:
    """Write the sheet; a repair stands on it once, on its lead row."""
    title_block(pen, book, f"{book.title}押金与未领退款表", COLUMNS)
    headings(pen, HEADING_ROW, _HEADINGS)
    first = HEADING_ROW + 1
    rows = rows_xml(pen, _WIDTHS, strings, _KINDS)
    after = _section(pen, rows, first, "一、押金余额（维修未结、押金仍在本店）", deposits_held(book))
    end = _section(pen, rows, after, "二、应退未退客户款（负数为多退，应收回）", refunds_open(book))
    signatures(pen, end, COLUMNS)
    widths(pen, _WIDTHS)
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


def _section(pen: Pen, rows: RowsXml, row: int, label: str, lines: Sequence[Line]) -> int:
    """Returns the row after the totals."""
    pen.merge(row, 1, COLUMNS, label, Style.SECTION)
    pen.sheet.row_dimensions[row].height = 24
    first = row + 1
    if not lines:
        nothing(pen, first, COLUMNS)
    total = first + max(1, len(lines))
    pen.streams.append(Stream(total, rows.chunks(map(_values, lines), first)))
    _totals(pen, first, total, lines)
    return total + 1


def _values(line: Line) -> tuple[CellValue, ...]:
    return (*(line.row.text(field) for field in _WHO), line.on, *line.sums)


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
