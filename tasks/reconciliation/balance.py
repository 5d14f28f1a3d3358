"""银行存款余额调节表: a bank's balance and the books, held together by four kinds of open items. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, time
from enum import StrEnum
from typing import NamedTuple

from models.values import Period

AGES = ((0, 30), (31, 60), (61, 90), (91, 180), (181, None))
"""Days: from, to; the last is open."""


class Kind(StrEnum):
    """The four kinds of open items (未达账项)."""

    BANK_RECEIVED = "银行已收、企业未收"
    BANK_PAID = "银行已付、企业未付"
    BOOK_RECEIVED = "企业已收、银行未收"
    BOOK_PAID = "企业已付、银行未付"


class Booked(NamedTuple):
    """A bank line as far as balances go; money in is positive."""

    line_id: int
    on: date
    at: time | None
    amount: int
    balance: int | None


@dataclass(frozen=True)
class Item:
    """One open item; `amount` is above zero. `placed` is False where nobody knows which account it is of."""

    kind: Kind
    on: date
    amount: int
    who: str
    what: str
    reference: str
    placed: bool = True


@dataclass(frozen=True)
class Gap:
    """An open difference of a claim, in fen: above zero the insurer paid too little."""

    claim_no: str
    plate_no: str
    insurer: str
    expected: int
    received: int
    amount: int
    opened_on: date
    result: str


@dataclass(frozen=True)
class Statement:
    """Everything the workbook says of one account and month. `book` is what the accountant's books say."""

    shop: str
    account: str
    period: Period
    made_on: date
    opening: int | None
    came: int
    went: int
    closing: int | None
    book: int | None
    items: tuple[Item, ...] = ()
    gaps: tuple[Gap, ...] = field(default=())

    def total(self, kind: Kind) -> int:
        return sum(item.amount for item in self.items if item.kind is kind and item.placed)

    @property
    def adjusted_bank(self) -> int | None:
        """The bank's balance with what only the books know."""
        if self.closing is None:
            return None
        return self.closing + self.total(Kind.BOOK_RECEIVED) - self.total(Kind.BOOK_PAID)

    @property
    def adjusted_book(self) -> int | None:
        """The books' balance with what only the bank knows."""
        if self.book is None:
            return None
        return self.book + self.total(Kind.BANK_RECEIVED) - self.total(Kind.BANK_PAID)

    @property
    def expected_book(self) -> int | None:
        """What the books should say, where nobody told what they do say."""
        if self.adjusted_bank is None:
            return None
        return self.adjusted_bank - self.total(Kind.BANK_RECEIVED) + self.total(Kind.BANK_PAID)


def last_balance(lines: Sequence[Booked]) -> int | None:
    """The balance after the last of some lines, in whatever order they stand; None where none says it."""
    known = [line for line in lines if line.balance is not None]
    if not known:
        return None
    day = max(line.on for line in known)
    of_day = [line for line in known if line.on == day]
    before = [(line.balance or 0) - line.amount for line in of_day]
    ends = [line for line in of_day if line.balance not in before]
    if len(ends) == 1:
        return ends[0].balance
    return max(of_day, key=lambda line: (line.at or time(), line.line_id)).balance


def age(item: Item | Gap, on: date) -> int:
    """Days since, never below zero."""
    since = item.on if isinstance(item, Item) else item.opened_on
    return max(0, (on - since).days)


def aged(items: Sequence[Item], on: date) -> list[tuple[str, int, int]]:
    """Per age: its name, how many items, and their fen."""
    found = []
    for first, last in AGES:
        inside = [
            item for item in items if first <= age(item, on) and (last is None or age(item, on) <= last)
        ]
        name = f"{first}-{last}天" if last is not None else f"{first - 1}天以上"
        found.append((name, len(inside), sum(item.amount for item in inside)))
    return found
