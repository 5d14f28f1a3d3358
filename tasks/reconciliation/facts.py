"""What the decisions of this room are made from: plain values. Amounts are fen, money in is positive."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property


@dataclass(frozen=True)
class Line:
    """One line of a bank statement. `text` is every remark column joined."""

    line_id: int
    booked_on: date
    amount: int
    payer: str
    text: str


@dataclass(frozen=True)
class Case:
    """A case of the shop. `open_amount` is what its insurer still owes on it, never below zero."""

    case_id: int
    claim_no: str
    plate_no: str
    report_no: str | None
    insured_name: str
    group_id: int | None
    accepted_on: date | None
    is_agency_claim: bool
    closed: bool
    expected: int
    open_amount: int

    @property
    def owed(self) -> bool:
        """Whether an insurer still owes the shop money on it."""
        return self.is_agency_claim and not self.closed and self.open_amount > 0


@dataclass(frozen=True)
class Receipt:
    """Money that so far only a ledger speaks of: the asserted payouts of one case on one day."""

    case_id: int
    amount: int
    received_on: date | None
    payout_ids: tuple[int, ...]


@dataclass(frozen=True)
class PaidRefund:
    """A refund that went out. `names` are its payee and the insured of the repair."""

    refund_id: int
    claim_no: str
    names: tuple[str, ...]
    amount: int
    paid_on: date | None


@dataclass(frozen=True)
class Alias:
    """A text that names an insurer group wherever it stands in a payer's name."""

    text: str
    group_id: int


@dataclass(frozen=True)
class ReportPattern:
    """What a group's report numbers look like: a regular expression over the upper-cased number."""

    text: str
    group_id: int


@dataclass(frozen=True)
class Facts:
    """All that is known when a shop's lines are looked at."""

    cases: Mapping[int, Case]
    receipts: tuple[Receipt, ...] = ()
    refunds: tuple[PaidRefund, ...] = ()
    aliases: tuple[Alias, ...] = ()
    patterns: tuple[ReportPattern, ...] = ()
    own_names: frozenset[str] = frozenset()
    """The shop and the holders of its accounts."""
    rejected: frozenset[tuple[int, str, int]] = frozenset()
    """(line, 'case' or 'refund', its id) that a person said do not belong together."""
    rejected_occasions: frozenset[str] = frozenset()
    """Statements of several lines or cases that a person rejected as a whole."""
    rounding_fen: int = 5
    """Up to here a difference is a rounding (setting rounding_tolerance_fen; domain 1.7)."""

    @cached_property
    def owed_at(self) -> Mapping[int, tuple[int, ...]]:
        """Cases that are still owed exactly so many fen."""
        found: dict[int, list[int]] = {}
        for case in self.cases.values():
            if case.owed:
                found.setdefault(case.open_amount, []).append(case.case_id)
        return {amount: tuple(cases) for amount, cases in found.items()}

    def may_pair(self, line_id: int, case_id: int) -> bool:
        return (line_id, "case", case_id) not in self.rejected
