"""The cells of a row as pieces of XML, by the kind of their column."""

from collections.abc import Callable, Iterable, Sequence
from datetime import date
from functools import partial
from typing import Any

from openpyxl.utils import get_column_letter

from tasks.ledgers.book import CellValue
from tasks.ledgers.columns import Kind
from tasks.ledgers.pen import Looks
from tasks.ledgers.strings import Strings
from tasks.ledgers.text_pieces import Known

_DAY_ZERO = date(1899, 12, 30).toordinal()

Cells = Callable[[Sequence[Any]], Iterable[str]]
"""The values of a column as pieces of rows. A piece begins after the row number in `<c r="A1"` and ends
where the number of the next cell stands, so that a row is its number joining its pieces."""


class _Days(dict[CellValue, str]):
    def __init__(self, style: int, after: str) -> None:
        super().__init__({None: f'" s="{style}"/>{after}'})
        self.style, self.after = style, after

    def __missing__(self, value: CellValue) -> str:
        assert isinstance(value, date), f"not a day: {value!r}"
        day = value.toordinal() - _DAY_ZERO
        piece = self[value] = f'" s="{self.style}"><v>{day}</v></c>{self.after}'
        return piece


def _money(style: int, after: str) -> Cells:
    empty, start = f'" s="{style}"/>{after}', f'" s="{style}"><v>'
    ends = [f".{fen:02d}</v></c>{after}" for fen in range(100)]

    def below_zero(fen: int) -> str:
        return f"{start}-{-fen // 100}{ends[-fen % 100]}"

    def pieces(column: Sequence[Any]) -> Iterable[str]:
        return [
            empty
            if fen is None
            else (f"{start}{fen // 100}{ends[fen % 100]}" if fen >= 0 else below_zero(fen))
            for fen in column
        ]

    return pieces


def pieces_of(kind: Kind, looks: Looks, strings: Strings, after: str) -> Cells:
    if kind is Kind.MONEY:
        return _money(looks.money, after)
    if kind is Kind.DATE:
        return partial(map, _Days(looks.day, after).__getitem__)
    if kind is Kind.YES_NO:
        return partial(map, _yes_no(looks.centre, strings, after).__getitem__)
    return partial(map, _count(looks, Known(looks, strings, after)))


def less(place: int, looks: Looks, after: str) -> tuple[Cells, Cells, Cells]:
    """The formula and its value: the row's number stands between the pieces, as in F12-G12."""
    left, right = get_column_letter(place - 1), get_column_letter(place)
    start = [f'" s="{looks.money}"><f>{left}']
    values = _money(looks.money, after)
    cut = len(f'" s="{looks.money}">')
    return (
        lambda column: start * len(column),
        lambda column: [f"-{right}"] * len(column),
        lambda column: [f"</f>{piece[cut:]}" for piece in values(column)],
    )


def _yes_no(style: int, strings: Strings, after: str) -> dict[CellValue, str]:
    pieces: dict[CellValue, str] = {None: f'" s="{style}"/>{after}'}
    for value, text in ((True, "是"), (False, "否")):
        pieces[value] = f'" s="{style}" t="s"><v>{strings.number(text)}</v></c>{after}'
    return pieces


def _count(looks: Looks, texts: Known) -> Callable[[CellValue], str]:
    def piece(value: CellValue) -> str:
        if isinstance(value, str):
            return texts[value]
        inside = "/>" if value is None else f"><v>{value}</v></c>"
        return f'" s="{looks.number}"{inside}{texts.after}'

    return piece
