"""What is said of a line that was not applied: ranked proposals where a key or an amount points somewhere,
a coded reason everywhere (domain 6.4). A person decides; "close" is never a match.
"""

from collections.abc import Iterable, Sequence
from decimal import Decimal
from itertools import islice

from models.values import rate_of
from models.words import MatchKind
from tasks.reconciliation.batches import listed
from tasks.reconciliation.facts import Case, Facts
from tasks.reconciliation.kinds import talks_of_payout
from tasks.reconciliation.reading import Reading, fits, fits_date, fits_insurer
from tasks.reconciliation.sets import MOST_TRANSFERS, sets_of
from tasks.reconciliation.verdict import Pairing, Verdict, left, proposed

VAT_RATES = (Decimal("1.13"), Decimal("1.06"))
"""Net of VAT, flagged (domain 6.4 no. 14; verify)."""

MOST_PROPOSALS = 3


def remaining(reading: Reading, others: Sequence[Reading], facts: Facts) -> Verdict:
    """Where a line stands that nothing was applied to. `others` waits with it and names a case it names.

    What a person rejected as a whole is not proposed again.
    """
    verdict = _remaining(reading, others, facts)
    kept = tuple(p for p in verdict.proposals if p.occasion not in facts.rejected_occasions)
    if verdict.proposals and not kept:
        return left("rejected_by_person", was=verdict.reason)
    return proposed(*kept) if kept else verdict


def _remaining(reading: Reading, others: Sequence[Reading], facts: Facts) -> Verdict:
    if reading.group_id is None:
        return _unknown_payer(reading, facts)
    if reading.naming.listed:
        return listed(reading, facts)
    if reading.naming.cases:
        return _by_key(reading, others, facts)
    return _by_weak_key(reading, facts) or _by_amount(reading, facts)


def _by_key(reading: Reading, others: Sequence[Reading], facts: Facts) -> Verdict:
    named = _cases(reading.naming.cases, facts)
    owed = [case for case in named if fits(reading, case, facts)]
    if not owed:
        return _why_not(reading, named, facts)
    exact = [case for case in owed if case.open_amount == reading.line.amount]
    sets = list(islice(_sets(reading, others, owed, facts), MOST_PROPOSALS))
    if len(exact) > 1:
        return proposed(*(_alone(reading, case, facts, "two_cases_fit") for case in exact[:MOST_PROPOSALS]))
    doubt = [*(_alone(reading, case, facts, "double_or_two_sets") for case in exact), *sets]
    if doubt:
        return proposed(*doubt[:MOST_PROPOSALS])
    near = [_alone(reading, case, facts) for case in owed]
    near += [pairing for case in owed if (pairing := _together(reading, others, case, facts))]
    ranked = sorted(near, key=lambda p: (abs(_difference(p)), len(p.parts), p.occasion))
    return proposed(*ranked[:MOST_PROPOSALS])


def _together(reading: Reading, others: Sequence[Reading], case: Case, facts: Facts) -> Pairing | None:
    """All that waits for one case, as one: 交强 and 商业 of which one came short."""
    mates = _mates(others, case, facts)
    return _pairing([reading, *mates], case, facts) if mates else None


def _mates(others: Sequence[Reading], case: Case, facts: Facts) -> list[Reading]:
    return [o for o in others if case.case_id in o.naming.cases and fits(o, case, facts)][:MOST_TRANSFERS]


def _difference(pairing: Pairing) -> int:
    return int(str(pairing.evidence["difference"]))


def _sets(
    reading: Reading, others: Sequence[Reading], owed: Iterable[Case], facts: Facts
) -> Iterable[Pairing]:
    """Sets that hold this line and equal an open amount, but are not the only ones."""
    for case in owed:
        mates = _mates(others, case, facts)
        missing = case.open_amount - reading.line.amount
        for taken in sets_of([m.line.amount for m in mates], [1] * len(mates), missing):
            chosen = [mate for mate, count in zip(mates, taken, strict=True) if count]
            if chosen:
                yield _pairing([reading, *chosen], case, facts, "two_sets_fit")


