"""The shared strings of a workbook: a text is kept once, however many cells hold it."""

import re
from collections.abc import Iterator, Sequence
from itertools import islice
from xml.sax.saxutils import escape

_MOST_STRINGS = 100_000
_STRINGS_A_CHUNK = 1024
_EDGE_BLANK = re.compile(r"\n|\s\x00|\x00\s")


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

    @property
    def is_full(self) -> bool:
        return len(self.numbers) >= self.most

    def has_room(self, count: int) -> bool:
        """Whether so many texts more can be kept."""
        return len(self.numbers) + count <= self.most

    def places(self, texts: Sequence[str]) -> list[int]:
        """The place of each text, for which there must be room."""
        numbers = self.numbers
        return [numbers.setdefault(text, len(numbers)) for text in texts]

    def xml(self) -> Iterator[bytes]:
        yield b'<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
        left = iter(self.numbers)
        while some := list(islice(left, _STRINGS_A_CHUNK)):
            yield _shared(some).encode()
        yield b"</sst>"


def _shared(texts: Sequence[str]) -> str:
    """Texts for the shared strings; all at once where no blank at an edge has to be kept."""
    whole = "\x00".join(["", *texts, ""])  # a character that no text holds: XML has none like it
    if _EDGE_BLANK.search(whole):
        return "".join([f"<si>{t_element(text)}</si>" for text in texts])
    return "<si><t>" + escape(whole[1:-1]).replace("\x00", "</t></si><si><t>") + "</t></si>"


def t_element(text: str) -> str:
    keeps_blanks = ' xml:space="preserve"' if text != text.strip() or "\n" in text else ""
    return f"<t{keeps_blanks}>{escape(text)}</t>"
