"""What the rules of this room are given, and the change they give back. Pure; amounts are fen."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from models.values import SANE_LIMIT, Refusal, UnreadableValue, fen
from models.words import Cover, Fact, LineKind, Resolution

SETTLED = (Resolution.CUSTOMER_TOPUP, Resolution.SHOP_ABSORB, Resolution.ROUNDING)


@dataclass(frozen=True)
class Recorded:
    """A fact as typed: what `value` means hangs on the fact. `today` is the business date of recording."""

    fact: Fact
    value: str
    on: date
    today: date
    by: str
    alone: bool = False
    """There is nobody else who could approve what it decides (design 5: the operator of a trial)."""
    proof: str = ""
    """The name of the paper that proves it; '' = none was given."""


@dataclass(frozen=True)
class Round:
    """A time the file came back."""

    number: int
    returned_on: date | None
    resubmitted_on: date | None


@dataclass(frozen=True)
class Line:
    """An expected line and what has come on it."""

    line_id: int
    kind: LineKind
    expected: int
    received: int
    resolution: Resolution | None
    is_proven: bool
    prepared: int | None = None
    """The fen for which the customer's consent waits for approval."""

    @property
    def short(self) -> int:
        return 0 if self.resolution in SETTLED else max(0, self.expected - self.received)


@dataclass(frozen=True)
class Known:
    """What is known of the case: dates, rounds in order, lines, and whether this very receipt is known."""

    claim_no: str
    facts: Mapping[str, object]
    rounds: tuple[Round, ...] = ()
    lines: tuple[Line, ...] = ()
    receipt_is_known: bool = False
    registrations: Mapping[Cover, str] = field(default_factory=dict)
    third_party_paid: int = 0
    """What the shop itself has paid to the third party."""


@dataclass(frozen=True)
class Change:
    """What to write: columns of the case, a round, lines to resolve or to prove, money received.

    `prepared`: lines whose result stands on their difference until somebody else approves it.
    """

    facts: Mapping[str, object] = field(default_factory=dict)
    round: Round | None = None
    reason: str | None = None
    resolved: tuple[int, ...] = ()
    prepared: tuple[Line, ...] = ()
    proven: tuple[Line, ...] = ()
    received: int = 0
    registration: tuple[Cover, str] | None = None

    @property
    def moves_money(self) -> bool:
        return bool(self.resolved or self.proven or self.received)


def amount_of(recorded: Recorded, claim_no: str) -> int:
    """The amount typed, in fen, above zero. Raises Refusal."""
    what = f"{claim_no}: {recorded.fact} wants an amount"
    again = f"Write it as 1234.56: huikuan case record {claim_no} {recorded.fact} 1234.56"
    try:
        amount = fen(recorded.value)
    except UnreadableValue as why:
        raise Refusal(f'{what} in yuan; "{recorded.value}" is none ({why}). {again}') from None
    if amount <= 0:
        raise Refusal(f'{what} above zero, not "{recorded.value}". {again}')
    if amount > SANE_LIMIT:
        raise Refusal(f'{what}; "{recorded.value}" is more than ten billion yuan: none is. {again}')
    return amount
