"""The bad rows of a ledger as a workbook to correct and bring again: the source's headings, and the reasons.

A row carries where it came from (更正来源); once it has been read, the findings on that row are settled.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

from openpyxl import Workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter

from tasks.intake.columns import BY_FIELD
from tasks.intake.headings import Headings, Remembered, find_headings
from tasks.intake.ledger import LedgerSheet
from tasks.intake.rows import filled
from worker.workbooks import book_bytes

REASON = "未读入原因"
SOURCE = BY_FIELD["corrects"].heading
MARKED = PatternFill("solid", start_color="FFF2CC")
DAY = "yyyy-mm-dd"


class Problem(NamedTuple):
    """What was found on a row of the source (from 1), and in which cell ('' = the row as a whole)."""

    sheet: str
    row: int
    cell: str
    reason: str


class Origin(NamedTuple):
    """The row of the source that a corrected row stands for."""

    file_id: int
    sheet: str
    row: int

    def __str__(self) -> str:
        return f"{self.file_id}!{self.row}!{self.sheet}"


def origin_of(said: str | None) -> Origin | None:
    """What 更正来源 says; None where somebody has changed it to anything else."""
    file_id, _, rest = (said or "").partition("!")
    row, _, sheet = rest.partition("!")
    return Origin(int(file_id), sheet, int(row)) if file_id.isdecimal() and row.isdecimal() else None


def workbook_bytes(
    sheets: Sequence[LedgerSheet], problems: Sequence[Problem], file_id: int, remembered: Remembered
) -> bytes | None:
    """The workbook; None where no problem is one of a row below headings."""
    workbook = Workbook()
    for empty in workbook.worksheets:
        workbook.remove(empty)
    for sheet in sheets:
        headings = find_headings(sheet.rows, sheet.merged, remembered)
        of_rows: dict[int, list[Problem]] = {}
        for each in problems:
            if headings and each.sheet == sheet.name[:64] and headings.row + 1 < each.row <= len(sheet.rows):
                of_rows.setdefault(each.row, []).append(each)
        if headings and of_rows:
            _write(workbook.create_sheet(sheet.name), sheet, headings, of_rows, file_id)
    if not workbook.worksheets:
        return None
    return book_bytes(workbook)


def _write(
    into: Any, sheet: LedgerSheet, headings: Headings, of_rows: Mapping[int, Sequence[Problem]], file_id: int
) -> None:
    width = max(map(len, sheet.rows))
    for number in range(headings.row + 1):
        _put(into, number + 1, sheet.rows[number])
    for top, left, bottom, right in sheet.merged:
        if bottom <= headings.row:
            into.merge_cells(
                start_row=top + 1, start_column=left + 1, end_row=bottom + 1, end_column=right + 1
            )
    _put(into, headings.row + 1, [REASON, SOURCE], first=width + 1, style=Font(bold=True))
    said = filled(sheet.rows, sheet.merged, headings)
    for number, (row, found) in enumerate(sorted(of_rows.items()), headings.row + 2):
        _put(into, number, _whole(sheet.rows[row - 1], said[row - 1], headings))
        reasons = "\n".join(dict.fromkeys(each.reason for each in found))
        _put(into, number, [reasons, str(Origin(file_id, sheet.name, row))], first=width + 1)
        into.cell(number, width + 1).alignment = Alignment(wrap_text=True, vertical="top")
        for each in found:
            if each.cell:
                into[f"{each.cell.rstrip('0123456789')}{number}"].fill = MARKED
    into.column_dimensions[get_column_letter(width + 1)].width = 70
    into.freeze_panes = into.cell(headings.row + 2, 1)


def _whole(row: Sequence[object], said: Mapping[str, object], headings: Headings) -> list[object]:
    """The row as it stood, with what merged cells say of it."""
    whole = [*row, *[None] * (max(headings.places.values()) + 1 - len(row))]
    for field, at in headings.places.items():
        whole[at] = said[field]
    return whole


def _put(into: Any, row: int, values: Sequence[object], first: int = 1, style: Font | None = None) -> None:
    for at, value in enumerate(values, first):
        if value is None:
            continue
        cell = into.cell(row, at)
        cell.value = ILLEGAL_CHARACTERS_RE.sub("", value) if isinstance(value, str) else value
        if isinstance(value, str):
            cell.data_type = "s"  # what came from outside never becomes a formula
        if isinstance(value, date):
            cell.number_format = DAY
        if style:
            cell.font = style
