"""Cells as spreadsheet programs spell them, a column of a stretch of rows at once, to plain values.

The markup of a row is parted at the places it names, `N500"`. So a cell comes as what stands behind its own,
up to the letters of the next: ` s="5"><v>13051.39</v></c><c r="O`. Almost always a stretch of a column is
spelled alike but for the values; then it is parted in one go.
"""

import re
from collections.abc import Callable, Sequence

from worker.sheet_cells import Cell, Once, whole_as_int
from worker.sheet_days import Look, day_or_time
from worker.sheet_package import Package, Unusual, decoded, plain_text, unescaped

Reading = Callable[[Sequence[bytes]], Sequence[Cell]]
"""From what stands between the tags to values."""

_APART = b"\0"  # the guards have seen that no workbook holds it
_OPENING = re.compile(rb'([^<>]*)>(<v>|<is><t(?: xml:space="preserve")?>)')
_CELL = re.compile(
    rb"([^<>]*?) ?(?:/>|>(?:<f(?: [^<>]*)?(?:/>|>([^<]*)</f>))?"
    rb'(?:<v>([^<]*)</v>|<v ?/>|<is><t(?: xml:space="preserve")?>([^<]*)</t></is>)?</c>)(<c r="[A-Z]{1,3})?'
)
_HEAD = re.compile(rb'(?: [A-Za-z:]+="[^"<>&]*")*')
_ATTRIBUTE = re.compile(rb' ([A-Za-z:]+)="([^"]*)"')


class Column:
    """One column of a sheet; every method raises Unusual."""

    def __init__(self, package: Package) -> None:
        self._package = package
        self.place_behind = b""
        """How the cell of the next column begins; nothing as long as none was seen there."""
        self._readings: dict[bytes, Reading] = {}
        self._blank = {b""}

    def values(self, cells: Sequence[bytes]) -> Sequence[Cell]:
        """The values of a stretch; a cell that is not there is empty."""
        if (values := self._alike(cells)) is not None:
            return values
        told = [cell for cell in cells if cell not in self._blank]
        if not told:
            return [None] * len(cells)
        if len(told) == len(cells) or (values := self._alike(told)) is None:
            return [self._one(cell) for cell in cells]
        following = iter(values)
        return [None if cell in self._blank else next(following) for cell in cells]

    def _alike(self, cells: Sequence[bytes]) -> Sequence[Cell] | None:
        """The values where all are spelled alike; None where they are not."""
        opening = _OPENING.match(cells[0])
        if opening is None:
            return None
        before, (_, closing, next_place) = opening[0], cells[0].rpartition(_closing(opening[2]))
        behind = closing + next_place
        joined = _APART.join(cells)
        marks = joined.count(b"<")
        values = joined.removeprefix(before).removesuffix(behind).split(behind + _APART + before)
        if len(values) < len(cells) or marks != len(cells) * (before + behind).count(b"<"):
            return None
        self._one(cells[0])  # what is true of the first is true of all
        return self._reading(opening[1])(values)

    def _one(self, cell: bytes) -> Cell:
        if cell in self._blank:
            return None
        spelled = _CELL.fullmatch(cell)
        if spelled is None or (spelled[5] or self.place_behind) != self.place_behind:
            raise Unusual(repr(cell))
        head, formula, value, text, _ = spelled.groups()
        reading = self._reading(head)
        if said := value or text:
            return reading((said,))[0]
        if b"><f" in cell:
            return _uncalculated(formula)
        self._blank.add(cell)
        return None

    def _reading(self, head: bytes) -> Reading:
        """How the values of cells with these attributes are read: by their kind and style."""
        if head not in self._readings:
            self._readings[head] = self._read_head(head)
        return self._readings[head]

    def _read_head(self, head: bytes) -> Reading:
        if not _HEAD.fullmatch(head):
            raise Unusual(repr(head))
        said = dict(_ATTRIBUTE.findall(head))
        return self._kind(said.get(b"t", b"n"), int(said.get(b"s", b"0")))

    def _kind(self, kind: bytes, style: int) -> Reading:
        if kind == b"s":
            return self._shared
        if kind == b"b":
            return lambda said: [int(each) > 0 for each in said]
        if kind == b"n":
            read = _numbers_of(self._package.looks[style])
        elif kind in (b"inlineStr", b"str", b"e"):
            read = _texts
        else:
            raise Unusual(f"a cell of kind {kind!r}")
        return Once(read).plain

    def _shared(self, said: Sequence[bytes]) -> Sequence[Cell]:
        numbers = [*map(int, said)]
        if min(numbers) < 0:
            raise Unusual("a text below the first")
        return [*map(self._package.texts.__getitem__, numbers)]


def _closing(opening: bytes) -> bytes:
    return b"</v></c>" if opening == b"<v>" else b"</t></is></c>"


def _numbers(said: Sequence[bytes]) -> Sequence[Cell]:
    return whole_as_int(map(float, said))


def _numbers_of(look: Look) -> Reading:
    if look is Look.NUMBER:
        return _numbers
    return lambda said: [day_or_time(float(days), look) for days in said]


def _texts(said: Sequence[bytes]) -> Sequence[Cell]:
    joined = decoded(b"<".join(said))
    if "&" in joined or "_x" in joined:
        return [*map(plain_text, joined.split("<"))]
    return [text.strip() or None for text in joined.split("<")]


def _uncalculated(formula: bytes | None) -> Cell:
    """A formula without a value, as it stands: left out it would look like an empty cell."""
    if not formula:
        raise Unusual("a formula told elsewhere, without a value")
    return f"={unescaped(decoded(formula))}"
