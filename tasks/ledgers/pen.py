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

from openpyxl.cell.cell import Cell, MergedCell
from openpyxl.worksheet.cell_range import CellRange
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
    merged: dict[Style, tuple[Any, Any]] = field(default_factory=dict)
    """The same of the cells within a merged row and of its last: they keep what of the border is theirs."""

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
        if last - first > 1 and style in self.merged:
            self._merge_as_before(row, first, last, style)
        else:
            for column in range(first, last + 1):
                self._cell(row, column, style)
            if last > first:
                self.sheet.merge_cells(start_row=row, end_row=row, start_column=first, end_column=last)
            if last - first > 1:
                ends = (self.sheet.cell(row, column) for column in (first + 1, last))
                inner, end = (copy(_whole(cell)._style) for cell in ends)  # noqa: SLF001 - as in _cell
                self.merged[style] = inner, end
        self.text(row, first, value, style)

    def _merge_as_before(self, row: int, first: int, last: int, style: Style) -> None:
        """As openpyxl merges, without working the borders out anew: that is most of a small ledger."""
        inner, end = self.merged[style]
        for column in range(first + 1, last + 1):
            cell = _whole(MergedCell(self.sheet, row=row, column=column))
            cell._style = copy(end if column == last else inner)  # noqa: SLF001 - as in _cell
            _whole(self.sheet)._cells[row, column] = cell  # noqa: SLF001 - where openpyxl's merge puts it
        self.sheet.merged_cells.add(CellRange(min_row=row, max_row=row, min_col=first, max_col=last))

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
