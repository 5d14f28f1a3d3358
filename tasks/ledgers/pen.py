"""Writes cells so that they mean what they say: amounts to the fen, text as text, formulas with values.

openpyxl writes 8528.64 as 8528.639999999999 and a formula without a value (blank in previews
and readers). So every such cell's exact value is remembered here and put in by `seal`.
"""

import re
from collections.abc import Iterator
from copy import copy
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any, NamedTuple

from openpyxl.cell.cell import Cell
from openpyxl.styles import Alignment, Border, Font, NamedStyle, PatternFill, Side
from openpyxl.workbook import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from models.values import yuan

MOST_CHARACTERS = 32_767  # what a cell can hold
# Not allowed in XML 1.0; spreadsheets call the file damaged.
_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
# Readers take _x0041_ for the letter A: the underscore is itself written that way.
_ESCAPED = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")
# What a spreadsheet takes for the start of a formula, also after leading white space.
_FORMULA_START = re.compile(r"\s*[=+\-@＝＋－＠]|[\t\r\n]")


class Style(StrEnum):
    """The named styles of the workbook, as the style gallery shows them."""

    TITLE = "台账标题"
    LINE = "台账说明"
    LINE_RIGHT = "台账说明右"
    BAND = "台账阶段"
    HEADING = "台账表头"
    TEXT = "台账文本"
    CENTRE = "台账居中"
    DATE = "台账日期"
    MONEY = "台账金额"
    COUNT = "台账数量"
    TOTAL = "台账合计"
    TOTAL_MONEY = "台账合计金额"
    TOTAL_COUNT = "台账合计数量"
    SECTION = "台账小节"


class Exact(NamedTuple):
    """The value of a cell as it must stand in the file; text results of formulas are marked."""

    value: str
    is_text: bool = False


class Looks(NamedTuple):
    """The numbers of the styles of a row's cells in this workbook."""

    text: int
    quoted: int
    centre: int
    day: int
    money: int
    number: int


class Stream(NamedTuple):
    """XML of rows that stand before row number `before` of a sheet."""

    before: int
    rows: Iterator[bytes]


@dataclass
class Pen:
    """Writes on one sheet; rows and columns count from 1."""

    sheet: Worksheet
    exact: dict[str, Exact] = field(default_factory=dict)
    streams: list[Stream] = field(default_factory=list)
    """Rows that `seal` writes into this sheet by itself."""
    styles: dict[Style, Any] = field(default_factory=dict)
    """What a style of this workbook is to openpyxl, once looked up."""

    def text(self, row: int, column: int, value: str, style: Style = Style.TEXT) -> None:
        """Text is never a number and never a formula, whatever it starts with."""
        cell = self._cell(row, column, style)
        if value:
            cell.value = text = clean(value)
            cell.data_type = "s"
            if is_formula_like(text):
                cell.quotePrefix = True

    def day(self, row: int, column: int, value: date | None, style: Style = Style.DATE) -> None:
        self._cell(row, column, style).value = value

    def money(self, row: int, column: int, fen: int | None, style: Style = Style.MONEY) -> None:
        """An amount in fen, written in yuan to the fen."""
        cell = self._cell(row, column, style)
        if fen is not None:
            cell.value = fen / 100
            self.exact[cell.coordinate] = Exact(yuan(fen))

    def count(self, row: int, column: int, value: int | None, style: Style = Style.COUNT) -> None:
        self._cell(row, column, style).value = value

    def sum_money(self, row: int, column: int, formula: str, fen: int, style: Style = Style.MONEY) -> None:
        """A formula whose value is an amount: `fen` is what it must come to."""
        self._formula(row, column, formula, Exact(yuan(fen)), style)

    def sum_count(self, row: int, column: int, formula: str, value: int, style: Style = Style.COUNT) -> None:
        self._formula(row, column, formula, Exact(str(value)), style)

    def verdict(self, row: int, column: int, formula: str, value: str) -> None:
        self._formula(row, column, formula, Exact(value, is_text=True), Style.CENTRE)

    def merge(self, row: int, first: int, last: int, value: str, style: Style) -> None:
        """One text over several columns of a row; every cell gets the border."""
        for column in range(first, last + 1):
            self._cell(row, column, style)
        self.text(row, first, value, style)
        if last > first:
            self.sheet.merge_cells(start_row=row, end_row=row, start_column=first, end_column=last)

    def style_number(self, style: Style, *, quoted: bool = False) -> int:
        """The number of a style in this workbook, for rows that are not written cell by cell."""
        cell = Cell(self.sheet, row=1, column=1)
        cell.style = style.value
        if quoted:
            cell.quotePrefix = True
        return int(cell.style_id)

    def _formula(self, row: int, column: int, formula: str, exact: Exact, style: Style) -> None:
        cell = self._cell(row, column, style)
        cell.value = f"={formula}"
        self.exact[cell.coordinate] = exact

    def _cell(self, row: int, column: int, style: Style) -> Cell:
        cell = self.sheet.cell(row, column)
        assert isinstance(cell, Cell), "a merged cell is written by its first cell"
        known = self.styles.get(style)
        if known is None:
            cell.style = style.value
            self.styles[style] = copy(_whole(cell)._style)  # noqa: SLF001 - to look it up by name is costly
        else:
            _whole(cell)._style = copy(known)  # noqa: SLF001 - see above
        return cell


