"""What is said of a line that was not applied: ranked proposals where a key or an amount points somewhere,
a coded reason everywhere (domain 6.4). A person decides; "close" is never a match.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import islice

from tasks.reconciliation.batches import listed
from tasks.reconciliation.beyond import pays_others
from tasks.reconciliation.facts import Case, Facts
from tasks.reconciliation.kinds import talks_of_payout
from tasks.reconciliation.lumps import explain, is_lump
from tasks.reconciliation.obstacles import obstacle
from tasks.reconciliation.pairs import MOST_PROPOSALS, alone, difference, in_order, pair
from tasks.reconciliation.reading import Reading, fits, fits_date
from tasks.reconciliation.sets import MOST_TRANSFERS, sets_of
from tasks.reconciliation.verdict import UNDONE, Pairing, Verdict, left, proposed


def remaining(reading: Reading, others: Sequence[Reading], facts: Facts) -> Verdict:
    """Where a line stands that nothing was applied to. `others` waits with it and names a case it names.

    What a person rejected as a whole is not proposed again.
    """
    verdict = _remaining(reading, others, facts)
    kept = [_as_said(p, facts) for p in verdict.proposals if p.occasion not in facts.rejected_occasions]
    if verdict.proposals and not kept:
        return left("rejected_by_person", was=verdict.reason)
    return proposed(*kept, **verdict.detail) if kept else verdict


def _as_said(pairing: Pairing, facts: Facts) -> Pairing:
    """A statement that a person took back, or a number that is posted, is proposed as just that."""
    if pairing.occasion in facts.undone_occasions:
        return replace(pairing, reason=UNDONE)
    if pairing.remittance is not None and pairing.remittance in facts.remittances:
        return replace(pairing, reason="remittance_posted")
    return pairing


def _remaining(reading: Reading, others: Sequence[Reading], facts: Facts) -> Verdict:
    if reading.group_id is None:
        return _unknown_payer(reading, facts)
    if reading.naming.listed:
        return listed(reading, facts)
    if reading.naming.cases:
        return _by_key(reading, others, facts)
    weak = _by_weak_key(reading, facts)
    if weak is None and is_lump(reading):
        return explain(reading, facts).verdict
    return weak or _without_case(reading)


def _by_key(reading: Reading, others: Sequence[Reading], facts: Facts) -> Verdict:
    named = in_order(reading.naming.cases, facts)
    owed = [case for case in named if fits(reading, case, facts)]
    if not owed:
        return obstacle(reading, named, facts)
    exact = [case for case in owed if case.open_amount == reading.line.amount]
    sets = list(islice(_sets(reading, others, owed, facts), MOST_PROPOSALS))
    if len(exact) > 1:
        return proposed(*(alone(reading, case, facts, "two_cases_fit") for case in exact[:MOST_PROPOSALS]))
    doubt = [*(alone(reading, case, facts, "double_or_two_sets") for case in exact), *sets]
    if doubt:
        return proposed(*doubt[:MOST_PROPOSALS])
    near = [_near(reading, case, facts) for case in owed]
    near += [pairing for case in owed if (pairing := _together(reading, others, case, facts))]
    ranked = sorted(near, key=lambda p: (abs(_difference(p)), len(p.parts), p.occasion))
    return proposed(*ranked[:MOST_PROPOSALS])


def _near(reading: Reading, case: Case, facts: Facts) -> Pairing:
    """For one claim, short or over; what is over may be what other claims wait for."""
    found = alone(reading, case, facts)
    of_others = found.reason == "over_paid" and pays_others(_difference(found), case, facts)
    return replace(found, reason="over_or_several") if of_others else found


def _together(reading: Reading, others: Sequence[Reading], case: Case, facts: Facts) -> Pairing | None:
    """All that waits for one case, as one: 交强 and 商业 of which one came short."""
    mates = _mates(others, case, facts)
    return pair([reading, *mates], case, facts) if mates else None


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
                yield pair([reading, *chosen], case, facts, "two_sets_fit")


def _by_weak_key(reading: Reading, facts: Facts) -> Verdict | None:
    owed = [case for case in in_order(reading.naming.weak, facts) if fits(reading, case, facts)]
    rounding = facts.policy_of(reading.group_id).rounding_fen
    near = [c for c in owed if difference(reading.line.amount, c.open_amount, rounding) == "rounding"]
    return (
        proposed(*(alone(reading, case, facts, "weak_key") for case in near[:MOST_PROPOSALS]))
        if near
        else None
    )


def _without_case(reading: Reading) -> Verdict:
    """A key that is none of ours, or a weak one of a claim that it does not fit."""
    keys = [*reading.naming.plates, *reading.naming.reports]
    return left(reading.naming.trouble or "weak_key_unfit", keys=keys)


def _unknown_payer(reading: Reading, facts: Facts) -> Verdict:
    """The insured may pass a payout on (domain 6.4 no. 10); anyone else is asked about."""
    insured = [case for case in in_order(reading.insured_of, facts) if _exact(reading, case, facts)]
    if insured:
        return proposed(
            *(alone(reading, case, facts, "customer_forwarded") for case in insured[:MOST_PROPOSALS])
        )
    if reading.insured_of:
        theirs = in_order(reading.insured_of, facts)
        return left("customer_money", candidates=[case.claim_no for case in theirs])
    named = [case for case in in_order(reading.naming.cases, facts) if _exact(reading, case, facts)]
    if named:
        return proposed(*(alone(reading, case, facts, "unknown_payer") for case in named[:MOST_PROPOSALS]))
    keys = [*reading.naming.plates, *reading.naming.reports]
    return left("unknown_payer", keys=keys, payout_words=talks_of_payout(reading))


def _exact(reading: Reading, case: Case, facts: Facts) -> bool:
    allowed = facts.may_pair(reading.line.line_id, case.case_id) and fits_date(reading, case)
    return case.owed and case.open_amount == reading.line.amount and allowed
