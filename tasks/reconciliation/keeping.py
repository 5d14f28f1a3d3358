"""Writing matches down: each statement once, proposed or applied, with the reason kept."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import bulk
from models.bank import BankLine
from models.match import Match, MatchPart
from models.run import Run
from models.words import MatchKind, MatchState, Outcome
from tasks.reconciliation import current
from tasks.reconciliation.verdict import RULE, Pairing
from worker.job import Night

OF_REFUNDS = (MatchKind.BOUNCED_REFUND, MatchKind.REFUND_PAYMENT)
"""Their parts name refunds."""

Ranks = Mapping[str, int]
"""By occasion; 1 is the best proposal of its lines."""


def keep(
    session: Session, night: Night, pairings: Sequence[Pairing], state: MatchState, ranks: Ranks | None = None
) -> dict[str, int]:
    """Write statements down, once per occasion; returns their ids. A known one is brought up to date."""
    known, run_id = _known(session, pairings), _run_id(session, night)
    fresh = [pairing for pairing in pairings if pairing.occasion not in known]
    for pairing in pairings:
        if pairing.occasion in known:
            _refresh(night, known[pairing.occasion], _facts(night, run_id, pairing, state, ranks))
    session.flush()
    ids = dict(zip((p.occasion for p in fresh), bulk.new_ids(session, Match, len(fresh)), strict=True))
    rows = [
        {
            "run_token": None, "run_id": None, "id": ids[pairing.occasion], "shop_id": night.shop_id,
            "kind": pairing.kind, "occasion": pairing.occasion, "decided_on": night.date,
            "decided_by": night.by, "decided_at": night.at, **_facts(night, run_id, pairing, state, ranks),
        }
        for pairing in fresh
    ]  # fmt: skip
    bulk.add(session, Match, rows)
    bulk.add(session, MatchPart, [part for p in fresh for part in _parts(session, ids[p.occasion], p)])
    return ids | {occasion: match.id for occasion, match in known.items()}


def _known(session: Session, pairings: Iterable[Pairing]) -> dict[str, Match]:
    occasions = {pairing.occasion for pairing in pairings}
    if not occasions:
        return {}
    found = session.scalars(select(Match).where(bulk.among(session, Match.occasion, occasions)))
    return {match.occasion: match for match in found}


def _run_id(session: Session, night: Night) -> int | None:
    found = select(Run.id).where(Run.lease_token == night.lease_token)
    return session.scalar(found) if night.lease_token else None


def _facts(
    night: Night, run_id: int | None, pairing: Pairing, state: MatchState, ranks: Ranks | None
) -> dict[str, Any]:
    """What may change of a statement that is made again; an applied one remembers its run, to be undone."""
    of_run = {"run_token": night.lease_token or None, "run_id": run_id}
    return (of_run if state is MatchState.APPLIED else {}) | {
        "state": state, "reason": pairing.reason, "rank": (ranks or {}).get(pairing.occasion, 1),
        "rule": RULE, "score": pairing.score, "remittance": pairing.remittance,
        "evidence": {**pairing.evidence, "payout_ids": list(pairing.payout_ids)},
    }  # fmt: skip


def _refresh(night: Night, match: Match, facts: Mapping[str, Any]) -> None:
    if any(getattr(match, name) != fact for name, fact in facts.items()):
        for name, fact in facts.items():
            setattr(match, name, fact)
        match.decided_on, match.decided_by, match.decided_at = night.date, night.by, night.at


def _parts(session: Session, match_id: int, pairing: Pairing) -> Iterator[dict[str, Any]]:
    """A part for a case; a refund that was paid or bounced stands with the case it is shown on."""
    for line_id, target, amount in pairing.parts:
        refund_id = target if pairing.kind in OF_REFUNDS else None
        case_id = current.lead_case_of_refund(session, target)[1] if refund_id else target
        yield {
            "match_id": match_id, "bank_line_id": line_id, "amount": amount,
            "case_id": case_id, "refund_id": refund_id,
        }  # fmt: skip


def settle(session: Session, pairings: Sequence[Pairing]) -> None:
    """The lines of applied matches stand as matched, each with the reason of its match."""
    lines: dict[str, list[int]] = {}
    for pairing in pairings:
        lines.setdefault(pairing.reason, []).extend(pairing.line_ids)
    for reason, ids in lines.items():
        settled = {"outcome": Outcome.MATCHED, "reason": reason, "detail": None}
        bulk.change(session, BankLine, ids, settled)
