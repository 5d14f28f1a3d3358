"""The strong match: key, insurer group, and the open amount to the fen (design 5; domain 6.4).

Lines are taken in bank-date order and decided as if each day had been a night: whatever has come up to a
day is looked at together, and when something is applied, the looking starts again at the first day. So a
month brought in one file is decided as thirty nights would have decided it, in whatever order it is read.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date

from models.words import MatchKind
from tasks.reconciliation.facts import Case, Facts, Receipt
from tasks.reconciliation.reading import Reading, fits, fits_insurer
from tasks.reconciliation.sets import MOST_TRANSFERS, certain, sets_of
from tasks.reconciliation.verdict import Pairing, Part

EVIDENCE_DAYS = 3
"""A bank line within so many days of a ledger's receipt is its evidence (design 5)."""

TwinClass = tuple[date, int, frozenset[int]]
"""Day, fen and the targets it may pay: transfers that agree in all three cannot be told apart."""


def neighbours(readings: Sequence[Reading]) -> list[list[Reading]]:
    """The lines in groups that share no case: each group can be decided by itself."""
    home: dict[int, int] = {}
    groups: dict[int, list[Reading]] = {}
    for number, reading in enumerate(sorted(readings, key=lambda r: r.line.line_id)):
        joined = {home[case] for case in reading.naming.cases if case in home}
        members = [member for group in sorted(joined) for member in groups.pop(group)]
        groups[number] = [*members, reading]
        home |= dict.fromkeys((case for member in groups[number] for case in member.naming.cases), number)
    return list(groups.values())


def strong_matches(readings: Sequence[Reading], facts: Facts) -> list[Pairing]:
    """What can be applied of a group of neighbours, in the order of the nights that would have done it."""
    named = {case for reading in readings for case in reading.naming.cases}
    cases = {case: facts.cases[case] for case in named}
    receipts = [receipt for receipt in facts.receipts if receipt.case_id in named]
    waiting, applied = list(readings), list[Pairing]()
    while found := _first_night(waiting, replace(facts, cases=cases, receipts=tuple(receipts))):
        applied += found
        used = {line for pairing in found for line in pairing.line_ids}
        waiting = [reading for reading in waiting if reading.line.line_id not in used]
        for pairing in found:
            case_id = pairing.parts[0][1]
            if pairing.kind is MatchKind.PAYOUT:
                cases[case_id] = replace(cases[case_id], open_amount=0)
            receipts = [receipt for receipt in receipts if receipt.payout_ids != pairing.payout_ids]
    return applied


def _first_night(waiting: Sequence[Reading], facts: Facts) -> list[Pairing]:
    for day in sorted({reading.line.booked_on for reading in waiting}):
        come = [reading for reading in waiting if reading.line.booked_on <= day]
        for decided in (_evidence(come, facts), _payouts(come, facts)):
            if found := [pairing for pairing in decided if pairing.occasion not in facts.rejected_occasions]:
                return found
    return []


def _evidence(come: Sequence[Reading], facts: Facts) -> list[Pairing]:
    receipts = dict(enumerate(facts.receipts))

    def may_pay(reading: Reading, target: int) -> bool:
        return is_evidence(reading, receipts[target], facts)

    amounts = {number: receipt.amount for number, receipt in receipts.items()}
    return [
        _pairing(MatchKind.EVIDENCE, "ledger", lines, facts.cases[receipts[target].case_id], receipts[target])
        for target, lines in _sure_sets(come, amounts, may_pay)
    ]


def is_evidence(reading: Reading, receipt: Receipt, facts: Facts) -> bool:
    """Whether a line may stand behind what a ledger asserts: key, group, within three days."""
    case = facts.cases[receipt.case_id]
    return (
        near_in_time(reading, receipt)
        and case.case_id in reading.naming.cases
        and fits_insurer(reading, case)
        and facts.may_pair(reading.line.line_id, case.case_id)
    )


def near_in_time(reading: Reading, receipt: Receipt) -> bool:
    """Three days either way: people type the day they saw it. A receipt without a day is near nothing."""
    day = receipt.received_on
    return day is not None and abs((reading.line.booked_on - day).days) <= EVIDENCE_DAYS


def _payouts(come: Sequence[Reading], facts: Facts) -> list[Pairing]:
    def may_pay(reading: Reading, target: int) -> bool:
        return target in reading.naming.cases and fits(reading, facts.cases[target], facts)

    amounts = {case.case_id: case.open_amount for case in facts.cases.values() if case.owed}
    return [
        _pairing(MatchKind.PAYOUT, "exact" if len(lines) == 1 else "only_set", lines, facts.cases[target])
        for target, lines in _sure_sets(come, amounts, may_pay)
        if len(lines) > 1 or not _paid_before(lines[0], facts.cases[target], facts)
    ]


def _paid_before(reading: Reading, case: Case, facts: Facts) -> bool:
    """Whether it could as well be the second payment of an equal, paid claim (domain 6.4 no. 6)."""
    others = (facts.cases[other] for other in reading.naming.cases if other != case.case_id)
    return any(fits_insurer(reading, o) and not o.owed and o.expected == reading.line.amount for o in others)


def _sure_sets(
    come: Sequence[Reading], amounts: Mapping[int, int], may_pay: Callable[[Reading, int], bool]
) -> Iterator[tuple[int, list[Reading]]]:
    """Targets about which there is no doubt, each with the lines that pay it."""
    twins: dict[TwinClass, list[Reading]] = defaultdict(list)
    for reading in sorted(come, key=lambda r: r.line.line_id):
        payable = frozenset(target for target in amounts if may_pay(reading, target))
        if payable:
            twins[reading.line.booked_on, reading.line.amount, payable].append(reading)
    sizes = {of: len(members) for of, members in twins.items()}
    wishes = {target: _wishes(target, amounts[target], sizes) for target in amounts}
    chosen = certain(sizes, wishes)
    for target in sorted(chosen):
        taken = chosen[target]
        yield target, [twins[of].pop(0) for of in sorted(taken, key=str) for _ in range(taken[of])]


def _wishes(target: int, amount: int, sizes: Mapping[TwinClass, int]) -> list[dict[TwinClass, int]]:
    classes = sorted((of for of in sizes if target in of[2]), key=str)
    if sum(sizes[of] for of in classes) > MOST_TRANSFERS:
        return [{of: sizes[of] for of in classes}] * 2
    found = sets_of([of[1] for of in classes], [sizes[of] for of in classes], amount)
    return [{of: count for of, count in zip(classes, taken, strict=True) if count} for taken in found]


def _pairing(
    kind: MatchKind, reason: str, lines: Sequence[Reading], case: Case, receipt: Receipt | None = None
) -> Pairing:
    parts: list[Part] = sorted((reading.line.line_id, case.case_id, reading.line.amount) for reading in lines)
    evidence = {
        "open_by_claim": {case.claim_no: case.open_amount},
        "keys": sorted({key for r in lines for key in (*r.naming.plates, *r.naming.reports)}),
        "group": case.group_id,
        "booked_on": sorted({reading.line.booked_on.isoformat() for reading in lines}),
    }
    return Pairing(kind, reason, tuple(parts), evidence, receipt.payout_ids if receipt else ())
