"""What a bank format says of itself: which heading means what, and how money in is told from money out."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class Meaning(StrEnum):
    """What a column of a statement holds. Money in and out are the bank's 贷方 and 借方 (domain 6.1)."""

    MOMENT = "date, with the time or not"
    TIME = "time"
    BOOKED_ON = "booking date"
    MONEY_OUT = "money out"
    MONEY_IN = "money in"
    AMOUNT = "amount"
    FLAG = "direction"
    BALANCE = "balance"
    OWN_ACCOUNT = "own account"
    OWN_NAME = "own name"
    PARTY_NAME = "other side's name"
    PARTY_ACCOUNT = "other side's account"
    PAYER_NAME = "payer's name"
    PAYER_ACCOUNT = "payer's account"
    PAYEE_NAME = "payee's name"
    PAYEE_ACCOUNT = "payee's account"
    SERIAL = "serial number"
    CURRENCY = "currency"


class Direction(StrEnum):
    """How a line says whether money came or went."""

    TWO_COLUMNS = "a column each for money in and money out"
    PARTIES = "whether the own account is the payer or the payee"
    SIGN = "the sign of the amount"
    FLAG = "a word such as 借 or 贷"


@dataclass(frozen=True)
class Layout:
    """One layout of one bank. Headings are written as the bank writes them; they are compared normalised."""

    name: str
    direction: Direction
    columns: Mapping[Meaning, tuple[str, ...]]
    """Must be there: a meaning and the headings it goes by."""
    remarks: tuple[str, ...]
    """Free text, most telling first; at least one must be there."""
    also: Mapping[Meaning, tuple[str, ...]] = field(default_factory=dict)
    """May be there."""
    kinds: tuple[str, ...] = ()
    """The bank's own words for the kind of business: searched, but no part of the memo."""
    exactly: frozenset[str] = frozenset()
    """Where filled: every heading of the table, no more and no fewer; for layouts that people explained."""
    proved_by_balance: bool = False
    """A layout of no known bank: taken only where the running balance proves every line."""
