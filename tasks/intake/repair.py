"""What the rows of a ledger come to: repairs with their cases and sums. Amounts are fen."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from models.words import LineKind, Stage
from tasks.intake.case_facts import Round
from tasks.intake.cells import Value
from tasks.intake.insurers import InsurerMeant
from tasks.intake.ledger_row import LedgerRow


class Home(NamedTuple):
    """Where a claim that is known so far belongs."""

    work_order_no: str
    plate_no: str


@dataclass(frozen=True)
class Sum:
    """Money that moved: fen, on which day (None = unknown), through or to whom."""

    amount: int
    on: date | None
    who: str | None


@dataclass(frozen=True)
class ClaimCase:
    """One row as a case: its facts by field name of the table, what is expected and what has come."""

    row: LedgerRow
    is_lead: bool
    is_agency_claim: bool
    stage: Stage
    insurer: InsurerMeant | None
    facts: Mapping[str, Value]
    expected: Mapping[LineKind, int]
    round: Round | None
    payouts: tuple[Sum, ...]

    @property
    def paid(self) -> int:
        """Column 35: all that has come for the case, however many rows it stands on."""
        return sum(payout.amount for payout in self.payouts)


@dataclass(frozen=True)
class Repair:
    """One work order: its bill, its cases (the lead first), the customer's money, the refund already paid."""

    work_order_no: str
    facts: Mapping[str, Value]
    cases: tuple[ClaimCase, ...]
    received: Sum | None
    refund: Sum | None

    @property
    def own_expected(self) -> int | None:
        """Column 19 over the claims of the repair; None while an agency claim has none yet."""
        amounts = [case.expected.get(LineKind.OWN_REPAIR) for case in self.cases if case.is_agency_claim]
        return None if None in amounts else sum(amount or 0 for amount in amounts)
