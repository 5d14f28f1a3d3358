"""The statement of account (对账单) that goes with a letter: the insurer fills in state, day and reason."""

import re
from datetime import datetime, time
from typing import Any

from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.worksheet.datavalidation import DataValidation

from models.words import ReplyState
from tasks.chasing.letters import Ask, Sender, clock_of, cover_name
from worker.workbooks import book_bytes

HEADINGS = (
    "序号", "本店编号", "报案号", "车牌号", "被保险人", "险别", "接案日期", "到期日",
    "应付金额", "已付金额", "未付金额", "处理状态", "预计付款日期", "原因说明",
)  # fmt: skip
FILLED_IN = HEADINGS[-3:]
_WIDTHS = (6, 18, 26, 12, 16, 8, 12, 12, 13, 13, 13, 12, 14, 30)
_HEADING_ROW = 4
_FIRST_ROW = 5
# Not allowed in XML 1.0: a spreadsheet calls such a file damaged.
_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_THIN = Side(style="thin", color="FF7F7F7F")
_BOX = Border(left=_THIN, right=_THIN, top=_THIN, bottom=_THIN)
_TO_FILL = PatternFill("solid", fgColor="FFFFF8E6")
_GREY = PatternFill("solid", fgColor="FFDDEBF7")


def file_name(letter_no: str) -> str:
    return f"对账单_{letter_no}.xlsx"


def workbook(bundle: list[Ask], sender: Sender) -> bytes:
    """The workbook for the cases of one letter; what the insurer is to fill in is yellow."""
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.title = "对账单"
    sheet["A1"], sheet["A2"] = "理赔款对账单", f"致：{_plain(bundle[0].facts.insurer)}"
    sheet["A3"] = f"函件编号：{sender.letter_no}　日期：{sender.written_on}　{_plain(sender.shop_name)}"
    sheet["A1"].font = Font(size=16, bold=True)
    _headings(sheet)
    for at, ask in enumerate(bundle):
        _row(sheet, _FIRST_ROW + at, at + 1, ask)
    _total(sheet, _FIRST_ROW + len(bundle), bundle)
    _make_fillable(sheet, _FIRST_ROW + len(bundle) - 1)
    book.properties.creator = book.properties.lastModifiedBy = "huikuan"
    book.properties.created = book.properties.modified = datetime.combine(sender.written_on, time())
    return book_bytes(book)


def _headings(sheet: Any) -> None:
    for column, (heading, width) in enumerate(zip(HEADINGS, _WIDTHS, strict=True), 1):
        cell = sheet.cell(_HEADING_ROW, column, heading)
        cell.font, cell.border = Font(bold=True), _BOX
        cell.fill = _TO_FILL if heading in FILLED_IN else _GREY
        cell.alignment = Alignment(horizontal="center", vertical="center", wrap_text=True)
        sheet.column_dimensions[cell.column_letter].width = width
    sheet.freeze_panes = f"A{_FIRST_ROW}"
    sheet.page_setup.orientation, sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = (
        "landscape",
        1,
        0,
    )
    sheet.sheet_properties.pageSetUpPr.fitToPage = True


def _row(sheet: Any, row: int, number: int, ask: Ask) -> None:
    facts = ask.facts
    texts = (facts.claim_no, facts.report_no, facts.plate_no, facts.insured_name, cover_name(ask.step.cover))
    days = (facts.insurer_accepted_date, clock_of(ask).due_on)
    amounts = (ask.expected, ask.received, ask.unpaid)
    sheet.cell(row, 1, number)
    for column, text in enumerate(texts, 2):
        cell = sheet.cell(row, column)
        # Text is never a formula, whatever a file has brought.
        cell.value, cell.data_type, cell.number_format = _plain(text or ""), "s", "@"
    for column, on in enumerate(days, 7):
        sheet.cell(row, column, on).number_format = "yyyy-mm-dd"
    for column, amount in enumerate(amounts, 9):
        sheet.cell(row, column, amount / 100).number_format = "#,##0.00"
    for column in range(1, len(HEADINGS) + 1):
        sheet.cell(row, column).border = _BOX


def _total(sheet: Any, row: int, bundle: list[Ask]) -> None:
    sheet.cell(row, 1, "合计")
    money = ((ask.expected, ask.received, ask.unpaid) for ask in bundle)
    for column, amounts in enumerate(zip(*money, strict=True), 9):
        sheet.cell(row, column, sum(amounts) / 100).number_format = "#,##0.00"
    for column in range(1, len(HEADINGS) + 1):
        sheet.cell(row, column).font = Font(bold=True)
    sheet.cell(row + 2, 1, "请在黄色栏填写处理状态、预计付款日期和原因说明，随回复发回本店。")


def _make_fillable(sheet: Any, last_row: int) -> None:
    states = DataValidation(type="list", formula1=f'"{",".join(ReplyState)}"', allow_blank=True)
    sheet.add_data_validation(states)
    first = len(HEADINGS) - len(FILLED_IN) + 1
    for row in range(_FIRST_ROW, last_row + 1):
        states.add(sheet.cell(row, first))
        for column in range(first, len(HEADINGS) + 1):
            cell = sheet.cell(row, column)
            cell.fill = _TO_FILL
            cell.number_format = "yyyy-mm-dd" if column == first + 1 else "@"


def _plain(text: str) -> str:
    return _ILLEGAL.sub("", text)
