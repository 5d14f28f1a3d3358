"""The balance statement as a workbook: four sheets, amounts exact to the fen, text as text."""

import re
from collections.abc import Sequence
from datetime import date

from openpyxl.cell.cell import Cell
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.workbook import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from models.values import yuan
from tasks.reconciliation.balance import Item, Kind, Statement, age, aged
from worker.workbooks import book_bytes

Value = str | int | date | None
_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_FORMULA = re.compile(r"\s*[=+\-@＝＋－＠]|[\t\r\n]")
_MOST = 32_767

_SIDE = Side(style="thin", color="FF7F7F7F")
_BOX = Border(left=_SIDE, right=_SIDE, top=_SIDE, bottom=_SIDE)
_BOLD, _PLAIN, _DIGITS = (
    Font(name="宋体", size=10, bold=True),
    Font(name="宋体", size=10),
    Font(name="Times New Roman", size=10),
)
_GAP_HEADINGS = (
    "理赔编号", "车牌号", "保险公司", "应赔", "已收", "差额", "发现日期", "账龄（天）", "处理结果"
)  # fmt: skip
_GREY = PatternFill("solid", fgColor="FFDDEBF7")
_MONEY = "#,##0.00;[Red]-#,##0.00"


class _Fen(int):
    """An amount, to tell it from a count."""


def workbook_bytes(said: Statement) -> bytes:
    """The workbook of a statement."""
    book = Workbook()
    book.remove(book.worksheets[0])
    book.properties.creator = "huikuan"
    _balance(book.create_sheet("余额调节表"), said)
    _items(book.create_sheet("未达账项"), said)
    _ages(book.create_sheet("未核销账龄"), said)
    _gaps(book.create_sheet("差额清单"), said)
    return book_bytes(book)


def _balance(sheet: Worksheet, said: Statement) -> None:
    _head(sheet, "银行存款余额调节表", said, 4)
    _row(sheet, 4, ("项目", "金额", "项目", "金额"), heading=True)
    book = said.book if said.book is not None else said.expected_book
    label = "企业账面余额" if said.book is not None else "企业账面余额（未提供，按本表推算）"
    adjusted = said.adjusted_book if said.book is not None else said.adjusted_bank
    _row(sheet, 5, ("银行对账单余额", _fen(said.closing), label, _fen(book)))
    _row(sheet, 6, (f"加：{Kind.BOOK_RECEIVED}", _fen(said.total(Kind.BOOK_RECEIVED)),
                    f"加：{Kind.BANK_RECEIVED}", _fen(said.total(Kind.BANK_RECEIVED))))  # fmt: skip
    _row(sheet, 7, (f"减：{Kind.BOOK_PAID}", _fen(said.total(Kind.BOOK_PAID)),
                    f"减：{Kind.BANK_PAID}", _fen(said.total(Kind.BANK_PAID))))  # fmt: skip
    _row(sheet, 8, ("调节后余额", _fen(said.adjusted_bank), "调节后余额", _fen(adjusted)))
    _row(sheet, 10, ("期初余额", _fen(said.opening), "本月收入合计", _fen(said.came)))
    _row(sheet, 11, ("本月支出合计", _fen(said.went), "期末余额", _fen(said.closing)))
    _row(
        sheet,
        12,
        (
            "核对",
            _verdict(said),
            "账户未明的账项（未计入）",
            _fen(sum(i.amount for i in said.items if not i.placed)),
        ),
    )
    _widths(sheet, (34, 18, 38, 18))


def _verdict(said: Statement) -> str:
    if said.closing is None:
        return "对账单无余额，无法核对"
    if said.book is None:
        return "未提供账面余额，未核对"
    gap = (said.adjusted_bank or 0) - (said.adjusted_book or 0)
    return "相符" if not gap else f"不符，差 {yuan(gap)} 元"


def _items(sheet: Worksheet, said: Statement) -> None:
    _head(sheet, "未达账项明细", said, 7)
    _row(sheet, 4, ("类别", "日期", "金额", "对方", "摘要", "编号", "账龄（天）"), heading=True)
    order = list(Kind)
    at = 5
    for item in sorted(said.items, key=lambda item: (order.index(item.kind), item.on, item.reference)):
        note = "" if item.placed else "［账户未明］"
        facts = (item.kind, item.on, _Fen(item.amount), item.who, f"{note}{item.what}", item.reference)
        _row(sheet, at, (*facts, age(item, said.made_on)))
        at += 1
    _widths(sheet, (22, 12, 16, 34, 60, 16, 12))
    sheet.freeze_panes = "A5"


