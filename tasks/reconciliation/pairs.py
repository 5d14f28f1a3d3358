"""One way to say: these lines, for this case, because of this."""

from collections.abc import Iterable, Sequence
from decimal import Decimal

from models.values import rate_of
from models.words import MatchKind
from tasks.reconciliation.facts import Case, Facts
from tasks.reconciliation.reading import Reading
from tasks.reconciliation.scores import considered, score
from tasks.reconciliation.verdict import Pairing

VAT_RATES = (Decimal("1.13"), Decimal("1.06"))
"""Net of VAT, flagged (domain 6.4 no. 14; verify)."""

MOST_PROPOSALS = 3


def difference(amount: int, owed: int, rounding_fen: int) -> str:
    """Name the difference between a transfer and what is owed, in fen (domain 1.7; 6.4 no. 3, 4, 5, 14)."""
    if abs(amount - owed) <= rounding_fen:
        return "rounding"
    if amount > owed:
        return "over_paid"
    net = any(abs(rate_of(owed, 1 / rate) - amount) <= 1 for rate in VAT_RATES)
    return "net_of_tax" if net else "short_paid"


def in_order(ids: Iterable[int], facts: Facts) -> list[Case]:
    return sorted((facts.cases[case] for case in ids), key=lambda case: (case.claim_no, case.case_id))


def alone(reading: Reading, case: Case, facts: Facts, reason: str | None = None) -> Pairing:
    return pair([reading], case, facts, reason)


def pair(readings: Sequence[Reading], case: Case, facts: Facts, reason: str | None = None) -> Pairing:
    """Pair lines with one case, for a reason given or else for what the difference is."""
    parts = tuple(sorted((r.line.line_id, case.case_id, r.line.amount) for r in readings))
    total = sum(amount for _, _, amount in parts)
    rounding = facts.policy_of(readings[0].group_id).rounding_fen
    evidence = {
        "open_by_claim": {case.claim_no: case.open_amount},
        "difference": total - case.open_amount,
        "keys": sorted({key for r in readings for key in (*r.naming.plates, *r.naming.reports)}),
        "group": readings[0].group_id,
        "candidates": considered(readings[0], in_order(named_by(readings), facts)),
    }
    return Pairing(
        MatchKind.PAYOUT, reason or difference(total, case.open_amount, rounding), parts, evidence,
        score=score(readings[0], case, total, case.open_amount), remittance=remittance_of(readings),
    )  # fmt: skip


def named_by(readings: Sequence[Reading]) -> set[int]:
    """All cases that these lines name, surely or weakly."""
    return {case for r in readings for case in (*r.naming.cases, *r.naming.weak)}


def remittance_of(readings: Sequence[Reading]) -> str | None:
    """The one number that these lines are paid under, if they agree on one."""
    numbers = {r.hints.number for r in readings}
    return numbers.pop() if len(numbers) == 1 else None
