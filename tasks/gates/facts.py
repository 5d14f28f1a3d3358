"""What the rules of stage gates are given, and what they give back. Pure; amounts are fen."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import NamedTuple

from models.words import Liability, Stage
from tasks.gates.settlement import Settlement


@dataclass(frozen=True)
class Patience:
    """Days before something not done is listed; 0 = never (settings of the same names)."""

    invoice_after_days: int = 7
    handover_after_days: int = 7
    resubmit_after_days: int = 7
    accept_after_days: int = 3


@dataclass(frozen=True)
class Case:
    """One open case as it is known; dates that are not known are None."""

    claim_no: str
    stage: Stage
    is_agency_claim: bool
    submits_documents: bool
    receptionist: str | None
    reviewer: str | None
    reviewed_on: date | None
    released_on: date | None
    invoiced_on: date | None
    handed_over_on: date | None
    accepted_on: date | None
    report_no: str | None
    liability: Liability | None
    authorised: bool
    authorisation_valid_to: date | None
    still_owed: bool
    has_expected: bool
    has_rounds: bool
    is_returned: bool
    returned_on: date | None
    settlement: Settlement
    is_settling: bool
    """On the lead case of the repair, and before an insurer's money has come: the identity must hold."""

    @property
    def goes_to_insurer(self) -> bool:
        """Whether stage 2 exists for it (domain 1.8, scenario 2)."""
        return self.is_agency_claim or self.submits_documents

    @property
    def left_on(self) -> date | None:
        """The first day that shows it to be past stage 1."""
        days = [day for day in (self.released_on, self.handed_over_on, self.accepted_on) if day]
        return min(days) if days else None

    @property
    def is_handed_over(self) -> bool:
        return bool(self.handed_over_on or self.accepted_on or self.has_rounds)


class Lack(NamedTuple):
    """One thing missing: a code, what is so and what to do, since when (None: since it was seen)."""

    code: str
    sentence: str
    since: date | None


def record(case: Case, fact: str) -> str:
    """The command that records a fact of the case."""
    return f"huikuan case record {case.claim_no} {fact}"


def after(day: date | None, days: int) -> date | None:
    """The day on which something not done is listed; None where it never is."""
    return day + timedelta(days=days) if day and days else None
