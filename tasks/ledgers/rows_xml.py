"""Rows of a sheet as XML, many times faster than a cell object each: for the rows of 台账.

openpyxl makes everything else of the workbook; these rows go into the sheet it made (`seal`). A text is
kept once in the shared strings, up to a limit, so that a million different ones do not fill the memory.
"""

from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from itertools import islice, repeat

from openpyxl.utils import get_column_letter

from tasks.ledgers.book import CellValue
from tasks.ledgers.columns import Kind
from tasks.ledgers.pieces import Cells, Looks, Strings, Texts, less, pieces_of

_ROWS_A_CHUNK = 256
_LINE, _ABOVE = 12.0, 3.0


class _Heights(dict[int, str]):
    """The piece of a row that holds its height, by its number of lines."""

    def __missing__(self, most: int) -> str:
        piece = self[most] = f'" ht="{most * _LINE + _ABOVE:g}" customHeight="1"><c r="A'
        return piece


class RowsXml:
    """Turns rows of values, one per column, into the XML of the sheet's rows."""

    def __init__(
        self, kinds: Sequence[Kind], widths: Sequence[float], looks: Looks, strings: Strings
    ) -> None:
        following = [f'<c r="{get_column_letter(number)}' for number in range(2, len(kinds) + 1)]
        wide = [*widths, *[0.0] * len(kinds)]  # a column without a width does not make its rows taller
        self.texts: dict[int, Texts] = {}
        self.pieces: list[tuple[int, Cells]] = []
        """What makes the pieces, each of the values of a column."""
        for place, (kind, after) in enumerate(zip(kinds, [*following, "</row>"], strict=True)):
            if kind is Kind.TEXT:
                texts = self.texts[place] = Texts(looks, strings, after, wide[place])
                self.pieces.append((place, partial(map, texts.__getitem__)))
            elif kind is Kind.LESS:
                self.pieces += [(place, cells) for cells in less(place, looks, after)]
            else:
                self.pieces.append((place, pieces_of(kind, looks, strings, after)))
        self.heights = _Heights()

    def chunks(self, rows: Iterable[Sequence[CellValue]], first: int) -> Iterator[bytes]:
        """The XML of the rows from row number `first` on, in pieces that are worth compressing."""
        left = iter(rows)
        while some := list(islice(left, _ROWS_A_CHUNK)):
            yield self._xml(some, first).encode()
            first += len(some)

    def _xml(self, rows: Sequence[Sequence[CellValue]], first: int) -> str:
        # Column by column: the same kind of value many times over is what Python does quickest. A row is
        # 2 * pieces + 3 parts: its number stands before every piece.
        columns = list(zip(*rows, strict=True))
        stride, numbers = 2 * len(self.pieces) + 3, [str(first + place) for place in range(len(rows))]
        parts = ['<row r="'] * (stride * len(rows))
        for place in range(1, stride, 2):
            parts[place::stride] = numbers
        for part, (place, of) in enumerate(self.pieces):
            parts[2 * part + 4 :: stride] = of(columns[place])
        parts[2::stride] = self._row_heights(columns, len(rows))
        return "".join(parts)

    def _row_heights(self, columns: Sequence[Sequence[CellValue]], count: int) -> list[str]:
        """The pieces with the heights; the texts of these columns have been met."""
        one = [1] * count
        taken = [
            map(texts.tall.get, columns[place], repeat(1))
            for place, texts in self.texts.items()
            if not texts.tall.keys().isdisjoint(columns[place])
        ]
        heights = list(map(self.heights.__getitem__, map(max, one, one, *taken) if taken else one))
        for texts in self.texts.values():
            texts.forget_passing()
        return heights
