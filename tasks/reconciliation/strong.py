"""The strong match: key, insurer group, and the open amount to the fen (design 5; domain 6.4)."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date

from models.words import MatchKind
from tasks.reconciliation.facts import Case, Facts, Receipt
from tasks.reconciliation.pairs import in_order, named_by, remittance_of
from tasks.reconciliation.reading import Reading, fits, fits_insurer
from tasks.reconciliation.scores import considered, score
from tasks.reconciliation.sets import MOST_TRANSFERS, certain, sets_of
from tasks.reconciliation.verdict import Pairing, Part

TwinClass = tuple[date, int, frozenset[int]]
"""Day, fen and the targets it may pay: transfers that agree in all three cannot be told apart."""


def evidence(come: Sequence[Reading], facts: Facts) -> list[Pairing]:
    """Lines that are surely what a ledger asserts."""
    receipts = dict(enumerate(facts.receipts))

    def may_pay(reading: Reading, target: int) -> bool:
        return is_evidence(reading, receipts[target], facts)

    amounts = {number: receipt.amount for number, receipt in receipts.items()}
    return [
        sure(
            MatchKind.EVIDENCE,
            "ledger",
            lines,
            facts.cases[receipts[target].case_id],
            facts,
            receipts[target],
        )
        for target, lines in _sure_sets(come, amounts, may_pay)
    ]


def is_evidence(reading: Reading, receipt: Receipt, facts: Facts) -> bool:
    """Whether a line may stand behind what a ledger asserts: key, group, within three days."""
    case = facts.cases[receipt.case_id]
    return (
        near_in_time(reading, receipt, facts)
        and case.case_id in reading.naming.cases
        and fits_insurer(reading, case)
        and facts.may_pair(reading.line.line_id, case.case_id)
    )


def near_in_time(reading: Reading, receipt: Receipt, facts: Facts) -> bool:
    """Some days either way: people type the day they saw it. A receipt without a day is near nothing."""
    day, days = receipt.received_on, facts.policy_of(reading.group_id).evidence_days
    return day is not None and abs((reading.line.booked_on - day).days) <= days


def payouts(come: Sequence[Reading], facts: Facts) -> list[Pairing]:
    """Lines that surely pay what is open on a case, alone or as the only set."""

    def may_pay(reading: Reading, target: int) -> bool:
        return target in reading.naming.cases and fits(reading, facts.cases[target], facts)

    amounts = {case.case_id: case.open_amount for case in facts.cases.values() if case.owed}
    return [
        sure(MatchKind.PAYOUT, "exact" if len(lines) == 1 else "only_set", lines, facts.cases[target], facts)
        for target, lines in _sure_sets(come, amounts, may_pay)
        if len(lines) > 1 or not paid_before(lines[0], facts.cases[target], facts)
    ]


def paid_before(reading: Reading, case: Case, facts: Facts) -> bool:
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


def sure(
    kind: MatchKind,
    reason: str,
    lines: Sequence[Reading],
    case: Case,
    facts: Facts,
    receipt: Receipt | None = None,
) -> Pairing:
    """These lines surely are the money of a case, or of a receipt that a ledger asserts for it."""
    parts: list[Part] = sorted((reading.line.line_id, case.case_id, reading.line.amount) for reading in lines)
    total = sum(amount for _, _, amount in parts)
    owed = receipt.amount if receipt else case.open_amount
    evidence = {
        "open_by_claim": {case.claim_no: case.open_amount},
        "keys": sorted({key for r in lines for key in (*r.naming.plates, *r.naming.reports)}),
        "group": case.group_id,
        "booked_on": sorted({reading.line.booked_on.isoformat() for reading in lines}),
        "candidates": considered(lines[0], in_order(named_by(lines), facts)),
    }
    return Pairing(
        kind, reason, tuple(parts), evidence, receipt.payout_ids if receipt else (),
        score=score(lines[0], case, total, owed), remittance=remittance_of(lines),
    )  # fmt: skip
