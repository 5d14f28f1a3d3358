"""What matches leave on the trail of their cases."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import bulk
from models.case import Case
from models.event import Happening, record
from models.words import MatchKind
from tasks.reconciliation import current
from tasks.reconciliation.verdict import RULE, Pairing
from worker.job import Night

_TOLD_AS = {
    MatchKind.PAYOUT: "payout_matched",
    MatchKind.EVIDENCE: "payout_evidenced",
    MatchKind.BOUNCED_REFUND: "refund_bounced",
    MatchKind.PAYOUT_REVERSAL: "payout_reversal_matched",
}


def tell(session: Session, night: Night, kept: Sequence[tuple[int, Pairing]]) -> None:
    """One event per case on its trail, with the lines and fen that concern it; kept as (match, pairing)."""
    shown = [(ident, pairing, _cases(session, pairing)) for ident, pairing in kept]
    cases = {case_id for *_, of in shown for case_id in of}
    orders = dict(
        session.execute(select(Case.id, Case.work_order_id).where(bulk.among(session, Case.id, cases))).all()
    )
    happenings = [
        Happening(_TOLD_AS[pairing.kind], _inputs(ident, pairing, case_id), case_id, orders[case_id], RULE)
        for ident, pairing, of in shown
        for case_id in of
    ]
    record(session, happenings, **night.trail)


def _cases(session: Session, pairing: Pairing) -> list[int]:
    if pairing.kind is MatchKind.BOUNCED_REFUND:
        return [current.lead_case_of_refund(session, pairing.parts[0][1])[1]]
    return sorted({target for _, target, _ in pairing.parts})


def _inputs(match_id: int, pairing: Pairing, case_id: int) -> dict[str, object]:
    bounced = pairing.kind is MatchKind.BOUNCED_REFUND
    parts = [(line, fen) for line, target, fen in pairing.parts if bounced or target == case_id]
    return {
        "match": match_id, "reason": pairing.reason, "amount": sum(fen for _, fen in parts),
        "lines": [line for line, _ in parts], "evidence": dict(pairing.evidence),
    }  # fmt: skip
