"""A strong key and nearly the amount: rounding, short, over (domain 6.4 no. 3 to 5; issue 4, tier 5).

The key says which claim, so the money is applied to it; what is missing or over shows as a difference of the
claim, for a person. Not where another claim could be meant, where an equal transfer came before (a double
payment), where the remark speaks of more claims than it names, where VAT explains the difference, or where
what is over is what other claims wait for; nor, but for cents, before the insurer is known to have
accepted it.
"""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, timedelta

from tasks.reconciliation.beyond import pays_others
from tasks.reconciliation.facts import Case, Facts
from tasks.reconciliation.pairs import difference, pair
from tasks.reconciliation.policy import Policy
from tasks.reconciliation.reading import Reading, fits, fits_insurer
from tasks.reconciliation.sets import MOST_TRANSFERS
from tasks.reconciliation.verdict import Pairing


def near_matches(come: Sequence[Reading], facts: Facts, day: date, whole: Facts) -> list[Pairing]:
    """What is applied although it does not agree to the fen, of the lines that have come up to a day.

    `facts` are of these lines' claims, `whole` of all claims of the shop as the night began.
    """
    wanting: dict[int, list[Reading]] = defaultdict(list)
    for reading in come:
        for case_id in reading.naming.cases:
            if fits(reading, facts.cases[case_id], facts):
                wanting[case_id].append(reading)
    near = [_near(readings, facts.cases[case_id], facts, day) for case_id, readings in wanting.items()]
    found = [p for p in near if p and not _is_of_others(p, facts, whole)]
    return sorted(found, key=lambda pairing: pairing.parts)


def _is_of_others(pairing: Pairing, facts: Facts, whole: Facts) -> bool:
    case = facts.cases[pairing.parts[0][1]]
    too_much = pairing.reason == "over_paid"
    return too_much and pays_others(pairing.amount - case.open_amount, case, whole)


def _near(readings: Sequence[Reading], case: Case, facts: Facts, day: date) -> Pairing | None:
    """All lines that wait for the case together, where each of them can mean no other claim."""
    if len(readings) > MOST_TRANSFERS or not all(_only_this(r, case, facts) for r in readings):
        return None
    amounts = [reading.line.amount for reading in readings]
    if len(set(amounts)) < len(amounts) or set(amounts) & set(case.taken):
        return None
    policy = facts.policy_of(case.group_id)
    what = difference(sum(amounts), case.open_amount, policy.rounding_fen)
    newest = max(reading.line.booked_on for reading in readings)
    allowed = _allowed(what, sum(amounts), case, policy, waited=(day - newest).days)
    if what != "rounding" and not all(_surely_this(r, case, facts) for r in readings):
        return None
    return (
        pair(readings, case, facts, what) if allowed and (what != "over_paid" or len(readings) == 1) else None
    )


def _allowed(what: str, amount: int, case: Case, policy: Policy, waited: int) -> bool:
    off = abs(amount - case.open_amount) * 100
    if what == "rounding":
        return policy.apply_rounding
    if what == "over_paid":
        return policy.apply_over and off <= case.open_amount * policy.over_percent
    short = policy.apply_short and waited >= policy.short_wait_days
    return what == "short_paid" and short and off <= case.open_amount * policy.short_percent


def _only_this(reading: Reading, case: Case, facts: Facts) -> bool:
    """Whether no other claim of ours could be meant by the line, paid or not."""
    if reading.hints.several:
        return False
    policy, amount = facts.policy_of(case.group_id), reading.line.amount
    others = [facts.cases[other] for other in reading.naming.cases if other != case.case_id]
    equal = any(
        fits_insurer(reading, other) and abs(other.expected - amount) <= policy.rounding_fen
        for other in others
    )
    told = any(r.case_id in reading.naming.cases and r.amount == amount for r in facts.receipts)
    return not equal and not told and not any(fits(reading, other, facts) for other in others)


def _surely_this(reading: Reading, case: Case, facts: Facts) -> bool:
    """Whether the insurer is known to have had the file by then, and no closed claim of the car is left out.

    Else the money may be of a claim that nobody has entered yet, or come late for the closed one.
    """
    others = (facts.cases[other] for other in reading.naming.cases if other != case.case_id)
    return case.accepted_on is not None and not any(o.closed and fits_insurer(reading, o) for o in others)


def ripe_days(readings: Sequence[Reading], facts: Facts) -> set[date]:
    """The days on which a short transfer has waited long enough."""
    return {r.line.booked_on + timedelta(days=facts.policy_of(r.group_id).short_wait_days) for r in readings}
