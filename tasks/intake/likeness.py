"""What a heading may mean that no exact word decides: a proposal for a person, never applied by itself."""

from collections.abc import Iterator
from difflib import SequenceMatcher
from functools import cache
from typing import NamedTuple

from tasks.intake.columns import COLUMNS, Column
from tasks.intake.headings import UNIQUE, Headings, plain, readings

# One sign of four may differ (理陪编号), one of two may not (定损金额 is no 应赔金额).
ALIKE = 0.6
CONTAINED = 0.7
# Usual beside a ledger's columns, and none of them.
NO_COLUMN = frozenset({
    "序号", "行号", "备注", "说明", "备注说明", "其它说明", "附件", "联系电话", "电话", "手机", "手机号",
    "月份", "年份", "编制人", "制表", "未读入原因",
})  # fmt: skip


class Proposal(NamedTuple):
    """A heading (column from 0) and the ledger column it is like."""

    at: int
    text: str
    column: Column


def proposals(headings: Headings) -> Iterator[Proposal]:
    """What the headings that mean nothing so far may mean: the one column that is most like, if one is."""
    free = {column.field for column in COLUMNS if column.field not in headings.places}
    for at, text in headings.ignored:
        known = any(reading in UNIQUE or reading in NO_COLUMN for reading in readings(text))
        if known or at in headings.settled:
            continue
        liked = [(likeness, column) for likeness, column in _like(plain(text)) if column.field in free]
        best = [column for likeness, column in liked if likeness == max(each for each, _ in liked)]
        if len(best) == 1:
            free.discard(best[0].field)
            yield Proposal(at, text, best[0])


@cache
def _like(text: str) -> tuple[tuple[float, Column], ...]:
    """The columns that are like a text at all, each with how much."""
    found: dict[Column, float] = {}
    for word, column in UNIQUE.items():
        found[column] = max(found.get(column, 0), _alike(text, word))
    return tuple((likeness, column) for column, likeness in found.items() if likeness > ALIKE)


def _alike(text: str, word: str) -> float:
    ratio = SequenceMatcher(None, text, word, autojunk=False).ratio()
    inside = len(word) >= 3 and len(text) <= 2 * len(word) and word in text
    return max(ratio, CONTAINED) if inside else ratio
