"""One transfer for several claims, listed in its remark or in a list of its own (domain 6.4 no. 2; tier 3).

The list says which claims; it is applied when the sums agree to the fen in one way only. Else it is laid out.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import chain, combinations, islice, product

from models.words import MatchKind
from tasks.reconciliation.facts import Facts
from tasks.reconciliation.lists import from_list, list_verdict
from tasks.reconciliation.reading import Reading, fits, fits_insurer
from tasks.reconciliation.scores import DATE, EXACT, INSURER, KEY
from tasks.reconciliation.strong import near_in_time
from tasks.reconciliation.verdict import Pairing, Verdict, left, proposed

MOST_WAYS = 3
_SCORE = KEY + INSURER + EXACT + DATE

MOST_CHOICES = 4096
"""Ways of choosing among several claims per car that are tried; a list is rarely that long."""

Choice = tuple[tuple[int, int], ...]
"""(case or receipt, fen) pairs"""


def listed_matches(come: Sequence[Reading], facts: Facts) -> list[Pairing]:
    """Transfers that pay what they list, to the fen, in one way; not of a claim that two of them list."""
    ways = {r.line.line_id: _ways(r, facts) for r in come if _is_list(r)}
    sure = [found[0] for found in ways.values() if len(found) == 1]
    wanted = Counter(case for found in ways.values() for case in {t for p in found for _, t, _ in p.parts})
    allowed = [p for p in sure if facts.policy_of(_group(p)).apply_list]
    return [p for p in allowed if all(wanted[target] == 1 for _, target, _ in p.parts)]


def _group(pairing: Pairing) -> int:
    return int(str(pairing.evidence["group"]))


def _is_list(reading: Reading) -> bool:
    return reading.group_id is not None and bool(reading.naming.listed)


def listed(reading: Reading, facts: Facts) -> Verdict:
    """The listed cases, when their open amounts (or what a ledger asserts of them) add up to the fen."""
    if reading.items:
        return list_verdict(reading, facts)
    if pairings := _ways(reading, facts):
        return proposed(*pairings[:MOST_WAYS])
    named = sorted(facts.cases[case].claim_no for cases in reading.naming.listed for case in cases)
    return left("batch_unclear", candidates=named, listed=len(reading.naming.listed))


def _ways(reading: Reading, facts: Facts) -> list[Pairing]:
    if reading.items:
        found = from_list(reading, facts)
        return [found] if found and found.reason == "payment_list" else []
    ledger = [_asserted(reading, cases, facts) for cases in reading.naming.listed]
    pairings = [_evidence(reading, choice, facts) for choice in _adding_up(ledger, reading.line.amount)]
    owed = [_owed(reading, cases, facts) for cases in reading.naming.listed]
    return pairings + [_payout(reading, choice, facts) for choice in _adding_up(owed, reading.line.amount)]


def _owed(reading: Reading, cases: frozenset[int], facts: Facts) -> Choice:
    owed = (facts.cases[case] for case in sorted(cases) if fits(reading, facts.cases[case], facts))
    return tuple((case.case_id, case.open_amount) for case in owed)


def _asserted(reading: Reading, cases: frozenset[int], facts: Facts) -> Choice:
    return tuple(
        (number, receipt.amount)
        for number, receipt in enumerate(facts.receipts)
        if receipt.case_id in cases
        and near_in_time(reading, receipt, facts)
        and fits_insurer(reading, facts.cases[receipt.case_id])
    )


def _adding_up(choices: Sequence[Choice], total: int) -> list[Choice]:
    """Every way to take one or more of each listed key that adds up to the total."""
    if not all(choices):
        return []
    ways = (tuple(chain.from_iterable(way)) for way in islice(product(*map(_some, choices)), MOST_CHOICES))
    found = (way for way in ways if sum(amount for _, amount in way) == total)
    return [way for way in found if len({target for target, _ in way}) == len(way)]


def _some(choice: Choice) -> list[Choice]:
    return [some for size in range(1, min(len(choice), 4) + 1) for some in combinations(choice, size)]


def _payout(reading: Reading, choice: Choice, facts: Facts) -> Pairing:
    parts = tuple((reading.line.line_id, case, amount) for case, amount in choice)
    inputs = _inputs(reading, [case for case, _ in choice], facts)
    return Pairing(
        MatchKind.PAYOUT, "batch_listed", parts, inputs, score=_SCORE, remittance=reading.hints.number
    )


def _evidence(reading: Reading, choice: Choice, facts: Facts) -> Pairing:
    receipts = [facts.receipts[number] for number, _ in choice]
    parts = tuple((reading.line.line_id, receipt.case_id, receipt.amount) for receipt in receipts)
    payouts = tuple(chain.from_iterable(receipt.payout_ids for receipt in receipts))
    inputs = _inputs(reading, [receipt.case_id for receipt in receipts], facts)
    return Pairing(MatchKind.EVIDENCE, "batch_listed", parts, inputs, payouts, _SCORE, reading.hints.number)


def _inputs(reading: Reading, cases: Sequence[int], facts: Facts) -> dict[str, object]:
    def claims() -> Iterator[tuple[str, int]]:
        for case in sorted(cases):
            yield facts.cases[case].claim_no, facts.cases[case].open_amount

    keys = [*reading.naming.plates, *reading.naming.reports]
    return {"open_by_claim": dict(claims()), "keys": keys, "group": reading.group_id}
