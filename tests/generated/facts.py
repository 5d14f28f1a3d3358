"""What is true of a generated shop: claims, refunds and movements on its accounts, apart from any file.

Amounts are fen, days are days of Asia/Shanghai; money in is positive.
"""

from dataclasses import dataclass, field
from datetime import date, time

from models.values import Period
from models.words import Cover, LineKind
from tests.generated.words import Fault, Tier


@dataclass(frozen=True)
class Due:
    """What an insurer owes on one cover of a claim."""

    amount: int
    cover: Cover = Cover.UNSPLIT
    kind: LineKind = LineKind.OWN_REPAIR


@dataclass(frozen=True)
class Claim:
    """A repair and its claim: one ledger row."""

    claim_no: str
    plate_no: str
    report_no: str
    insured: str
    group: str
    branch: str
    dispatched_on: date
    accepted_on: date
    agreed_on: date | None
    """When the insurer agreed to the settlement; unknown to a third of the shops' claims."""
    dues: tuple[Due, ...]
    closed_on: date | None = None
    entered_on: date | None = None
    """When the shop's people put it into the books, where that was not at once."""
    acceptance_known: bool = True
    """Whether they wrote down when the insurer accepted it."""

    @property
    def amount(self) -> int:
        return sum(due.amount for due in self.dues)

    @property
    def settled_on(self) -> date:
        return self.agreed_on or self.accepted_on


@dataclass(frozen=True)
class PaidRefund:
    """A refund of a repair that was done before the story begins, and what its insured got back."""

    claim: Claim
    amount: int
    paid_on: date


@dataclass(frozen=True)
class Pays:
    """So many fen of a movement are for a claim, and for one of its covers where the insurer says so."""

    claim_no: str
    amount: int
    cover: Cover | None = None


@dataclass(frozen=True)
class Move:
    """A movement on an account of the shop, and the truth about it."""

    on: date
    amount: int
    other: str
    """The other side's name."""
    remark: str
    tier: Tier
    pays: tuple[Pays, ...] = ()
    """What it really pays; nothing where it is no payout, or one too many."""
    fault: Fault | None = None
    form: str = ""
    """Which of the forms of its fault, or of noise, it has."""
    ignored_as: str | None = None
    """How reconciliation lists what is no business of its; None: it must not be put aside."""
    refund: str | None = None
    """The claim whose refund came back with it."""
    has_list: bool = False
    """The insurer sends a payment list for it."""
    bank_words: str = ""
    """What the bank itself writes of the kind of movement."""
    at: time = time(12)
    account: int = 0
    """Which of the shop's accounts."""


@dataclass(frozen=True)
class Life:
    """Some months of one shop."""

    months: tuple[Period, ...]
    claims: tuple[Claim, ...]
    refunds: tuple[PaidRefund, ...]
    moves: tuple[Move, ...]
    """In the order of the statements."""
    paid_past_us: frozenset[str] = field(default_factory=frozenset)
    """Claims that the insurer paid to the customer (domain 6.4 no. 12)."""
