"""The closing checklist (domain 7.2): what is in the way of closing a case. Pure: values in, lacks out."""

from collections.abc import Callable, Iterator

from models.values import yuan
from models.words import Resolution
from tasks.closing import money
from tasks.closing.facts import Case, Lack

ELSEWHERE = frozenset({
    "round_open", "payout_open", "difference_open", "over_receipt_held", "refund_open", "money_changed",
    "bank_line_waits", "not_reviewed",
})  # fmt: skip
"""Where one of these stands, an insurer or another item of the worklist comes first."""


def lacks(case: Case) -> tuple[Lack, ...]:
    """Everything in the way of closing, in the order of the checklist."""
    return tuple(lack for check in _CHECKS for lack in check(case))


def _rounds(case: Case) -> Iterator[Lack]:
    if case.is_returned:
        back = f" on {case.returned_on}" if case.returned_on else ""
        yield Lack(
            "round_open",
            f"{case.claim_no}: the file came back{back} and was not handed in again (再次移交). Record it: "
            f"huikuan case record {case.claim_no} resubmission",
        )


def _payouts(case: Case) -> Iterator[Lack]:
    missing = [line for line in case.lines if line.missing]
    if missing:
        kept = [line.resolution for line in missing if line.resolution]
        shown = "、".join(f"{line.cover} {yuan(line.missing)}" for line in missing)
        why = f" ({kept[0]})" if kept else ""
        yield Lack(
            "payout_open",
            f"{case.claim_no}: {shown} yuan of the insurer's money are open{why}: paid, or with a result "
            "(差额处理结果). See: huikuan difference list",
        )
    for line in case.lines:
        if line.open_difference is not None and not line.missing:
            yield Lack(
                f"difference_open:{line.open_difference}",
                f"{case.claim_no}: difference {line.open_difference} on {line.cover} has no result. Give "
                f"it one: huikuan difference resolve {line.open_difference} RESULT",
            )


def _approvals(case: Case) -> Iterator[Lack]:
    bare = [line for line in case.lines if line.is_settled and line.resolution is not Resolution.ROUNDING]
    if any(not line.is_approved for line in bare):
        yield Lack(
            "result_not_approved",
            f"{case.claim_no}: a result of a difference ({bare[0].resolution}) stands there without an "
            "approver. See: huikuan difference list --all",
        )
    if case.is_agency_claim and not case.lines:
        yield Lack(
            "nothing_expected",
            f"{case.claim_no}: claimed for the customer, and nobody has said what an insurer owes. Record "
            f"it: huikuan case expect {case.claim_no} COVER AMOUNT",
        )


def _bank(case: Case) -> Iterator[Lack]:
    if case.waiting_line is not None:
        yield Lack(
            "bank_line_waits",
            f"{case.claim_no}: bank line {case.waiting_line} may be for this case. Say whether it is: "
            f"huikuan reconcile accept {case.waiting_line}",
        )


def _papers(case: Case) -> Iterator[Lack]:
    for paper in case.papers:
        yield Lack(
            f"paper_missing:{paper.fact}",
            f"{case.claim_no}: {paper.name} is not on record. Record it: "
            f"huikuan case record {case.claim_no} {paper.fact} {paper.value}".rstrip(),
        )


def _review(case: Case) -> Iterator[Lack]:
    if case.reviewer is None or case.reviewer == case.receptionist:
        state = f"by {case.reviewer}, who filled it in" if case.reviewer else "missing"
        yield Lack(
            "not_reviewed",
            f"{case.claim_no}: the review of stage 1 (审核签名) is {state}. By another "
            f"person: huikuan case record {case.claim_no} review",
        )


_CHECKS: tuple[Callable[[Case], Iterator[Lack]], ...] = (
    _rounds,
    _payouts,
    _approvals,
    money.over_receipt,
    money.third_party,
    money.settled,
    money.signatures,
    money.deposit_receipt,
    money.invoice,
    _bank,
    _papers,
    _review,
)
