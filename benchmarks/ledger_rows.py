"""The rows that the ledger benchmarks write: as a busy shop has them."""

from collections.abc import Iterator
from datetime import date, timedelta

from tasks.ledgers.book import CellValue
from tasks.ledgers.columns import FORM_COLUMNS, Kind

DAY = date(2026, 11, 21)
WIDTHS = [max(column.most, 9.0) for column in FORM_COLUMNS]
KINDS = [column.kind for column in FORM_COLUMNS]
Values = tuple[CellValue, ...]
_AGAIN = 4_999  # so many rows are made; then they come again under numbers of their own


def rows(count: int, *, different: bool = False) -> Iterator[Values]:
    """`count` rows of 42 columns. 理赔编号 and 报案号 never come twice; with `different` no text does."""
    made = [
        tuple(_value(kind, place, number) for place, kind in enumerate(KINDS)) for number in range(_AGAIN)
    ]
    texts = [place for place, kind in enumerate(KINDS) if kind is Kind.TEXT]
    for number in range(count):
        values = made[number % _AGAIN]
        if different:
            changed = list(values)
            for place in texts:
                changed[place] = f"{values[place]}-{number}"
            yield tuple(changed)
        else:
            yield (f"LP2026-{number:07}", *values[1:10], f"RDAA2026320700{number:08}", *values[11:])


def _value(kind: Kind, place: int, number: int) -> CellValue:
    if kind is Kind.MONEY:
        return (number * 7919 + place * 104_729) % 2_000_000
    if kind is Kind.DATE:
        return DAY - timedelta(days=(number * 13 + place) % 400)
    if kind is Kind.YES_NO:
        return number % 5 > 0
    return f"{FORM_COLUMNS[place].heading}{(number * 31 + place) % 997:03}"