def _whole(cell: Any) -> Any:
    """The cell with what openpyxl's stubs leave out."""
    return cell


def is_formula_like(text: str) -> bool:
    """Whether a spreadsheet that edits the cell would take its text for a formula."""
    return not text[:1].isalnum() and _FORMULA_START.match(text) is not None


def clean(text: str) -> str:
    """Text as a cell can hold it: no illegal characters, not longer than a cell."""
    if not text.isprintable():  # most texts are, and then nothing in them is illegal
        text = _ILLEGAL.sub("", text)
    return (_ESCAPED.sub("_x005F_", text) if "_x" in text else text)[:MOST_CHARACTERS]


def add_styles(workbook: Workbook) -> None:
    """The styles, once per workbook: a style looked up by name is cheap, one built per cell is not."""
    thin = Side(style="thin", color="FF7F7F7F")
    box = Border(left=thin, right=thin, top=thin, bottom=thin)
    band, grey, pale = (PatternFill("solid", fgColor=f"FF{rgb}") for rgb in ("BDD7EE", "DDEBF7", "F2F2F2"))
    middle = Alignment(horizontal="center", vertical="center", wrap_text=True)
    left = Alignment(horizontal="left", vertical="center", wrap_text=True)
    right = Alignment(horizontal="right", vertical="center")
    plain, bold = Font(name="宋体", size=9), Font(name="宋体", size=9, bold=True)
    # Its digits are as wide as those of 宋体, and are so on every system: no #### where 宋体 is missing.
    digits, bold_digits = (
        Font(name="Times New Roman", size=9),
        Font(name="Times New Roman", size=9, bold=True),
    )
    money, none = "#,##0.00;[Red]-#,##0.00", PatternFill()
    looks: dict[Style, tuple[Font, Alignment, str, PatternFill, Border]] = {
        Style.TITLE: (Font(name="宋体", size=18, bold=True), middle, "@", none, Border()),
        Style.LINE: (Font(name="宋体", size=10), Alignment(vertical="center"), "@", none, Border()),
        Style.LINE_RIGHT: (Font(name="宋体", size=10), right, "@", none, Border()),
        Style.SECTION: (
            Font(name="宋体", size=11, bold=True),
            Alignment(vertical="center"),
            "@",
            none,
            Border(),
        ),
        Style.BAND: (Font(name="宋体", size=11, bold=True), middle, "@", band, box),
        Style.HEADING: (bold, middle, "@", grey, box),
        Style.TEXT: (plain, left, "@", none, box),
        Style.CENTRE: (plain, middle, "@", none, box),
        Style.DATE: (digits, Alignment(horizontal="center", vertical="center"), "yyyy\\-mm\\-dd", none, box),
        Style.MONEY: (digits, right, money, none, box),
        Style.COUNT: (digits, right, "0", none, box),
        Style.TOTAL: (bold, middle, "@", pale, box),
        Style.TOTAL_MONEY: (bold_digits, right, money, pale, box),
        Style.TOTAL_COUNT: (bold_digits, right, "0", pale, box),
    }
    for style, (font, alignment, number_format, fill, border) in looks.items():
        workbook.add_named_style(
            NamedStyle(
                style.value,
                font=font,
                alignment=alignment,
                number_format=number_format,
                fill=fill,
                border=border,
            )
        )
