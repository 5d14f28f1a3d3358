"""The figures a bank prints beside its lines: sums, counts, and the balances before and after. Pure."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import zip_longest

from models.values import UnreadableValue
from tasks.statements import cells
from tasks.statements.headings import Cell, Rows, Table, heading
from tasks.statements.layout import Meaning

_OUT, _IN = "借方|支出|转出|付款|付方", "贷方|收入|转入|收款|收方|存入"
_WHOLE = re.compile(r"(?:交易|发生额|金额|全部|总)?(?:合计|总计|共计)")
_DAY_OR_MONTH = re.compile(r"(?:本|当)(?P<unit>日|月)(?:合计|小计|总计)")
# Nothing of 累计: it goes back beyond the file.
_SUM = "(?:总|合计|发生)*(?:金额|发生额|额|合计|总计)+(?:合计|总计|总额)?"
_LABELS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("count_out", re.compile(f"(?:{_OUT})(?:合计|总|交易)*(?:笔数|笔)(?:合计)?")),
    ("count_in", re.compile(f"(?:{_IN})(?:合计|总|交易)*(?:笔数|笔)(?:合计)?")),
    ("count", re.compile("(?:总|合计|交易|明细|记录)*(?:笔数|条数)|记录总数")),
    ("sum_out", re.compile(f"(?:合计|总)?(?:{_OUT}){_SUM}")),
    ("sum_in", re.compile(f"(?:合计|总)?(?:{_IN}){_SUM}")),
    ("opening", re.compile("(?:期初|上期|起始|查询前|上日|昨日)(?:账户)?(?:余额|结余)")),
    ("closing", re.compile("(?:期末|截止|结束|查询后)(?:账户)?(?:余额|结余)")),
)
_COUNT = re.compile(r"(\d+)\s*[笔条]?")
_TOGETHER = re.compile(r"共(?:计)?\s*(\d+)\s*[笔条].*")


@dataclass(frozen=True)
class Figure:
    """What the file says in a row; money in fen. `since`: it speaks of the lines below that row
    only.

    `what` is count, count_in, count_out, sum_in, sum_out, opening or closing; `unit` is 日 or 月 where it
    speaks of the day or month of the line above it only.
    """

    row: int
    what: str
    value: int
    label: str
    since: int | None = None
    unit: str = ""


def figures(table: Table, rows: Rows, lines: frozenset[int]) -> Iterator[Figure]:
    """Every figure outside the lines, which stand in the rows `lines` (as the spreadsheet counts)."""
    since = 0
    for at, row in enumerate(rows):
        if at + 1 in lines:
            continue
        if at >= table.first and (total := _total(row)):
            label, kind = total
            unit = kind if kind in "日月" else ""
            page = since if kind == "页" else None
            yield from _sums(table, at, row, Figure(at + 1, "", 0, label, page, unit))
            since = at + 1 if kind == "页" else since
        yield from _beside(at, row)
        if at >= table.first:
            yield from _balances(table, at, row)


def _total(row: Sequence[Cell]) -> tuple[str, str] | None:
    """The word that makes the row a total, and of what: 全 everything, 页 since the last one, 日, 月."""
    for cell in row:
        said = heading(cell)
        if found := _DAY_OR_MONTH.fullmatch(said):
            return said, found["unit"]
        if said in ("小计", "本页合计", "本页小计"):
            return said, "页"
        if _WHOLE.fullmatch(said):
            return said, "全"
    return None


def _sums(table: Table, at: int, row: Sequence[Cell], like: Figure) -> Iterator[Figure]:
    for meaning, what in ((Meaning.MONEY_IN, "sum_in"), (Meaning.MONEY_OUT, "sum_out")):
        if (value := _money(table.cell(row, meaning))) is not None:
            yield Figure(at + 1, what, abs(value), like.label, like.since, like.unit)


def _balances(table: Table, at: int, row: Sequence[Cell]) -> Iterator[Figure]:
    """期初余额 and 期末余额 with their amount in the balance's column."""
    for cell in row:
        for what in ("opening", "closing"):
            if (
                _label(heading(cell)) == what
                and (value := _money(table.cell(row, Meaning.BALANCE))) is not None
            ):
                yield Figure(at + 1, what, value, heading(cell))


def _beside(at: int, row: Sequence[Cell]) -> Iterator[Figure]:
    """Labels with their figure in the next filled cell, or after a colon."""
    said_here = [text for cell in row if (text := cells.text(cell))]
    for text in said_here:
        if together := _TOGETHER.fullmatch(text):
            yield Figure(at + 1, "count", int(together[1]), text)
    parts = [part for text in said_here for part in _parts(text)]
    for label, said in zip_longest(parts, parts[1:], fillvalue=""):
        what = _label(heading(label))
        if what.startswith("count") and (count := _COUNT.fullmatch(said)):
            yield Figure(at + 1, what, int(count[1]), label)
        elif what and not what.startswith("count") and (value := _money(said)) is not None:
            yield Figure(at + 1, what, abs(value) if what.startswith("sum") else value, label)


def _parts(said: str) -> list[str]:
    return [part for part in re.split(r"\s*[:：]\s*|[,，;；](?=\D)|\s{2,}|\s+(?=\D)", said) if part]


def _label(said: str) -> str:
    return next((what for what, pattern in _LABELS if pattern.fullmatch(said)), "")


def _money(cell: Cell) -> int | None:
    try:
        return cells.money(cell)
    except UnreadableValue:
        return None
