"""The cells of a row as pieces of XML, by the kind of their column; texts go into the shared strings."""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date
from functools import partial
from itertools import islice
from typing import Any, NamedTuple
from xml.sax.saxutils import escape

from openpyxl.utils import get_column_letter

from tasks.ledgers.book import CellValue
from tasks.ledgers.columns import Kind
from tasks.ledgers.measure import lines
from tasks.ledgers.pen import clean, is_formula_like

_DAY_ZERO = date(1899, 12, 30).toordinal()
_MOST_STRINGS = 100_000
_STRINGS_A_CHUNK = 1024
_EDGE_BLANK = re.compile(r"\n|\s\x00|\x00\s")

Cells = Callable[[Sequence[Any]], Iterable[str]]
"""The values of a column as pieces of rows. A piece begins after the row number in `<c r="A1"` and ends
where the number of the next cell stands, so that a row is its number joining its pieces."""


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
        left = iter(self.numbers)
        while some := list(islice(left, _STRINGS_A_CHUNK)):
            yield _shared(some).encode()
        yield b"</sst>"


class Texts(dict[CellValue, str]):
    """The piece of every text of a column met so far; one without room in the shared strings is not kept.

    `tall` holds how many lines those take that do not stand on one; `width` 0 = nobody asks. Of texts that
    are not kept it does so until the rows are written.
    """

    def __init__(self, looks: Looks, strings: Strings, after: str, width: float = 0) -> None:
        super().__init__(dict.fromkeys((None, ""), f'" s="{looks.text}"/>{after}'))
        self.looks, self.strings, self.after, self.width = looks, strings, after, width
        self.tall: dict[CellValue, int] = {}
        self.passing: list[CellValue] = []

    def __missing__(self, value: CellValue) -> str:
        text = clean(str(value))
        taken = lines(text, self.width) if self.width else 1
        if taken > 1:
            self.tall[value] = taken
        style = self.looks.quoted if is_formula_like(text) else self.looks.text
        number = self.strings.number(text)
        if number is None:
            if taken > 1:
                self.passing.append(value)
            return f'" s="{style}" t="inlineStr"><is>{_t(text)}</is></c>{self.after}'
        piece = self[value] = f'" s="{style}" t="s"><v>{number}</v></c>{self.after}'
        return piece

    def forget_passing(self) -> None:
        for value in self.passing:
            self.tall.pop(value, None)
        self.passing.clear()


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
    return partial(map, _count(looks, Texts(looks, strings, after)))


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


def _count(looks: Looks, texts: Texts) -> Callable[[CellValue], str]:
    def piece(value: CellValue) -> str:
        if isinstance(value, str):
            return texts[value]
        inside = "/>" if value is None else f"><v>{value}</v></c>"
        return f'" s="{looks.number}"{inside}{texts.after}'

    return piece


def _shared(texts: Sequence[str]) -> str:
    """Texts for the shared strings; all at once where no blank at an edge has to be kept."""
    whole = "\x00".join(["", *texts, ""])  # a character that no text holds: XML has none like it
    if _EDGE_BLANK.search(whole):
        return "".join([f"<si>{_t(text)}</si>" for text in texts])
    return "<si><t>" + escape(whole[1:-1]).replace("\x00", "</t></si><si><t>") + "</t></si>"


def _t(text: str) -> str:
    keeps_blanks = ' xml:space="preserve"' if text != text.strip() or "\n" in text else ""
    return f"<t{keeps_blanks}>{escape(text)}</t>"
