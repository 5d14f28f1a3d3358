"""The workbook of all shops for a month: a summary first, then a sheet 台账 per shop."""

import re
from collections.abc import Sequence
from datetime import date

from openpyxl.utils import get_column_letter
from openpyxl.workbook import Workbook

from models.values import Period
from tasks.ledgers import detail_sheet
from tasks.ledgers.book import LedgerBook
from tasks.ledgers.detail_sheet import Detail
from tasks.ledgers.layout import A4, Page, headings, nothing, set_up_page, signatures, title_block, widths
from tasks.ledgers.month import book_of
from tasks.ledgers.pen import Pen, Style
from tasks.ledgers.seal import seal
from tasks.ledgers.strings import Strings
from tasks.ledgers.styles import add_styles

TITLE = "集团汇总"
_NOT_IN_TITLES = re.compile(r"[\x00-\x1f\[\]:*?/\\]+")
_MOST_LETTERS = 31
_MONEY = (
    ("应赔:本店", "insurer_due_own_repair"), ("应赔:其他", "insurer_due_other_agency"),
    ("累计回款", "payout_received_amount"), ("期末未回款", "outstanding"), ("多收待核", "over_receipt"),
    ("应退客户", "refund_due_amount"), ("已退客户", "refund_paid_amount"),
)  # fmt: skip
_HEADINGS = ("门店", "在册(件)", *(label for label, _ in _MONEY))
COLUMNS = len(_HEADINGS)
_FIRST_ROW = 4


def file_name(month: Period, on: date) -> str:
    return f"保险理赔台账_集团_{month}_{on:%Y%m%d}.xlsx"


def workbook_bytes(books: Sequence[tuple[str, LedgerBook]], month: Period, on: date) -> bytes:
    """The workbook of (shop code, book) pairs; the same books give the same bytes."""
    workbook = Workbook()
    workbook.remove(workbook.worksheets[0])
    add_styles(workbook)
    workbook.properties.creator = workbook.properties.lastModifiedBy = "huikuan"
    workbook.properties.title = f"集团保险理赔台账 {month}"
    strings, pens = Strings(), {TITLE: Pen(workbook.create_sheet(TITLE))}
    details = []
    for title, (_, book) in zip(titles([book.shop for _, book in books]), books, strict=True):
        pens[title] = Pen(workbook.create_sheet(title))
        details.append(detail_sheet.write(pens[title], book, strings, title))
    _summary(pens[TITLE], [book for _, book in books], details, month, on)
    return seal(workbook, pens, strings, on)


def titles(shops: Sequence[str]) -> list[str]:
    """A sheet title per shop that a spreadsheet takes: no / \\ ? * : [ ], 31 letters, none twice."""
    found: list[str] = []
    taken = {TITLE.lower(), "history"}
    for shop in shops:
        base = _NOT_IN_TITLES.sub("-", shop).strip("'- ")[:_MOST_LETTERS] or "门店"
        title, number = base, 1
        while title.lower() in taken:
            number += 1
            title = f"{base[: _MOST_LETTERS - len(str(number)) - 1]}_{number}"
        taken.add(title.lower())
        found.append(title)
    return found


def _summary(
    pen: Pen, books: Sequence[LedgerBook], details: Sequence[Detail], month: Period, on: date
) -> None:
    whole = book_of([], shop="集团", period=month, as_of=min(on, month.last), built_on=on)
    title_block(pen, whole, whole.title, COLUMNS)
    headings(pen, _FIRST_ROW - 1, _HEADINGS)
    for row, (book, detail) in enumerate(zip(books, details, strict=True), start=_FIRST_ROW):
        pen.text(row, 1, book.shop)
        pen.sum_count(row, 2, f"COUNTA({detail.rows_of('claim_no')})", len(book.rows))
        for column, (_, field) in enumerate(_MONEY, start=3):
            pen.sum_money(row, column, detail.total_of(field), book.total(field))
    if not books:
        nothing(pen, _FIRST_ROW, COLUMNS)
    total = _FIRST_ROW + max(1, len(books))
    _totals(pen, total, books)
    signatures(pen, total + 1, COLUMNS)
    widths(pen, (32, 10, *[15] * len(_MONEY)))
    set_up_page(pen, whole, Page(A4, _FIRST_ROW - 1, COLUMNS, f"B{_FIRST_ROW}"))


def _totals(pen: Pen, row: int, books: Sequence[LedgerBook]) -> None:
    pen.text(row, 1, "合计", Style.TOTAL)
    count = sum(len(book.rows) for book in books)
    pen.sum_count(row, 2, f"SUM(B{_FIRST_ROW}:B{row - 1})", count, Style.TOTAL_COUNT)
    for column, (_, field) in enumerate(_MONEY, start=3):
        letter = get_column_letter(column)
        amount = sum(book.total(field) for book in books)
        pen.sum_money(row, column, f"SUM({letter}{_FIRST_ROW}:{letter}{row - 1})", amount, Style.TOTAL_MONEY)
