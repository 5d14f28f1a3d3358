"""Sheet 更正: what is different now in months that were closed, each with the issue and row it corrects."""

from tasks.ledgers.book import Correction, LedgerBook
from tasks.ledgers.changes import shown
from tasks.ledgers.columns import BY_FIELD, Kind
from tasks.ledgers.layout import A4, Page, headings, nothing, set_up_page, signatures, title_block, widths
from tasks.ledgers.measure import height_for
from tasks.ledgers.pen import Pen, Style

TITLE = "更正"
HEADING_ROW = 3
FIRST_ROW = HEADING_ROW + 1
# 编号 and not 理赔编号: the sheet is no ledger when the workbook is brought back.
_HEADINGS = (
    "更正期间", "原台账编号", "原行号", "案件编号", "更正栏目", "原列示", "现列示", "差额",
    "更正原因", "经办", "登记日期",
)  # fmt: skip
_WIDE = (10, 18, 8, 14, 20, 16, 16, 14, 30, 10, 12)
COLUMNS = len(_HEADINGS)


def write(pen: Pen, book: LedgerBook) -> None:
    """Write the sheet, a line per cell that changed."""
    title_block(pen, book, f"{book.title}前期更正表", COLUMNS)
    headings(pen, HEADING_ROW, _HEADINGS)
    for number, each in enumerate(book.corrections, start=FIRST_ROW):
        _line(pen, number, each)
    if not book.corrections:
        nothing(pen, FIRST_ROW, COLUMNS)
    end = FIRST_ROW + max(1, len(book.corrections))
    signatures(pen, end, COLUMNS)
    widths(pen, _WIDE)
    set_up_page(pen, book, Page(A4, HEADING_ROW, COLUMNS, f"A{FIRST_ROW}"))


def _line(pen: Pen, number: int, each: Correction) -> None:
    column = BY_FIELD[each.field]
    was, now = shown(each.field, each.was), shown(each.field, each.now)
    pen.text(number, 1, each.month, Style.CENTRE)
    pen.text(number, 2, each.issue)
    pen.text(number, 3, str(each.position) if each.position else "未列", Style.CENTRE)
    pen.text(number, 4, each.claim_no)
    pen.text(number, 5, column.heading)
    pen.text(number, 6, was)
    pen.text(number, 7, now)
    pen.money(number, 8, _difference(each) if column.kind is Kind.MONEY else None)
    pen.text(number, 9, each.because)
    pen.text(number, 10, each.by)
    pen.day(number, 11, each.recorded_on)
    texts = [(was, _WIDE[5]), (now, _WIDE[6]), (each.because, _WIDE[8]), (column.heading, _WIDE[4])]
    pen.sheet.row_dimensions[number].height = height_for(texts)


def _difference(each: Correction) -> int:
    was, now = (value if isinstance(value, int) else 0 for value in (each.was, each.now))
    return now - was
