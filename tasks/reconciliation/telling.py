"""What matches leave on the trail of their cases."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.case import Case
from models.event import Happening, record
from models.words import MatchKind
from tasks.reconciliation.verdict import RULE, Pairing
from worker.job import Night

_TOLD_AS = {
    MatchKind.PAYOUT: "payout_matched",
    MatchKind.EVIDENCE: "payout_evidenced",
    MatchKind.BOUNCED_REFUND: "refund_bounced",
    MatchKind.PAYOUT_REVERSAL: "payout_reversal_matched",
}


def tell(session: Session, night: Night, pairing: Pairing, match_id: int, cases: Sequence[int]) -> None:
    """One event per case on its trail, with the lines and fen that concern it."""
    orders = session.execute(select(Case.id, Case.work_order_id).where(Case.id.in_(cases)).order_by(Case.id))
    bounced = pairing.kind is MatchKind.BOUNCED_REFUND
    happenings = []
    for case_id, work_order_id in orders:
        parts = [(line, fen) for line, target, fen in pairing.parts if bounced or target == case_id]
        inputs = {"match": match_id, "reason": pairing.reason, "amount": sum(fen for _, fen in parts)}
        inputs |= {"lines": [line for line, _ in parts], "evidence": dict(pairing.evidence)}
        happenings.append(Happening(_TOLD_AS[pairing.kind], inputs, case_id, work_order_id, RULE))
    record(session, happenings, **night.trail)
