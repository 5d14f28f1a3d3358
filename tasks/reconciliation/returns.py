"""Refunds of ours that came back: 退汇, 退票, 户名不符 (domain 6.4 no. 7)."""

import re
from collections.abc import Sequence

from models.words import MatchKind
from tasks.reconciliation.facts import Facts, PaidRefund
from tasks.reconciliation.payer import plain_name
from tasks.reconciliation.reading import Reading
from tasks.reconciliation.verdict import Pairing, Verdict, left, proposed

_RETURNED = re.compile(
    "退汇|退票|退回|户名不符|户名有误|账号不符|账号有误|账号错误|[账帐][户号]不存在|[账帐][户号]不符|销户|无此户|入账失败|转账失败|付款失败|冻结"
)


def is_return(reading: Reading) -> bool:
    """Whether money that came in says that it is money of ours coming back."""
    return reading.line.amount > 0 and bool(_RETURNED.search(reading.words))


def bounced_refunds(returned: Sequence[Reading], facts: Facts) -> list[Pairing]:
    """Returns that are surely one refund: same fen, and the name of the payee of exactly one paid refund.

    Two returns that could be the same refund on one day are left to a person.
    """
    waiting, taken, found = list(returned), set[int](), list[Pairing]()
    for day in sorted({reading.line.booked_on for reading in waiting}):
        come = [r for r in waiting if r.line.booked_on <= day]
        wishes = {r.line.line_id: _named_refunds(r, facts, taken) for r in come}
        for reading in sorted(come, key=lambda r: r.line.line_id):
            mine = wishes[reading.line.line_id]
            alone = sum(bool(theirs & mine) for theirs in wishes.values()) == 1
            if len(mine) == 1 and alone and reading.group_id is None:
                found.append(_pairing(reading, next(iter(mine)), "bounced"))
                taken |= mine
                waiting.remove(reading)
    return found


def unclear_return(reading: Reading, facts: Facts) -> Verdict:
    """A return without a sure refund: refunds of the same fen are proposed, those of the name first."""
    named = _named_refunds(reading, facts, set())
    same = [r for r in facts.refunds if r.amount == reading.line.amount and _in_time(reading, r, facts)]
    ranked = sorted(same, key=lambda r: (r.refund_id not in named, r.claim_no, r.refund_id))[:3]
    pairings = [_pairing(reading, refund.refund_id, "returned_unclear") for refund in ranked]
    return proposed(*pairings) if pairings else left("returned_unclear")


def _named_refunds(reading: Reading, facts: Facts, taken: set[int]) -> set[int]:
    return {
        refund.refund_id
        for refund in facts.refunds
        if refund.amount == reading.line.amount
        and reading.name in {plain_name(name) for name in refund.names if name}
        and _in_time(reading, refund, facts)
        and refund.refund_id not in taken
    }


def _in_time(reading: Reading, refund: PaidRefund, facts: Facts) -> bool:
    in_time = refund.paid_on is None or refund.paid_on <= reading.line.booked_on
    return in_time and (reading.line.line_id, "refund", refund.refund_id) not in facts.rejected


def _pairing(reading: Reading, refund_id: int, reason: str) -> Pairing:
    line = reading.line
    evidence = {"amount": line.amount, "booked_on": [line.booked_on.isoformat()]}
    return Pairing(MatchKind.BOUNCED_REFUND, reason, ((line.line_id, refund_id, line.amount),), evidence)
