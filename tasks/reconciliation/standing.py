"""Where lines stand that were not applied: outcome and reason on the line, proposals as matches.

Written only where something changed, so that looking again at the same facts writes nothing.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping
from itertools import count

from sqlalchemy import update
from sqlalchemy.orm import Session

from models.bank import BankLine
from models.words import MatchState
from tasks.reconciliation import current
from tasks.reconciliation.keeping import keep
from tasks.reconciliation.verdict import Pairing, Verdict
from worker.job import Night


def stand(session: Session, verdicts: Mapping[int, Verdict]) -> int:
    """Bring lines up to date with their verdicts; returns how many changed."""
    changed = []
    for now in current.standings(session, verdicts.keys()):
        verdict = verdicts[now.line_id]
        to = {"outcome": verdict.outcome, "reason": verdict.reason, "detail": dict(verdict.detail) or None}
        if (now.outcome, now.reason, now.detail) != tuple(to.values()):
            changed.append({"id": now.line_id, **to})
    session.execute(update(BankLine), changed)
    return len(changed)


def propose(
    session: Session, night: Night, verdicts: Mapping[int, Verdict], decided: Collection[int]
) -> list[int]:
    """Keep the proposals of these verdicts, and take back those of decided lines that no longer hold.

    Returns the matches taken back.
    """
    wanted = _ranked(verdicts)
    ranks = {occasion: rank for occasion, (_, rank) in wanted.items()}
    keep(session, night, [pairing for pairing, _ in wanted.values()], MatchState.PROPOSED, ranks)
    stale = [
        match for match in current.proposals(session, night.shop_id, decided) if match.occasion not in wanted
    ]
    for match in stale:
        match.state, match.decided_on, match.decided_by, match.decided_at = (
            MatchState.UNDONE, night.date, night.by, night.at,
        )  # fmt: skip
    session.flush()
    return [match.id for match in stale]


def _ranked(verdicts: Mapping[int, Verdict]) -> dict[str, tuple[Pairing, int]]:
    """Number the proposals, the best first, so that no line has a number twice."""
    wanted: dict[str, tuple[Pairing, int]] = {}
    used: dict[int, set[int]] = defaultdict(set)
    for line_id in sorted(verdicts):
        for pairing in verdicts[line_id].proposals:
            if pairing.occasion not in wanted:
                taken = set().union(*(used[line] for line in pairing.line_ids))
                rank = next(number for number in count(1) if number not in taken)
                wanted[pairing.occasion] = (pairing, rank)
                for line in pairing.line_ids:
                    used[line].add(rank)
    return wanted
