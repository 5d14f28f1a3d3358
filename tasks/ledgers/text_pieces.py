"""The texts of a column as pieces of XML, and how many lines they take.

Most columns say the same few things over and over: a text's piece is made once. In a column of numbers and
names hardly any comes twice; such texts are looked at many at once.
"""

from collections.abc import Sequence
from itertools import repeat
from typing import Any

from tasks.ledgers.book import CellValue
from tasks.ledgers.measure import lines, lines_of, most_letters
from tasks.ledgers.pen import MOST_CHARACTERS, Looks, clean, is_formula_like
from tasks.ledgers.strings import Strings, t_element


class Known(dict[CellValue, str]):
    """The piece of every text met so far; one without room in the shared strings is not kept.

    `tall` holds how many lines those take that do not stand on one.
    """

    def __init__(self, looks: Looks, strings: Strings, after: str, width: float = 0) -> None:
        super().__init__(dict.fromkeys((None, ""), f'" s="{looks.text}"/>{after}'))
        self.looks, self.strings, self.after, self.width = looks, strings, after, width
        self.tall: dict[CellValue, int] = {}
        self.passing: list[CellValue] = []
        self.missed = 0

    def __missing__(self, value: CellValue) -> str:
        self.missed += 1
        text = clean(str(value))
        taken = lines(text, self.width) if self.width else 1
        if taken > 1:
            self.tall[value] = taken
        style = self.looks.quoted if is_formula_like(text) else self.looks.text
        number = self.strings.number(text)
        if number is None:
            if taken > 1:
                self.passing.append(value)
            return f'" s="{style}" t="inlineStr"><is>{t_element(text)}</is></c>{self.after}'
        piece = self[value] = f'" s="{style}" t="s"><v>{number}</v></c>{self.after}'
        return piece

    def forget_passing(self) -> None:
        for value in self.passing:
            self.tall.pop(value, None)
        self.passing.clear()


class Texts:
    """The pieces of a column of texts; `width` 0 = nobody asks how tall they are.

    Each call adds to `tall` how many lines each text takes, if any takes more than one.
    """

    def __init__(
        self, looks: Looks, strings: Strings, after: str, width: float, tall: list[Sequence[int]]
    ) -> None:
        self.known = Known(looks, strings, after, width)
        self.strings, self.width, self.tall = strings, width, tall
        self.start, self.end = f'" s="{looks.text}" t="s"><v>', f"</v></c>{after}"
        self.after, self.inline = after, f'" s="{looks.text}" t="inlineStr"><is><t>'
        self.one_line = most_letters(width) if width else MOST_CHARACTERS
        self.mostly_new = False

    def pieces(self, column: Sequence[Any]) -> list[str]:
        if self.mostly_new and _are_plain(column):
            if self.strings.has_room(len(column)):
                return self._all_new(column)
            if self.strings.is_full and _need_no_escape(column):
                return self._without_room(column)
        known = self.known
        known.missed = 0
        pieces = list(map(known.__getitem__, column))
        if known.tall and not known.tall.keys().isdisjoint(column):
            self.tall.append(list(map(known.tall.get, column, repeat(1))))
        self.mostly_new = len(column) < 2 * known.missed
        known.forget_passing()
        return pieces

    def _all_new(self, texts: Sequence[str]) -> list[str]:
        self._measure(texts)
        before, start, end = len(self.strings.numbers), self.start, self.end
        pieces = [f"{start}{number}{end}" for number in self.strings.places(texts)]
        self.mostly_new = len(texts) < 2 * (len(self.strings.numbers) - before)
        return pieces

    def _without_room(self, texts: Sequence[str]) -> list[str]:
        self._measure(texts)
        start, end, places = self.start, self.end, self.strings.numbers
        found = [places.get(text) for text in texts]
        self.mostly_new = len(texts) < 2 * found.count(None)
        return [
            f"{self.inline}{text}</t></is></c>{self.after}" if place is None else f"{start}{place}{end}"
            for place, text in zip(found, texts, strict=True)
        ]

    def _measure(self, texts: Sequence[str]) -> None:
        if self.width and max(map(len, texts)) > self.one_line:
            self.tall.append(lines_of(texts, self.width))


def _are_plain(column: Sequence[Any]) -> bool:
    """Whether all are texts that a cell holds as they are."""
    try:
        whole, starts = "".join(column), "".join([text[0] for text in column])
    except (TypeError, IndexError):  # an empty cell is among them
        return False
    return (
        whole.isprintable() and "_x" not in whole and starts.isalnum()
        and max(map(len, column)) <= MOST_CHARACTERS
    )  # fmt: skip


def _need_no_escape(texts: Sequence[str]) -> bool:
    """Whether plain texts are themselves in XML, without a blank at their end to be kept."""
    whole = "".join(texts)
    return not any(letter in whole for letter in "&<>") and " " not in {text[-1] for text in texts}
