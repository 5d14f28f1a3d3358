"""An insurer takes money back (冲正): which payout it is (domain 6.4 no. 8). Only ever proposed."""

from models.words import MatchKind
from tasks.reconciliation.facts import Facts, Received
from tasks.reconciliation.pairs import MOST_PROPOSALS
from tasks.reconciliation.reading import Reading
from tasks.reconciliation.verdict import Pairing, Verdict, left, proposed


def taken_back(reading: Reading, facts: Facts) -> Verdict:
    """The payouts of the same fen that came before; those the remark names first, then the newest."""
    named = reading.naming.cases.union(*reading.naming.listed)
    same = [each for each in facts.received if _may_be(each, reading, facts)]
    ranked = sorted(same, key=lambda r: (r.case_id not in named, -r.received_on.toordinal(), r.case_id))  # type: ignore[union-attr] # _may_be asked for the day
    if named and any(each.case_id in named for each in ranked):
        ranked = [each for each in ranked if each.case_id in named]
    pairings = [_pairing(reading, each, facts) for each in ranked[:MOST_PROPOSALS]]
    kept = [pairing for pairing in pairings if pairing.occasion not in facts.rejected_occasions]
    claims = sorted(facts.cases[case].claim_no for case in named)
    return proposed(*kept) if kept else left("insurer_reversal", candidates=claims)


def _may_be(each: Received, reading: Reading, facts: Facts) -> bool:
    line, case = reading.line, facts.cases.get(each.case_id)
    if case is None or each.received_on is None or not facts.may_pair(line.line_id, each.case_id):
        return False
    of_group = reading.group_id is None or case.group_id == reading.group_id
    return of_group and each.amount == -line.amount and each.received_on <= line.booked_on


def _pairing(reading: Reading, each: Received, facts: Facts) -> Pairing:
    case = facts.cases[each.case_id]
    evidence = {
        "reverses": each.match_id,
        "claim_no": case.claim_no,
        "received_on": each.received_on.isoformat() if each.received_on else None,
        "lines": list(each.line_ids),
        "group": case.group_id,
    }
    parts = ((reading.line.line_id, each.case_id, reading.line.amount),)
    return Pairing(MatchKind.PAYOUT_REVERSAL, "insurer_reversal", parts, evidence)
