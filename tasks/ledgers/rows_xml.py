"""Rows of a sheet as XML, many times faster than a cell object each: for the rows of 台账.

openpyxl makes everything else of the workbook; these rows go into the sheet it made (`seal`). A text is
kept once in the shared strings, up to a limit, so that a million different ones do not fill the memory.
"""

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice, repeat

from openpyxl.utils import get_column_letter

from tasks.ledgers.book import CellValue
from tasks.ledgers.columns import Kind
from tasks.ledgers.pen import Looks
from tasks.ledgers.pieces import Cells, less, pieces_of
from tasks.ledgers.strings import Strings
from tasks.ledgers.text_pieces import Texts

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
        self.pieces: list[tuple[int, Cells]] = []
        """What makes the pieces, each of the values of a column."""
        self.tall: list[Sequence[int]] = []
        """How many lines the texts of a column take, where some take more than one; of the rows in hand."""
        for place, (kind, after) in enumerate(zip(kinds, [*following, "</row>"], strict=True)):
            if kind is Kind.TEXT:
                texts = Texts(looks, strings, after, wide[place], self.tall)
                self.pieces.append((place, texts.pieces))
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
        # Column by column: the same kind of value many times over is what Python does quickest. Then a row
        # is its number joining its pieces.
        columns = list(zip(*rows, strict=True))
        self.tall.clear()
        pieces = [of(columns[place]) for place, of in self.pieces]
        one = [1] * len(rows)
        most = map(max, one, *self.tall) if self.tall else one
        heights = map(self.heights.__getitem__, most)
        whole = zip(repeat('<row r="'), heights, *pieces)
        return "".join(map(str.join, map(str, range(first, first + len(rows))), whole))
