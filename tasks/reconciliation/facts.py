"""What the decisions of this room are made from: plain values. Amounts are fen, money in is positive.

Lines and cases come by the hundred thousand: they are named tuples, which cost a fifth of a dataclass.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import NamedTuple

from tasks.reconciliation.policy import Policy


class Line(NamedTuple):
    """One line of a bank statement. `text` is every remark column joined.

    `key` and `words` are what was kept of it (`models.remark`), empty where nothing was.
    """

    line_id: int
    booked_on: date
    amount: int
    payer: str
    text: str
    key: str = ""
    words: str = ""


class Case(NamedTuple):
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
    insurer: str = ""
    """The branch as the ledger names it."""
    settled_on: date | None = None
    """When the insurer settled it, as far as is known: agreed, else accepted (settlement order)."""
    covers: tuple[int, ...] = ()
    """What is open on each of its expected lines, where there are several."""
    taken: tuple[int, ...] = ()
    """Transfers that pay it already, in fen each: an equal one may be a double payment (domain 6.4 no. 6)."""

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
class ListItem:
    """One row of a payment list (清单): a plate or a report number, as far as given, and its fen."""

    plate_no: str
    report_no: str
    amount: int


@dataclass(frozen=True)
class Received:
    """A payout that stands, with the match that made it: what an insurer may take back (domain 6.4 no. 8)."""

    match_id: int
    case_id: int
    amount: int
    received_on: date | None
    line_ids: tuple[int, ...] = ()


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
    undone_occasions: frozenset[str] = frozenset()
    """Statements that a person took back: not made again by itself, only proposed."""
    policies: Mapping[int, Policy] = field(default_factory=dict)
    """What holds for an insurer group where it is not what holds for all."""
    policy: Policy = field(default_factory=Policy)
    """What holds for all other groups."""
    lists: Mapping[int, tuple[ListItem, ...]] = field(default_factory=dict)
    """Payment lists by bank line."""
    remittances: frozenset[str] = frozenset()
    """Remittance numbers that are posted."""
    received: tuple[Received, ...] = ()
    """Payouts that an insurer may take back; fetched only where a line takes money back."""
    today: date | None = None
    """The business date of the night; None: after the last line."""

    def policy_of(self, group_id: int | None) -> Policy:
        return self.policies.get(group_id or 0, self.policy)

    def cases_of(self, group_id: int | None) -> tuple[Case, ...]:
        """What an insurer group owes on."""
        return self._owed_by.get(group_id or 0, ())

    @cached_property
    def _owed_by(self) -> Mapping[int, tuple[Case, ...]]:
        found: dict[int, list[Case]] = {}
        for case in self.cases.values():
            if case.owed:
                found.setdefault(case.group_id or 0, []).append(case)
        return {group: tuple(cases) for group, cases in found.items()}

    def may_pair(self, line_id: int, case_id: int) -> bool:
        return (line_id, "case", case_id) not in self.rejected
