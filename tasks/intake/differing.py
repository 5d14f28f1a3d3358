"""What a ledger says otherwise than what is known: for the dry run. Amounts are fen."""

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from tasks.intake.changes import CaseChange, RepairChange
from tasks.intake.verdicts import as_json


class Difference(NamedTuple):
    """One field of a known case, as it is known and as it would be; `field` is a table's or the ledger's."""

    claim_no: str
    field: str
    known: object
    says: object


def differences(changes: Sequence[RepairChange]) -> list[Difference]:
    """Every value of known repairs and cases that the ledger would write, with what stands there now."""
    return [each for change in changes if change.known for each in _of_repair(change)]


def counts(changes: Sequence[RepairChange]) -> dict[str, int]:
    """How many cases are new, how many known ones would change, how many stay as they are."""
    cases = [each for change in changes for each in change.cases]
    differing = {each.claim_no for each in differences(changes)}
    new = sum(each.known is None for each in cases)
    changed = sum(each.known is not None and each.case.row.claim_no in differing for each in cases)
    return {"cases_new": new, "cases_changed": changed, "cases_as_known": len(cases) - new - changed}


def _of_repair(change: RepairChange) -> Iterator[Difference]:
    assert change.known is not None
    lead = change.repair.cases[0].row.claim_no
    yield from _facts(lead, change.known.facts, change.facts)
    received, refunded = change.known.received, change.known.refunded
    if more := sum(amount for _, amount in change.lines):
        yield Difference(lead, "customer_received_amount", received, received + more)
    if change.refund:
        yield Difference(lead, "refund_paid_amount", refunded, refunded + change.refund)
    for case in change.cases:
        if case.known is not None:
            yield from _of_case(case)


def _of_case(case: CaseChange) -> Iterator[Difference]:
    assert case.known is not None
    claim_no, known = case.case.row.claim_no, case.known
    yield from _facts(claim_no, known.facts, case.facts)
    for kind, amount in case.expected.items():
        line = known.expected.get(kind)
        yield Difference(claim_no, f"expected_{kind}", line.amount if line else None, amount)
    if more := sum(payout.amount for payout in case.payouts):
        yield Difference(claim_no, "payout_received_amount", known.paid, known.paid + more)
    if case.round:
        was = known.round.number if known.round else 0
        yield Difference(claim_no, "submission_round", was, case.round.number)


def _facts(claim_no: str, known: Mapping[str, object], says: Mapping[str, object]) -> Iterator[Difference]:
    for field, value in says.items():
        yield Difference(claim_no, field, as_json(known.get(field)), as_json(value))
