"""资金占用损失(测算): what late payment costs at the one-year LPR (domain 2.5). Pure; amounts are fen."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from itertools import pairwise

_A_YEAR = 365
_MILLION = 1_000_000


@dataclass(frozen=True)
class Rate:
    """A yearly rate in millionths, from a day on."""

    valid_from: date
    millionths: int


@dataclass(frozen=True)
class Interest:
    """The estimate, its days, and the rate as it is written: '3.00%', or each with its days."""

    amount: int
    days: int
    rate: str


def estimate(amount: int, due_on: date, until: date, rates: Sequence[Rate]) -> Interest | None:
    """`amount x LPR x days / 365`, half up once, for the days from the one after `due_on` to `until`.

    None when nothing is late yet, or when no rate is known for the first of these days.
    """
    first, end = due_on + timedelta(days=1), until + timedelta(days=1)
    known = sorted(rates, key=lambda rate: rate.valid_from)
    if end <= first or not known or known[0].valid_from > first:
        return None
    begins = [*(max(rate.valid_from, first) for rate in known), end]
    days = [max(0, (min(after, end) - begin).days) for begin, after in pairwise(begins)]
    parts = [(rate.millionths, count) for rate, count in zip(known, days, strict=True) if count]
    exact = sum((Decimal(amount) * millionths * count for millionths, count in parts), Decimal())
    fen = (exact / (_A_YEAR * _MILLION)).quantize(Decimal(1), ROUND_HALF_UP)
    return Interest(int(fen), sum(days), _words(parts))


def _words(parts: Sequence[tuple[int, int]]) -> str:
    if len({millionths for millionths, _ in parts}) == 1:
        return percent(parts[0][0])
    return "、".join(f"{percent(millionths)}（{count} 日）" for millionths, count in parts)


def percent(millionths: int) -> str:
    """30000 -> '3.00%'."""
    return f"{Decimal(millionths) / 10_000:.2f}%"
