"""Rows of a sheet as XML, many times faster than a cell object each: for the rows of 台账.

openpyxl makes everything else of the workbook; these rows go into the sheet it made (`seal`). A text is
kept once in the shared strings, up to a limit, so that a million different ones do not fill the memory.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple
from xml.sax.saxutils import escape

from openpyxl.utils import get_column_letter

from tasks.ledgers.book import CellValue
from tasks.ledgers.columns import Kind
from tasks.ledgers.measure import lines
from tasks.ledgers.pen import clean, is_formula_like

_DAY_ZERO = date(1899, 12, 30).toordinal()
_MOST_STRINGS = 100_000
_ROWS_A_CHUNK = 256
_LINE, _ABOVE = 12.0, 3.0

Rest = Callable[[CellValue], str]
"""A value's cell without its beginning `<c r="A1"`, which names the place."""


class Looks(NamedTuple):
    """The numbers of the styles of a row's cells in this workbook."""

    text: int
    quoted: int
    centre: int
    day: int
    money: int
    number: int


class Strings:
    """The shared strings, in order of first use."""

    def __init__(self, most: int = _MOST_STRINGS) -> None:
        self.most = most
        self.numbers: dict[str, int] = {}

    def number(self, text: str) -> int | None:
        """The place of a text in the table; None when the table is full."""
        known = self.numbers.get(text)
        if known is None and len(self.numbers) < self.most:
            known = self.numbers[text] = len(self.numbers)
        return known

    def xml(self) -> Iterator[bytes]:
        yield b'<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
        for text in self.numbers:
            yield f"<si>{_t(text)}</si>".encode()
        yield b"</sst>"


class _Texts(dict[CellValue, str]):
    """The cell of every text met so far; one that has no room in the shared strings is not kept."""

    def __init__(self, looks: Looks, strings: Strings) -> None:
        super().__init__({None: f' s="{looks.text}"/>', "": f' s="{looks.text}"/>'})
        self.looks, self.strings = looks, strings

    def __missing__(self, value: CellValue) -> str:
        text = clean(str(value))
        style = self.looks.quoted if is_formula_like(str(value)) else self.looks.text
        number = self.strings.number(text)
        if number is None:
            return f' s="{style}" t="inlineStr"><is>{_t(text)}</is></c>'
        rest = self[value] = f' s="{style}" t="s"><v>{number}</v></c>'
        return rest


class _Days(dict[CellValue, str]):
    def __init__(self, style: int) -> None:
        super().__init__({None: f' s="{style}"/>'})
        self.style = style

    def __missing__(self, value: CellValue) -> str:
        assert isinstance(value, date), f"not a day: {value!r}"
        rest = self[value] = f' s="{self.style}"><v>{value.toordinal() - _DAY_ZERO}</v></c>'
        return rest


def _money(style: int) -> Rest:
    empty, start = f' s="{style}"/>', f' s="{style}"><v>'

    def rest(value: CellValue) -> str:
        if value is None:
            return empty
        assert isinstance(value, int)
        sign, fen = ("-", -value) if value < 0 else ("", value)
        return f"{start}{sign}{fen // 100}.{fen % 100:02d}</v></c>"

    return rest


@dataclass
class _Wrapping:
    """How many lines the texts of a column take, each measured once."""

    place: int
    width: float
    known: dict[CellValue, int]

    def lines(self, value: CellValue) -> int:
        found = self.known.get(value)
        if found is None:
            found = lines(str(value or ""), self.width)
            if len(self.known) < _MOST_STRINGS:
                self.known[value] = found
        return found


class RowsXml:
    """Turns rows of values, one per column, into the XML of the sheet's rows."""

    def __init__(
        self, kinds: Sequence[Kind], widths: Sequence[float], looks: Looks, strings: Strings
    ) -> None:
        letters = [get_column_letter(number) for number in range(1, len(kinds) + 1)]
        cells = "".join(f'<c r="{letter}@"%s' for letter in letters)
        self.template = f'<row r="@" ht="%g" customHeight="1">{cells}</row>'
        texts = _Texts(looks, strings)
        self.rests = [_rest_of(kind, looks, texts) for kind in kinds]
        self.wrapping = [
            _Wrapping(place, widths[place], {})
            for place, kind in enumerate(kinds)
            if kind is Kind.TEXT and place < len(widths)
        ]

    def chunks(self, rows: Iterable[Sequence[CellValue]], first: int) -> Iterator[bytes]:
        """The XML of the rows from row number `first` on, in pieces that are worth compressing."""
        piece: list[str] = []
        for number, values in enumerate(rows, start=first):
            piece.append(self.row(number, values))
            if len(piece) == _ROWS_A_CHUNK:
                yield "".join(piece).encode()
                piece.clear()
        yield "".join(piece).encode()

    def row(self, number: int, values: Sequence[CellValue]) -> str:
        most = 1
        for column in self.wrapping:
            most = max(most, column.lines(values[column.place]))
        rests = [rest(value) for rest, value in zip(self.rests, values, strict=True)]
        return self.template.replace("@", str(number)) % (most * _LINE + _ABOVE, *rests)


def _rest_of(kind: Kind, looks: Looks, texts: _Texts) -> Rest:
    if kind is Kind.TEXT:
        return texts.__getitem__
    if kind is Kind.DATE:
        return _Days(looks.day).__getitem__
    if kind is Kind.MONEY:
        return _money(looks.money)
    if kind is Kind.YES_NO:
        return _yes_no(looks.centre, texts.strings).__getitem__
    return _count(looks, texts)


def _yes_no(style: int, strings: Strings) -> dict[CellValue, str]:
    cells: dict[CellValue, str] = {None: f' s="{style}"/>'}
    for value, text in ((True, "是"), (False, "否")):
        cells[value] = f' s="{style}" t="s"><v>{strings.number(text)}</v></c>'
    return cells


def _count(looks: Looks, texts: _Texts) -> Rest:
    def rest(value: CellValue) -> str:
        if isinstance(value, str):
            return texts[value]
        return f' s="{looks.number}"/>' if value is None else f' s="{looks.number}"><v>{value}</v></c>'

    return rest


def _t(text: str) -> str:
    keeps_blanks = ' xml:space="preserve"' if text != text.strip() or "\n" in text else ""
    return f"<t{keeps_blanks}>{escape(text)}</t>"
