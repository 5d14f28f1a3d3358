"""What every sheet of the ledger has: title block, column headings, print set-up, signature boxes."""

from collections.abc import Sequence
from dataclasses import dataclass

from openpyxl.utils import get_column_letter
from openpyxl.worksheet.header_footer import HeaderFooterItem, _HeaderFooterPart
from openpyxl.worksheet.page import PageMargins
from openpyxl.worksheet.properties import PageSetupProperties

from tasks.ledgers.book import LedgerBook
from tasks.ledgers.columns import Kind
from tasks.ledgers.pen import Looks, Pen, Style
from tasks.ledgers.rows_xml import RowsXml
from tasks.ledgers.strings import Strings

A3, A4 = 8, 9
INCH = 2.54
SIGNATURES = ("制表", "复核", "财务负责人")


@dataclass(frozen=True)
class Page:
    """The print set-up of a sheet: paper, the heading rows to repeat, the width printed."""

    paper: int
    heading_row: int
    columns: int
    freeze: str
    on_one_page: bool = False


def title_block(pen: Pen, book: LedgerBook, title: str, columns: int) -> None:
    """Rows 1 and 2: the title, then 编制单位 / 期间 / 单位."""
    pen.merge(1, 1, columns, title, Style.TITLE)
    pen.sheet.row_dimensions[1].height = 30
    third = max(1, columns // 3)
    pen.merge(2, 1, third, f"编制单位：{book.shop}{'（脱敏）' if book.masked else ''}", Style.LINE)
    known = f"，按{book.known_on:%Y-%m-%d}已录入的内容" if book.known_on else ""
    period = f"期间：{book.month}（截至{book.as_of:%Y-%m-%d}{known}）"
    pen.merge(2, third + 1, columns - third, period, Style.LINE)
    pen.merge(2, columns - third + 1, columns, "单位：元", Style.LINE_RIGHT)
    pen.sheet.row_dimensions[2].height = 18


def headings(pen: Pen, row: int, labels: Sequence[str], height: float = 28) -> None:
    for column, label in enumerate(labels, start=1):
        pen.text(row, column, label, Style.HEADING)
    pen.sheet.row_dimensions[row].height = height


def widths(pen: Pen, characters: Sequence[float]) -> None:
    for column, width in enumerate(characters, start=1):
        pen.sheet.column_dimensions[get_column_letter(column)].width = width


def rows_xml(pen: Pen, wide: Sequence[float], strings: Strings, kinds: Sequence[Kind]) -> RowsXml:
    """What turns rows into XML with the styles of this workbook; text wraps in columns with a width."""
    looks = Looks(
        text=pen.style_number(Style.TEXT),
        quoted=pen.style_number(Style.TEXT, quoted=True),
        centre=pen.style_number(Style.CENTRE),
        day=pen.style_number(Style.DATE),
        money=pen.style_number(Style.MONEY),
        number=pen.style_number(Style.COUNT),
    )
    return RowsXml(kinds, wide, looks, strings)


def nothing(pen: Pen, row: int, columns: int) -> None:
    """A table without lines says so."""
    pen.merge(row, 1, columns, "（无）", Style.CENTRE)


def signatures(pen: Pen, row: int, columns: int, starts: Sequence[int] = ()) -> None:
    """The boxes that are signed on paper: 制表, 复核, 财务负责人, in thirds or at columns given."""
    first = list(starts) or [1 + place * (columns // len(SIGNATURES)) for place in range(len(SIGNATURES))]
    for label, start, following in zip(SIGNATURES, first, [*first[1:], columns + 1], strict=True):
        pen.merge(row, start, following - 1, f"{label}（签字）：________________", Style.LINE)
    pen.sheet.row_dimensions[row].height = 30


def set_up_page(pen: Pen, book: LedgerBook, page: Page) -> None:
    """Landscape, one page wide, headings on every page, room for binding on the left."""
    sheet = pen.sheet
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = page.paper
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, int(page.on_one_page)
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.page_margins = PageMargins(
        left=2.2 / INCH,
        right=1.0 / INCH,
        top=1.2 / INCH,
        bottom=1.5 / INCH,
        header=0.6 / INCH,
        footer=0.6 / INCH,
    )
    sheet.print_options.horizontalCentered = True
    sheet.print_title_rows = f"1:{page.heading_row}"
    sheet.print_area = f"A1:{get_column_letter(page.columns)}{sheet.max_row}"
    sheet.freeze_panes = page.freeze
    sheet.oddFooter = HeaderFooterItem(
        left=_HeaderFooterPart(f"{book.title} {book.month}".replace("&", "&&")),
        center=_HeaderFooterPart("第 &P 页 共 &N 页"),
        right=_HeaderFooterPart(f"{book.edition}  编制日期 {book.built_on:%Y-%m-%d}"),
    )
