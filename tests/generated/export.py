"""An account's movements as a bank's website gives them out, before any bank's way of writing them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from tests.generated.facts import Move

Cells = Sequence[object]


@dataclass(frozen=True)
class Booked:
    """A movement on its account, with the running balance after it in fen."""

    move: Move
    balance: int
    other_account: str


@dataclass(frozen=True)
class Export:
    """An account's lines of some days, as a bank's website is asked for them."""

    account: str
    holder: str
    lines: Sequence[Booked]


Layout = Callable[[Export], list[Cells]]


def yuan(fen: int) -> str:
    return f"{fen / 100:,.2f}"


def split(booked: Booked) -> tuple[str | None, str | None]:
    """Money out and money in; a negative receipt stands on the side of money in."""
    amount = booked.move.amount
    if amount < 0 and booked.move.form != "negative receipt":
        return yuan(-amount), None
    return None, yuan(amount)


def serial(each: Booked) -> str:
    """The bank's own, the same in every export."""
    return f"{each.move.on:%Y%m%d}{each.balance % 10**9:09}{each.move.at:%H%M%S}"
