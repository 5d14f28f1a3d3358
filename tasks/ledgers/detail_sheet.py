"""Sheet 台账: the 42 columns of the form under their bands, one row per case, totals at the foot."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from operator import itemgetter
from typing import TypeVar

from openpyxl.utils import get_column_letter

from models.values import yuan_grouped
from tasks.ledgers.book import CellValue, LedgerBook
from tasks.ledgers.columns import BY_FIELD, COLUMNS, PRINTED, TOTALLED, Column, Kind
from tasks.ledgers.layout import A3, Page, rows_xml, set_up_page, signatures, title_block, widths
from tasks.ledgers.measure import PADDING, room, width_for
from tasks.ledgers.pen import Pen, Stream, Style
from tasks.ledgers.strings import Strings

Value = TypeVar("Value", int, date)
TITLE = "台账"
BAND_ROW, GROUP_ROW, HEADING_ROW = 3, 4, 5
FIRST_ROW = 6


@dataclass(frozen=True)
class Detail:
    """Where the rows stand, for the formulas of the other sheets."""

    last_row: int
    title: str = TITLE

    @property
    def total_row(self) -> int:
        return self.last_row + 1

    def rows_of(self, field: str) -> str:
        """The cells of a column, as a formula names them."""
        letter = get_column_letter(BY_FIELD[field].number)
        return f"{self._sheet}!${letter}${FIRST_ROW}:${letter}${self.last_row}"

    def total_of(self, field: str) -> str:
        return f"{self._sheet}!${get_column_letter(BY_FIELD[field].number)}${self.total_row}"

    @property
    def _sheet(self) -> str:
        return "'" + self.title.replace("'", "''") + "'"


def write(pen: Pen, book: LedgerBook, strings: Strings, title: str = TITLE) -> Detail:
    """Write the sheet; a month without cases keeps one empty row, so that the totals have a range."""
    detail = Detail(FIRST_ROW + max(1, len(book.rows)) - 1, title)
    title_block(pen, book, book.title, PRINTED)
    _heading_rows(pen)
    wide = column_widths(book)
    rows = rows_xml(pen, wide[:PRINTED], strings, [column.kind for column in COLUMNS])
    pen.streams.append(Stream(detail.total_row, rows.chunks(_values(book), FIRST_ROW)))
    _totals(pen, book, detail)
    signatures(pen, detail.total_row + 1, PRINTED)
    widths(pen, wide)
    last = get_column_letter(len(COLUMNS))
    pen.sheet.auto_filter.ref = f"A{HEADING_ROW}:{last}{detail.last_row}"
    set_up_page(pen, book, Page(A3, HEADING_ROW, PRINTED, f"B{FIRST_ROW}"))
    return detail


def _values(book: LedgerBook) -> Iterator[tuple[CellValue, ...]]:
    values = itemgetter(*(column.field for column in COLUMNS))
    return (values(row.cells) for row in book.rows)


def column_widths(book: LedgerBook) -> list[float]:
    """Wide enough for every amount and date and for the heading in four lines; text wraps."""
    wide = []
    for column in COLUMNS:
        needed = width_for(_longest(book, column))
        least = max(4.6, room(column.heading) / 3.4 + PADDING)
        wide.append(max(least, min(needed, column.most) if column.kind is Kind.TEXT else needed))
    return wide


def _longest(book: LedgerBook, column: Column) -> list[str]:
    """What may be the longest text of a column: of amounts the ends and the total, of days any."""
    met = {row.cells[column.field] for row in book.rows}
    if column.kind is Kind.MONEY:
        amounts = [value for value in met if isinstance(value, int)]
        return [yuan_grouped(fen) for fen in {*_ends(amounts), book.total(column.field)}]
    if column.kind is Kind.DATE:
        return [shown(day) for day in _ends([value for value in met if isinstance(value, date)])]
    return [shown(value) for value in met]


def _ends(values: Sequence[Value]) -> Sequence[Value]:
    return (min(values), max(values)) if values else ()


def shown(value: CellValue) -> str:
    """The value as it appears in its cell."""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, int):
        return yuan_grouped(value)
    return "" if value is None else str(value)


def _heading_rows(pen: Pen) -> None:
    for row, parts in ((BAND_ROW, lambda c: c.band), (GROUP_ROW, lambda c: (c.band, c.group))):
        for _, grouped in groupby(COLUMNS, key=parts):
            columns = list(grouped)
            label = columns[0].band if row == BAND_ROW else columns[0].group
            style = Style.BAND if row == BAND_ROW else Style.HEADING
            pen.merge(row, columns[0].number, columns[-1].number, label, style)
    for column in COLUMNS:
        pen.text(HEADING_ROW, column.number, column.heading, Style.HEADING)
    for row, height in ((BAND_ROW, 20), (GROUP_ROW, 28), (HEADING_ROW, 52)):
        pen.sheet.row_dimensions[row].height = height


def _totals(pen: Pen, book: LedgerBook, detail: Detail) -> None:
    for column in COLUMNS:
        pen.text(detail.total_row, column.number, "合计" if column.number == 1 else "", Style.TOTAL)
    for column in TOTALLED:
        letter = get_column_letter(column.number)
        formula = f"SUM({letter}{FIRST_ROW}:{letter}{detail.last_row})"
        total = book.total(column.field)
        pen.sum_money(detail.total_row, column.number, formula, total, Style.TOTAL_MONEY)
    pen.sheet.row_dimensions[detail.total_row].height = 20
