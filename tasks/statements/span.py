"""The days a statement speaks of, as a label above the table names them, or as its lines do. Pure."""

import re
from collections.abc import Iterable, Sequence
from datetime import date, timedelta

from models.values import UnreadableValue, business_date
from tasks.statements import cells
from tasks.statements.headings import Rows
from tasks.statements.statement import Span, StatementLine

_LABEL = re.compile(
    r"起始|开始|截止|终止|结束|期间|时间段|起止|查询日期|查询时间|日期范围|时间范围|[从自]\s*\d"
)
_DATE = re.compile(r"\d{4}\s*[-/.年]\s*\d{1,2}\s*[-/.月]\s*\d{1,2}|(?<!\d)20\d{6}(?!\d)")


def span(above: Iterable[Rows], lines: Sequence[StatementLine], latest: date) -> Span | None:
    """From when to when; a period that ends after the day before `latest` is cut there: nobody knows more."""
    days = [line.booked_on for line in lines]
    stated = _stated(above)
    if stated is None:
        return Span(min(days), max(days), is_stated=False) if days else None
    last = min(stated[1], latest - timedelta(days=1))
    first = min([stated[0], *days])
    return Span(first, max([first, last, *days]), is_stated=True)


def _stated(above: Iterable[Rows]) -> tuple[date, date] | None:
    """The two dates beside a label such as 查询日期, in one row or in neighbouring ones."""
    found: list[date] = []
    for rows in above:
        for row in rows:
            said = " ".join(text for cell in row if (text := cells.text(cell)))
            if _LABEL.search(said):
                found += _dates(said)
    return (found[0], found[1]) if len(found) == 2 and found[0] <= found[1] else None


def _dates(said: str) -> list[date]:
    found: list[date] = []
    for text in _DATE.findall(said):
        try:
            found.append(business_date("".join(text.split())))
        except UnreadableValue:
            return []
    return found