def _ages(sheet: Worksheet, said: Statement) -> None:
    _head(sheet, "未核销银行款项账龄", said, 5)
    _row(sheet, 4, ("账龄", "收款笔数", "收款金额", "付款笔数", "付款金额"), heading=True)
    received = aged(_of(said, Kind.BANK_RECEIVED), said.made_on)
    paid = aged(_of(said, Kind.BANK_PAID), said.made_on)
    for at, ((name, count, fen), (_, count_out, fen_out)) in enumerate(
        zip(received, paid, strict=True), start=5
    ):
        _row(sheet, at, (name, count, _Fen(fen), count_out, _Fen(fen_out)))
    counts = [sum(count for _, count, _ in of) for of in (received, paid)]
    fens = [_Fen(sum(fen for *_, fen in of)) for of in (received, paid)]
    _row(sheet, 10, ("合计", counts[0], fens[0], counts[1], fens[1]), heading=True)
    _widths(sheet, (16, 12, 18, 12, 18))


def _of(said: Statement, kind: Kind) -> list[Item]:
    return [item for item in said.items if item.kind is kind]


def _gaps(sheet: Worksheet, said: Statement) -> None:
    _head(sheet, "赔款差额清单", said, 9)
    headings = (
        "理赔编号",
        "车牌号",
        "保险公司",
        "应赔",
        "已收",
        "差额",
        "发现日期",
        "账龄（天）",
        "处理结果",
    )
    _row(sheet, 4, headings, heading=True)
    for at, gap in enumerate(said.gaps, start=5):
        _row(sheet, at, (
            gap.claim_no, gap.plate_no, gap.insurer, _Fen(gap.expected), _Fen(gap.received), _Fen(gap.amount),
            gap.opened_on, age(gap, said.made_on), gap.result,
        ))  # fmt: skip
    _widths(sheet, (18, 12, 40, 16, 16, 16, 12, 12, 20))
    sheet.freeze_panes = "A5"


def _head(sheet: Worksheet, title: str, said: Statement, columns: int) -> None:
    for row, text in (
        (1, title),
        (2, f"{said.shop}　账号 {said.account}　{said.period}　编制日期 {said.made_on}"),
    ):
        sheet.merge_cells(start_row=row, end_row=row, start_column=1, end_column=columns)
        _write(sheet, row, 1, text)
        sheet.cell(row, 1).font = Font(name="宋体", size=16 if row == 1 else 10, bold=row == 1)
        sheet.cell(row, 1).alignment = Alignment(horizontal="center")


def _row(sheet: Worksheet, at: int, values: Sequence[Value], *, heading: bool = False) -> None:
    for column, value in enumerate(values, start=1):
        cell = _write(sheet, at, column, value)
        cell.border = _BOX
        cell.font = _BOLD if heading else _PLAIN if isinstance(value, str) else _DIGITS
        if heading:
            cell.fill = _GREY


def _write(sheet: Worksheet, row: int, column: int, value: Value) -> Cell:
    cell = sheet.cell(row, column)
    assert isinstance(cell, Cell), "a merged cell is written by its first cell"
    if isinstance(value, _Fen):
        # As its digits: openpyxl would write 8528.64 as 8528.639999999999.
        cell.value, cell.data_type, cell.number_format = yuan(value), "n", _MONEY
    elif isinstance(value, str):
        cell.value, cell.data_type = _ILLEGAL.sub("", value)[:_MOST], "s"
        cell.quotePrefix = bool(_FORMULA.match(value))
    else:
        cell.value = value
        if isinstance(value, date):
            cell.number_format = "yyyy-mm-dd"
    return cell


def _fen(value: int | None) -> _Fen | None:
    return None if value is None else _Fen(value)


def _widths(sheet: Worksheet, widths: Sequence[int]) -> None:
    for column, width in enumerate(widths, start=1):
        sheet.column_dimensions[get_column_letter(column)].width = width