def difference(amount: int, owed: int, facts: Facts) -> str:
    """Name the difference between a transfer and what is owed, in fen (domain 1.7; 6.4 no. 3, 4, 5, 14)."""
    if abs(amount - owed) <= facts.rounding_fen:
        return "rounding"
    if amount > owed:
        return "over_paid"
    net = any(abs(rate_of(owed, 1 / rate) - amount) <= 1 for rate in VAT_RATES)
    return "net_of_tax" if net else "short_paid"


def _why_not(reading: Reading, named: Sequence[Case], facts: Facts) -> Verdict:
    """A key of ours, but no case that the line may pay by itself: the first obstacle that there is."""
    allowed = [case for case in named if facts.may_pair(reading.line.line_id, case.case_id)]
    names = [case.claim_no for case in named]
    if not allowed:
        return left("rejected_by_person", candidates=names)
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
            return proposed(*(_alone(reading, case, facts, reason) for case in cases[:MOST_PROPOSALS]))
    return left("nothing_expected", candidates=names)


def _by_weak_key(reading: Reading, facts: Facts) -> Verdict | None:
    owed = [case for case in _cases(reading.naming.weak, facts) if fits(reading, case, facts)]
    near = [c for c in owed if difference(reading.line.amount, c.open_amount, facts) == "rounding"]
    return (
        proposed(*(_alone(reading, case, facts, "weak_key") for case in near[:MOST_PROPOSALS]))
        if near
        else None
    )


def _by_amount(reading: Reading, facts: Facts) -> Verdict:
    """No key: exactly one open case of the group with exactly that open amount is worth a question."""
    if reading.naming.trouble:
        return left(reading.naming.trouble, keys=[*reading.naming.plates, *reading.naming.reports])
    same = [case for case in _same_amount(reading, facts) if fits(reading, case, facts)]
    if len(same) == 1:
        return proposed(_alone(reading, same[0], facts, "amount_only"))
    return left("no_key", candidates=[case.claim_no for case in same[:10]])


def _unknown_payer(reading: Reading, facts: Facts) -> Verdict:
    """The insured may pass a payout on (domain 6.4 no. 10); anyone else is asked about."""
    insured = [case for case in _cases(reading.insured_of, facts) if _exact(reading, case, facts)]
    if insured:
        return proposed(
            *(_alone(reading, case, facts, "customer_forwarded") for case in insured[:MOST_PROPOSALS])
        )
    if reading.insured_of:
        theirs = _cases(reading.insured_of, facts)
        return left("customer_money", candidates=[case.claim_no for case in theirs])
    named = [case for case in _cases(reading.naming.cases, facts) if _exact(reading, case, facts)]
    if named:
        return proposed(*(_alone(reading, case, facts, "unknown_payer") for case in named[:MOST_PROPOSALS]))
    keys = [*reading.naming.plates, *reading.naming.reports]
    return left("unknown_payer", keys=keys, payout_words=talks_of_payout(reading))


def _exact(reading: Reading, case: Case, facts: Facts) -> bool:
    allowed = facts.may_pair(reading.line.line_id, case.case_id) and fits_date(reading, case)
    return case.owed and case.open_amount == reading.line.amount and allowed


def _same_amount(reading: Reading, facts: Facts) -> list[Case]:
    return _cases(frozenset(facts.owed_at.get(reading.line.amount, ())), facts)


def _cases(ids: Iterable[int], facts: Facts) -> list[Case]:
    return sorted((facts.cases[case] for case in ids), key=lambda case: (case.claim_no, case.case_id))


def _alone(reading: Reading, case: Case, facts: Facts, reason: str | None = None) -> Pairing:
    return _pairing([reading], case, facts, reason)


def _pairing(readings: Sequence[Reading], case: Case, facts: Facts, reason: str | None = None) -> Pairing:
    """Pair lines with one case, for a reason given or else for what the difference is."""
    parts = tuple(sorted((r.line.line_id, case.case_id, r.line.amount) for r in readings))
    total = sum(amount for _, _, amount in parts)
    evidence = {
        "open_by_claim": {case.claim_no: case.open_amount},
        "difference": total - case.open_amount,
        "keys": sorted({key for r in readings for key in (*r.naming.plates, *r.naming.reports)}),
        "group": readings[0].group_id,
    }
    return Pairing(MatchKind.PAYOUT, reason or difference(total, case.open_amount, facts), parts, evidence)
