"""What a recorded fact is held against, and the change that comes of it. Pure; amounts are fen."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from models.words import Fact, Liability
from tasks.gates.settlement import Settlement


@dataclass(frozen=True)
class Recorded:
    """A fact as typed: what `value` means hangs on the fact. `today` is the business date of recording."""

    fact: Fact
    value: str
    on: date
    today: date
    by: str
    role: str
    has_proof: bool = False


@dataclass(frozen=True)
class PaidRefund:
    """A refund that was paid and that nobody has signed for yet."""

    refund_id: int
    paid_on: date | None


@dataclass(frozen=True)
class Change:
    """What to write: columns of the case and of its work order, and refunds that are now signed for."""

    case: Mapping[str, object] = field(default_factory=dict)
    order: Mapping[str, object] = field(default_factory=dict)
    signed: tuple[int, ...] = ()
    signer: str = ""


@dataclass(frozen=True)
class Known:
    """What is known of the case and its repair."""

    claim_no: str
    is_closed: bool
    is_agency_claim: bool
    submits_documents: bool
    receptionist: str | None
    reviewer: str | None
    dispatched_on: date | None
    handed_over_on: date | None
    report_no: str | None
    liability: Liability | None
    settlement: Settlement
    is_settling: bool
    insured_names: frozenset[str] = frozenset()
    deposit: int = 0
    unsigned: tuple[PaidRefund, ...] = ()
    invoiced_elsewhere: int = 0
    """Fen of invoices that stand on other claims of the same repair."""
    columns: Mapping[str, object] = field(default_factory=dict)
    """The columns that a fact may set, as they stand, to tell what changes."""

    def of_case(self, **columns: object) -> Change | None:
        """A change of the case's columns; None where they are so already."""
        new = self._new(columns)
        return Change(case=new) if new else None

    def of_order(self, **columns: object) -> Change | None:
        """A change of the work order's columns; None where they are so already."""
        new = self._new(columns)
        return Change(order=new) if new else None

    def _new(self, columns: Mapping[str, object]) -> dict[str, object]:
        return {name: value for name, value in columns.items() if self.columns.get(name) != value}
