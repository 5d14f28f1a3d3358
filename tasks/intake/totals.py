"""Totals that a ledger carries on from month to month, and what of them is not yet known. Amounts are fen."""

from collections.abc import Mapping
from dataclasses import replace
from typing import NamedTuple

from models.values import yuan_grouped
from models.words import Severity
from tasks.intake.ledger_row import Finding, finding_on
from tasks.intake.repair import ClaimCase, Sum


class Total(NamedTuple):
    """A total as the ledger says it in a column, and what of it is known."""

    field: str
    said: Sum | None
    known: int


def more_of(case: ClaimCase, total: Total, last: Mapping[str, object], findings: list[Finding]) -> int:
    """What a total adds to what is known; less than is known is a finding, never a subtraction."""
    if total.said is None or total.said.amount == last.get(total.field):
        return 0
    if total.said.amount < total.known:
        findings.append(finding_on(
            case.row, total.field, f"below_known_{total.field}", severity=Severity.VALUE_LEFT_OUT,
            why=f"less than the {yuan_grouped(total.known)} already known, which stays",
            remedy=f"See huikuan case show {case.row.claim_no}, and correct the ledger or the case",
        ))  # fmt: skip
    return max(0, total.said.amount - total.known)


def newest(payouts: tuple[Sum, ...], more: int) -> tuple[Sum, ...]:
    """The payouts that make up what is not yet known: the newest, if they fit; else one of that sum."""
    for first in range(len(payouts)):
        if sum(each.amount for each in payouts[first:]) == more:
            return payouts[first:]
    return (replace(payouts[-1], amount=more),) if more else ()
