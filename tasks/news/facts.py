"""What the rules of news are given, and what they give back. Pure; amounts are fen."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

from models.words import Resolution


@dataclass(frozen=True)
class Claim:
    """One claim of the repair; days that are not known are None."""

    case_id: int
    is_agency: bool
    goes_to_insurer: bool
    is_closed: bool
    accepted_on: date | None
    round_no: int = 0
    """Of the file that is back with the shop now; 0 = it is not."""
    returned_on: date | None = None
    reason: str = ""
    """Why the insurer sent it back, as somebody wrote it down."""


class Payment(NamedTuple):
    """What one match says an insurer paid on a claim."""

    case_id: int
    match_id: int
    received_on: date
    amount: int
    still_expected: int
    """What of the whole claim has not come yet and is not settled otherwise."""


class Returned(NamedTuple):
    """A refund that has left the shop."""

    refund_id: int
    amount: int
    paid_on: date
    account_no: str
    """'' = it was handed over."""
    signed_by: str


class Short(NamedTuple):
    """An open difference: the insurer paid less than was expected."""

    difference_id: int
    amount: int
    resolution: Resolution | None
    since: date | None
    """When it was certain that no more comes by itself; None = nobody wrote it down."""


@dataclass(frozen=True)
class Money:
    """The position of the repair, computed anew since anything moved."""

    received: int
    topup_due: int
    refund_open: int
    customer_paid: int
    over_receipt: int
    is_held_back: bool
    """The customer's money stays until the insurer's is settled."""
    insurer_is_done: bool
    """No expected line is open: all paid, or settled with a result."""
    last_on: date | None
    """When a payout last came, or a difference was last settled."""


@dataclass(frozen=True)
class Repair:
    """A repair that something happened to."""

    work_order_id: int
    lead_case_id: int
    claims: tuple[Claim, ...]
    deposits: Mapping[date, int]
    """Fen by the day they were taken."""
    payments: tuple[Payment, ...] = ()
    refunds: tuple[Returned, ...] = ()
    shorts: tuple[Short, ...] = ()
    money: Money | None = None
    """None while it is not computed, not proven, or a transfer that may be its own is not allocated."""
    told_on: date | None = None
    """When the customer was last told of a payout together with what becomes of it."""
    told_deposits: Mapping[date, Sequence[int]] = field(default_factory=dict)
    """Fen of each notice of a deposit that was written before, by the day they were taken."""


class Deposit(NamedTuple):
    received_on: date
    amount: int
    number: int = 1
    """Of the notices about that day: what was written down on a later night is told by itself."""


class Waiting(NamedTuple):
    short: Short
    money: Money


class TopUp(NamedTuple):
    money: Money


class Missing(NamedTuple):
    claim: Claim
    papers: tuple[tuple[str, str], ...]
    """Name and what it must show."""


News = Deposit | Claim | Payment | Returned | Waiting | TopUp | Missing
"""A Claim is news because it was accepted."""
