"""Sheet 未决差额: lines paid in part or too much, on which nobody has decided finally."""

from collections.abc import Iterator

from tasks.ledgers.book import Difference, LedgerBook, LedgerRow
from tasks.ledgers.layout import A4, Page, headings, nothing, set_up_page, signatures, title_block, widths
from tasks.ledgers.measure import height_for
from tasks.ledgers.pen import Pen, Style

TITLE = "未决差额"
HEADING_ROW = 3
FIRST_ROW = HEADING_ROW + 1
_HEADINGS = (
    "理赔编号", "派工单号", "车辆", "被保险人", "保险公司", "款项", "应赔金额", "实收金额", "差额",
    "性质", "处理结果", "最后到账日期", "距今(天)",
)  # fmt: skip
COLUMNS = len(_HEADINGS)


def open_differences(book: LedgerBook) -> Iterator[tuple[LedgerRow, Difference]]:
    """Paid in part or too much, without a final result. Nothing paid yet is outstanding, not a difference."""
    for row in book.rows:
        for difference in row.differences:
            part_paid = difference.received > 0 and difference.outstanding > 0
            if part_paid or difference.over_receipt:
                yield row, difference


def write(pen: Pen, book: LedgerBook) -> None:
    """Write the sheet, a line per difference."""
    found = list(open_differences(book))
    wide = (13, 11, 11, 10, 24, 10, 13, 13, 13, 9, 14, 12, 9)
    title_block(pen, book, f"{book.title}未决差额表", COLUMNS)
    headings(pen, HEADING_ROW, _HEADINGS)
    for number, (row, difference) in enumerate(found, start=FIRST_ROW):
        _line(pen, number, book, row, difference)
        pen.sheet.row_dimensions[number].height = height_for([(row.text("insurer_name"), wide[4])])
    if not found:
        nothing(pen, FIRST_ROW, COLUMNS)
    total = FIRST_ROW + max(1, len(found))
    _totals(pen, total, [difference for _, difference in found])
    signatures(pen, total + 1, COLUMNS)
    widths(pen, wide)
    set_up_page(pen, book, Page(A4, HEADING_ROW, COLUMNS, f"A{FIRST_ROW}"))


def _line(pen: Pen, number: int, book: LedgerBook, row: LedgerRow, difference: Difference) -> None:
    for column, field in enumerate(
        ("claim_no", "work_order_no", "plate_no", "insured_name", "insurer_name"), 1
    ):
        pen.text(number, column, row.text(field))
    pen.text(number, 6, difference.kind)
    pen.money(number, 7, difference.expected)
    pen.money(number, 8, difference.received)
    pen.sum_money(number, 9, f"G{number}-H{number}", difference.amount)
    pen.text(number, 10, "多收待核" if difference.amount < 0 else "少付未结", Style.CENTRE)
    pen.text(number, 11, difference.result or "未处理", Style.CENTRE)
    last = row.day("payout_received_date")
    pen.day(number, 12, last)
    pen.count(number, 13, (book.as_of - last).days if last else None)


def _totals(pen: Pen, row: int, differences: list[Difference]) -> None:
    for column in range(1, COLUMNS + 1):
        pen.text(row, column, "合计" if column == 1 else "", Style.TOTAL)
    expected, received = sum(d.expected for d in differences), sum(d.received for d in differences)
    for letter, column, amount in (("G", 7, expected), ("H", 8, received), ("I", 9, expected - received)):
        pen.sum_money(row, column, f"SUM({letter}{FIRST_ROW}:{letter}{row - 1})", amount, Style.TOTAL_MONEY)
