"""What is already written down of the repairs that a ledger speaks of. Amounts are fen."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from models.words import LineKind
from tasks.intake.case_facts import Round


@dataclass(frozen=True)
class KnownLine:
    """What is expected of one kind: the sum, and the line that an import may change (None: split by hand)."""

    amount: int
    unsplit_id: int | None


@dataclass(frozen=True)
class KnownRound:
    """The latest time the file came back."""

    number: int
    round: Round


@dataclass(frozen=True)
class KnownCase:
    """A case as written down; `imported` is what ledgers said last, as JSON; `paid` its payouts, in fen."""

    id: int
    facts: Mapping[str, object]
    imported: Mapping[str, object] = field(default_factory=dict)
    expected: Mapping[LineKind, KnownLine] = field(default_factory=dict)
    round: KnownRound | None = None
    paid: int = 0


@dataclass(frozen=True)
class KnownRepair:
    """A work order as written down: received from the customer, of that self-pay, and refunds paid.

    `refunds` is the highest number so far, `refund_waiting` the one that nobody has approved yet,
    `refund_promised` whether one is approved or on its way.
    """

    id: int
    facts: Mapping[str, object]
    cases: Mapping[str, KnownCase]
    received: int = 0
    self_pay: int = 0
    refunded: int = 0
    refunds: int = 0
    refund_waiting: int | None = None
    refund_promised: bool = False

    @property
    def imported(self) -> dict[str, object]:
        """What ledgers said last of the repair, on whichever of its cases."""
        return {name: said for case in self.cases.values() for name, said in case.imported.items()}
