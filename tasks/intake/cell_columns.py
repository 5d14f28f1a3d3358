"""A column of a ledger, read in stretches: what its cells say, each read once where they repeat."""

import re
from collections.abc import Sequence
from datetime import date
from typing import Any

from models.values import UnreadableValue
from tasks.intake.cells import NEAR_FEN, NOTHING, SMALL_YUAN, Value, read_cell
from tasks.intake.columns import Column, Kind
from worker.sheet_cells import Once

# Without these a row is no case, or another one; a long text elsewhere costs that text only.
IDENTIFYING = ("claim_no", "work_order_no")
# What reads as it stands, line by line; a shorter number may be a word that says nothing (none, n/a).
AS_IT_STANDS = {
    Kind.NUMBER: "[A-Za-z0-9][A-Za-z0-9-]{{4,{rest}}}",
    Kind.PLATE: "[\u4e00-\u9fff][A-Z][A-Z0-9]{{5,6}}",
    Kind.TEXT: "[\u4e00-\u9fff][\u4e00-\u9fff0-9]{{0,{rest}}}",
}
_TEXT, _AMOUNTS = {str}, {float, int, type(None)}


class Unread(str):
    """Stands for a cell that cannot be read, and says why."""

    __slots__ = ()


class CellColumn:
    """The cells of one column, read as of `today`."""

    def __init__(self, column: Column, today: date) -> None:
        self.column, self._today = column, today
        self.has_unread = False
        """Whether any cell so far could not be read."""
        pattern = AS_IT_STANDS.get(column.kind, "(?!)").format(rest=column.longest - 1)
        self._as_it_stands = re.compile(f"(?:{pattern}\n)+")
        self.read = Once(self._read).plain

    def _read(self, cells: Sequence[Any]) -> Sequence[Value]:
        kinds = {*map(type, cells)}
        if kinds == _TEXT and self._stand(cells):
            return cells
        if self.column.kind is Kind.MONEY and kinds <= _AMOUNTS and (amounts := _small_amounts(cells)):
            return amounts
        return [self._one(cell) for cell in cells]

    def _stand(self, cells: Sequence[str]) -> bool:
        said_by_all = self._as_it_stands.fullmatch("\n".join(cells) + "\n") is not None
        return said_by_all and NOTHING.isdisjoint(cells)

    def _one(self, cell: object) -> Value:
        try:
            return _value(cell, self.column, self._today)
        except UnreadableValue as why:
            self.has_unread = True
            return Unread(str(why))


def _small_amounts(cells: Sequence[float | None]) -> list[int | None] | None:
    """Yuan as fen where all are small and near a fen, as almost always; as `cells.read_cell` reads them."""
    amounts = [None if yuan is None else round(yuan * 100) for yuan in cells]
    is_small = all(
        yuan is None or fen is None or (0 <= yuan < SMALL_YUAN and -NEAR_FEN < yuan * 100 - fen < NEAR_FEN)
        for yuan, fen in zip(cells, amounts, strict=True)
    )
    return amounts if is_small else None


def _value(cell: object, column: Column, today: date) -> Value:
    value = read_cell(cell, column.kind, today)
    if isinstance(value, str) and column.field in IDENTIFYING:
        value = "".join(value.split())
    if isinstance(value, str) and len(value) > column.longest:
        raise UnreadableValue(f"longer than {column.longest} characters")
    if value is None and column.field == "claim_no":
        raise UnreadableValue("empty")
    return value
