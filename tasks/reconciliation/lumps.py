"""A transfer without references: what could explain it, and whether one explanation is credible (tier 4).

Finding *a* set that adds up is easy and proves nothing. So the claims are narrowed down by facts, and
explanations are counted exactly per class from the simplest up. One is applied only where the insurer's
switch is on, its class has no other, no other claim has the same amount as one in it, no run with a defect or
two explains it as well, and chance explains it less often than the shop's threshold. All else is shown to a
person, with the counts.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

from models.words import MatchKind
from tasks.reconciliation.classes import Class, Parts, classes
from tasks.reconciliation.facts import Facts
from tasks.reconciliation.hints import has_unread_number
from tasks.reconciliation.pool import Pool, pool_of
from tasks.reconciliation.reading import Reading
from tasks.reconciliation.rivals import has_rival
from tasks.reconciliation.scores import DATE, EXACT, INSURER
from tasks.reconciliation.verdict import Pairing, Verdict, left, proposed

REASONS = {
    "one_line": "amount_only", "covers": "covers_only", "run": "run", "run_but_one": "run_but_one",
    "any_set": "any_set",
}  # fmt: skip

PER_MILLION = 1_000_000


@dataclass(frozen=True)
class Lump:
    """A transfer without references: where it stands, and the explanation that may be applied, if any."""

    verdict: Verdict
    sure: Pairing | None = None


def is_lump(reading: Reading) -> bool:
    """Money from an insurer whose remark names nothing."""
    naming = reading.naming
    named = naming.cases or naming.listed or naming.weak or naming.trouble
    return reading.group_id is not None and not named


def explain(reading: Reading, facts: Facts) -> Lump:
    """Count the explanations of a transfer and lay them out; name the one that may be applied by itself."""
    pool = pool_of(reading, facts)
    found = classes(pool, reading.line.amount, reading.hints.count)
    pairings = [
        pairing
        for of in found
        for parts in of.shown
        if (pairing := _pairing(reading, of, parts, pool)).occasion not in facts.rejected_occasions
    ]
    detail = _detail(pool, found)
    verdict = proposed(*pairings, **detail) if pairings else left("no_key", **detail)
    return Lump(verdict, _credible(reading, found, pairings, pool, facts))


def _pairing(reading: Reading, of: Class, parts: Parts, pool: Pool) -> Pairing:
    claims = {case.case_id: case for case in pool.cases}
    evidence: dict[str, object] = {
        "open_by_claim": {claims[case].claim_no: claims[case].open_amount for case, _ in parts},
        "group": reading.group_id,
        "class": of.name,
        "count": of.count,
        "chance_per_million": round(of.chance * PER_MILLION),
    }
    whole = tuple((reading.line.line_id, case, fen) for case, fen in parts)
    return Pairing(MatchKind.PAYOUT, REASONS[of.name], whole, evidence, score=INSURER + EXACT + DATE)


def _detail(pool: Pool, found: Sequence[Class]) -> dict[str, object]:
    """What people see: the facts that narrowed, the count per class, and what all explanations share."""
    names = {case.case_id: case.claim_no for case in pool.cases}
    counted = [of for of in found if of.count]
    complete = all(of.exact for of in counted)
    shared = frozenset.intersection(*(of.common for of in counted)) if counted and complete else frozenset()
    return {
        "pool": len(pool.cases),
        "narrowed": list(pool.narrowed),
        "candidates": [case.claim_no for case in pool.cases],
        "classes": [
            {
                "class": of.name,
                "count": of.count,
                "exact": of.exact,
                "shown": len(of.shown),
                "chance_per_million": round(of.chance * PER_MILLION),
                "stopped": of.stopped,
            }
            for of in found
        ],
        "common": sorted(names[case] for case in shared),
    }


def _credible(
    reading: Reading, found: Sequence[Class], pairings: Sequence[Pairing], pool: Pool, facts: Facts
) -> Pairing | None:
    policy = facts.policy_of(reading.group_id)
    if not policy.auto_batch or has_unread_number(reading.line.text):
        return None
    chance = 0.0
    for of in found:
        chance += of.chance
        if not of.exact or chance * PER_MILLION >= policy.coincidence_per_million:
            return None
        if of.count:
            break
    else:
        return None
    chosen = [pairing for pairing in pairings if pairing.reason == REASONS[of.name]]
    if of.count != 1 or len(chosen) != 1 or _is_rivalled(of.shown[0], pool, reading.line.amount):
        return None
    if chosen[0].occasion in facts.undone_occasions:
        return None
    considered = {"candidates": [case.claim_no for case in pool.cases], "narrowed": list(pool.narrowed)}
    return replace(chosen[0], evidence={**chosen[0].evidence, **considered})


def _is_rivalled(parts: Parts, pool: Pool, total: int) -> bool:
    """Whether another claim has the amount of one in it, or a run with a defect or two comes to the same."""
    own = {case for case, _ in parts}
    others = {case.open_amount for case in pool.cases if case.case_id not in own}
    if any(case.open_amount in others for case in pool.cases if case.case_id in own):
        return True
    chosen = frozenset(at for at, case in enumerate(pool.cases) if case.case_id in own)
    return has_rival([case.open_amount for case in pool.cases], total, chosen)


def without_quarrels(sure: Sequence[Pairing]) -> list[Pairing]:
    """Of several transfers' explanations those that share no claim with another one."""
    wanted = Counter(case for pairing in sure for case in {target for _, target, _ in pairing.parts})
    return [p for p in sure if all(wanted[target] == 1 for _, target, _ in p.parts)]
