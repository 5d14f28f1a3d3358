"""A payment list (清单) of an insurer: which claims a transfer pays, and how much each (tier 3). Pure."""

from models.words import MatchKind
from tasks.reconciliation.facts import Case, Facts, ListItem, Receipt
from tasks.reconciliation.pairs import difference
from tasks.reconciliation.policy import Policy
from tasks.reconciliation.reading import Reading, fits, fits_insurer
from tasks.reconciliation.scores import DATE, EXACT, INSURER, KEY
from tasks.reconciliation.verdict import Pairing, Verdict, left, proposed

Chosen = list[tuple[ListItem, Case]]


def from_list(reading: Reading, facts: Facts) -> Pairing | None:
    """The claims of the list, where each row names one and the sum is that of the transfer, to the fen."""
    if sum(item.amount for item in reading.items) != reading.line.amount:
        return None
    return _as_evidence(reading, facts) or _as_payout(reading, facts)


def _as_payout(reading: Reading, facts: Facts) -> Pairing | None:
    chosen: Chosen = []
    for item, ids in zip(reading.items, reading.naming.listed, strict=True):
        taken = {case.case_id for _, case in chosen}
        owed = [facts.cases[id_] for id_ in sorted(ids - taken) if fits(reading, facts.cases[id_], facts)]
        exact = [case for case in owed if case.open_amount == item.amount]
        one = exact if len(exact) == 1 else owed
        if len(one) != 1:
            return None
        chosen.append((item, one[0]))
    parts = tuple((reading.line.line_id, case.case_id, item.amount) for item, case in chosen)
    reason = "payment_list" if all(_near(*pair, facts) for pair in chosen) else "payment_list_differs"
    return Pairing(
        MatchKind.PAYOUT, reason, parts, _evidence(reading, chosen), score=KEY + INSURER + EXACT + DATE,
        remittance=reading.hints.number,
    )  # fmt: skip


def _near(item: ListItem, case: Case, facts: Facts) -> bool:
    """Whether a row may differ from what is open, as a transfer of its own might."""
    policy = facts.policy_of(case.group_id)
    what = difference(item.amount, case.open_amount, policy.rounding_fen)
    off = abs(item.amount - case.open_amount) * 100
    return what == "rounding" or off <= case.open_amount * _percent(policy, what)


def _percent(policy: Policy, what: str) -> int:
    return policy.over_percent if what == "over_paid" else policy.short_percent


def _as_evidence(reading: Reading, facts: Facts) -> Pairing | None:
    """What the ledger asserts of every row, to the fen: the transfer is its evidence."""
    found: list[Receipt] = []
    for item, ids in zip(reading.items, reading.naming.listed, strict=True):
        same = [
            receipt
            for receipt in facts.receipts
            if receipt.case_id in ids and receipt.amount == item.amount and receipt not in found
            and fits_insurer(reading, facts.cases[receipt.case_id])
        ]  # fmt: skip
        if len(same) != 1:
            return None
        found += same
    parts = tuple((reading.line.line_id, receipt.case_id, receipt.amount) for receipt in found)
    payouts = tuple(payout for receipt in found for payout in receipt.payout_ids)
    chosen = [(item, facts.cases[r.case_id]) for item, r in zip(reading.items, found, strict=True)]
    return Pairing(
        MatchKind.EVIDENCE, "payment_list", parts, _evidence(reading, chosen), payouts,
        KEY + INSURER + EXACT + DATE, reading.hints.number,
    )  # fmt: skip


def _evidence(reading: Reading, chosen: Chosen) -> dict[str, object]:
    return {
        "open_by_claim": {case.claim_no: case.open_amount for _, case in chosen},
        "keys": [*reading.naming.plates, *reading.naming.reports],
        "group": reading.group_id,
    }


def list_verdict(reading: Reading, facts: Facts) -> Verdict:
    """A list that was not applied: proposed where every row names a claim, else laid out row by row."""
    if pairing := from_list(reading, facts):
        return proposed(pairing)
    rows = [
        {
            "plate_no": item.plate_no,
            "report_no": item.report_no,
            "amount": item.amount,
            "claims": sorted(facts.cases[id_].claim_no for id_ in ids),
            "open": [facts.cases[id_].open_amount for id_ in sorted(ids)],
        }
        for item, ids in zip(reading.items, reading.naming.listed, strict=True)
    ]
    return left("payment_list_unclear", rows=rows, total=sum(item.amount for item in reading.items))
