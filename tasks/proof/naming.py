"""Down from a sum that is off to the rows: which of them, or which entry, has nothing to bear it out."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from models.values import yuan


@dataclass(frozen=True)
class Row:
    """A row that tells of money: what it is called, how the occasions of its entries begin, its fen."""

    name: str
    keys: tuple[str, ...]
    amount: int


@dataclass(frozen=True)
class Booking:
    """An entry, or its reversal, with its share in the figure: fen, negative where it takes away."""

    name: str
    occasion: str
    amount: int


def culprits(rows: Sequence[Row], bookings: Sequence[Booking]) -> list[str]:
    """The rows whose own entries say something else, and entries without a row; all of them where none is."""
    named = list(_at_odds(rows, bookings))
    return named or [*_said(rows), *_said(bookings)]


def _at_odds(rows: Sequence[Row], bookings: Sequence[Booking]) -> Iterator[str]:
    left = list(bookings)
    for row in rows:
        own = [each for each in left if _is_of(row, each)]
        left = [each for each in left if each not in own]
        if sum(each.amount for each in own) != row.amount:
            yield from _said([row])
            yield from _said(own)
    if sum(each.amount for each in left):
        yield from _said(left)


def _is_of(row: Row, booking: Booking) -> bool:
    return any(booking.occasion == key or booking.occasion.startswith(f"{key}:") for key in row.keys)


def _said(each: Iterable[Row | Booking]) -> list[str]:
    return [f"{one.name} {yuan(one.amount)}" for one in each]
