"""A line names a case of ours, and yet pays nothing that is owed: what is in the way (domain 6.4)."""

from collections.abc import Sequence

from models.words import MatchKind
from tasks.reconciliation.facts import Case, Facts, Receipt
from tasks.reconciliation.pairs import MOST_PROPOSALS, alone
from tasks.reconciliation.reading import Reading, fits_date, fits_insurer
from tasks.reconciliation.verdict import Pairing, Verdict, left, proposed


def obstacle(reading: Reading, named: Sequence[Case], facts: Facts) -> Verdict:
    """A key of ours, but no case that the line may pay by itself: the first obstacle that there is."""
    allowed = [case for case in named if facts.may_pair(reading.line.line_id, case.case_id)]
    names = [case.claim_no for case in named]
    if not allowed:
        return left("rejected_by_person", candidates=names)
    if told := [_told(reading, receipt, facts) for receipt in _receipts(reading, allowed, facts)]:
        return proposed(*told[:MOST_PROPOSALS])
    agency = [case for case in allowed if case.is_agency_claim]
    if not agency:
        return left("not_agency", candidates=names)
    still_open = [case for case in agency if not case.closed]
    if not still_open:
        return left("case_closed", candidates=names)
    of_insurer = [case for case in still_open if fits_insurer(reading, case)]
    for reason, cases in (
        ("already_paid", [case for case in of_insurer if case.expected and not case.open_amount]),
        ("before_acceptance", [case for case in of_insurer if not fits_date(reading, case)]),
        ("insurer_not_known", [c for c in still_open if c.group_id is None]),
        ("other_insurer", [case for case in still_open if case.expected and not fits_insurer(reading, case)]),
    ):
        if cases:
            return proposed(*(alone(reading, case, facts, reason) for case in cases[:MOST_PROPOSALS]))
    return left("nothing_expected", candidates=names)


def _receipts(reading: Reading, cases: Sequence[Case], facts: Facts) -> list[Receipt]:
    """What a ledger says was received in the same fen on one of the cases, on whatever day."""
    ids = {case.case_id for case in cases if fits_insurer(reading, case)}
    return [r for r in facts.receipts if r.case_id in ids and r.amount == reading.line.amount]


def _told(reading: Reading, receipt: Receipt, facts: Facts) -> Pairing:
    case, line = facts.cases[receipt.case_id], reading.line
    day = receipt.received_on.isoformat() if receipt.received_on else None
    evidence = {"open_by_claim": {case.claim_no: case.open_amount}, "ledger_day": day, "group": case.group_id}
    parts = ((line.line_id, case.case_id, line.amount),)
    return Pairing(MatchKind.EVIDENCE, "ledger_other_day", parts, evidence, receipt.payout_ids)
