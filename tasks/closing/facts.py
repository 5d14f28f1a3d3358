"""What the rules of closing are given, and what they give back. Pure; amounts are fen."""

from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from models.words import Cover, Fact, RefundState, Resolution

SETTLES = (Resolution.CUSTOMER_TOPUP, Resolution.SHOP_ABSORB, Resolution.ROUNDING)
"""Results that end a line; RECLAIM and DISPUTE keep it open (domain 1.7)."""


@dataclass(frozen=True)
class Line:
    """An expected line, what came on it, and how its difference stands."""

    cover: Cover
    expected: int
    received: int
    resolution: Resolution | None
    is_approved: bool
    """A result that another person approved stands behind the resolution."""
    open_difference: int | None

    @property
    def is_settled(self) -> bool:
        return self.resolution in SETTLES

    @property
    def missing(self) -> int:
        return 0 if self.is_settled else max(0, self.expected - self.received)


@dataclass(frozen=True)
class Refund:
    """A refund of the repair. `by_bank`: it stood in a payment file, or no cash went out at all."""

    refund_id: int
    amount: int
    state: RefundState
    payee: str | None
    signed_by: str | None
    has_proof: bool
    by_bank: bool


@dataclass(frozen=True)
class Money:
    """The money of the repair: its position as last computed, and what lies on its accounts."""

    is_fresh: bool
    """Computed since its money last changed, and found to add up."""
    bill: int | None
    refund_open: int
    """refund_due - Q; below zero: refunded too much."""
    topup_due: int
    held: int
    """B by the entries."""
    owed_on: int
    """Third-party money by the entries, not yet passed on."""


class Paper(NamedTuple):
    """A paper or a date of the file by its Chinese name, and the fact that records it."""

    name: str
    fact: Fact
    value: str = ""


@dataclass(frozen=True)
class Case:
    """A case before closing."""

    claim_no: str
    is_agency_claim: bool
    goes_to_insurer: bool
    receptionist: str | None
    reviewer: str | None
    returned_on: date | None
    is_returned: bool
    lines: tuple[Line, ...]
    money: Money
    refunds: tuple[Refund, ...]
    insured_names: frozenset[str]
    deposit: int
    receipt_back_on: date | None
    invoice: int | None
    """All invoices of the repair: one may be for several claims."""
    invoice_least: int
    """What insurers owe for the repair: its invoices are not below it."""
    invoice_most: int | None
    """The accident part of the bill (S - M); None while the bill is not known."""
    papers: tuple[Paper, ...]
    """What the file should have and the ledger does not know."""
    waiting_line: int | None
    """A bank line with a proposal for this case."""


class Lack(NamedTuple):
    """One thing in the way: a code, what is so and what to do, since when (None: since it was seen)."""

    code: str
    sentence: str
    since: date | None = None
