"""What a person decides of a bank line: accept a proposal as it stands, or say no."""

from collections.abc import Sequence

from sqlalchemy.orm import Session

from models.bank import BankLine
from models.event import Happening, record
from models.match import Match
from models.values import Refusal, yuan_grouped
from models.words import MatchState, Outcome
from tasks.reconciliation import asking, changes, current, deciding, queries, standing
from tasks.reconciliation.verdict import Pairing, left
from worker.job import Night


def asked(night: Night) -> tuple[int, int | None]:
    """The line, and the number of the proposal if one was given, from the parameters of the run."""
    asking.refuse_unless_allowed(night)
    number = night.parameters.get("proposal")
    return int(night.parameters["line_id"]), None if number is None else int(number)


def accept(session: Session, night: Night, line_id: int, number: int | None) -> int:
    """Apply one proposal exactly; Refusal when it does not stand any more or the facts behind it changed."""
    line = waiting_line(session, night, line_id)
    match = _chosen(line, current.proposals(session, night.shop_id, [line_id]), number, "accept")
    pairing = _pairing(session, match)
    changes.refuse_if_changed(session, pairing, match, line)
    deciding.apply(session, night, [pairing])
    withdrawn = standing.propose(session, night, {}, pairing.line_ids)
    _stand_without(session, night, withdrawn, "proposal_withdrawn")
    night.note(**{f"{pairing.kind.value}_fen": pairing.amount})
    return len(pairing.line_ids)


def reject(session: Session, night: Night, line_id: int, number: int | None) -> int:
    """Say no to one proposal or to all. A line without any is then no payout, and not looked at again."""
    line = waiting_line(session, night, line_id)
    proposals = current.proposals(session, night.shop_id, [line_id])
    if number is not None:
        proposals = [_chosen(line, proposals, number, "reject")]
    for match in proposals:
        match.state, match.decided_by, match.decided_on, match.decided_at = (
            MatchState.REJECTED, night.by, night.date, night.at,
        )  # fmt: skip
    session.flush()
    if not proposals:
        line.outcome, line.reason = Outcome.IGNORED, "rejected_by_person"
    _stand_without(session, night, [match.id for match in proposals], "rejected_by_person")
    inputs = {"line": line_id, "matches": [match.id for match in proposals], "was": line.amount}
    record(session, [Happening("proposal_rejected" if proposals else "line_rejected", inputs)], **night.trail)
    return 1


def _stand_without(session: Session, night: Night, matches: Sequence[int], why: str) -> None:
    """Lines of these matches without any proposal now wait, unmatched, until they are looked at again."""
    lines = {part.bank_line_id for part in current.parts_of(session, matches)}
    waiting = [now.line_id for now in current.standings(session, lines) if now.outcome is Outcome.PROPOSED]
    bare = [line for line in waiting if not current.proposals(session, night.shop_id, [line])]
    standing.stand(session, {line: left(why) for line in bare})


def waiting_line(session: Session, night: Night, line_id: int) -> BankLine:
    """A line of the shop that is not settled. Raises Refusal."""
    line = session.get(BankLine, line_id)
    if line is None or line.shop_id != night.shop_id:
        raise Refusal(
            f"There is no bank line {line_id} in shop {night.shop_code}. See: huikuan reconcile report"
        )
    if line.outcome not in queries.LOOKED_AT:
        raise Refusal(
            f"Bank line {line_id} ({line.booked_on}, {yuan_grouped(line.amount)} yuan) is {line.outcome} "
            f"already ({line.reason}). See: huikuan reconcile report"
        )
    return line


def _chosen(line: BankLine, proposals: list[Match], number: int | None, verb: str) -> Match:
    if not proposals:
        raise Refusal(
            f"Bank line {line.id} has no proposal to {verb}; it stands as {line.outcome} ({line.reason}). "
            f"If it is no payout: huikuan reconcile reject {line.id}"
        )
    if number is None and len(proposals) > 1:
        raise Refusal(
            f"Bank line {line.id} has {len(proposals)} proposals; say which: "
            f"huikuan reconcile {verb} {line.id} --proposal 1"
        )
    ranked = {match.rank: match for match in proposals}
    if number in ranked:
        return ranked[number]
    if not 1 <= (number or 1) <= len(proposals):
        raise Refusal(
            f"Bank line {line.id} has no proposal {number}, only 1 to {len(proposals)}. "
            "See: huikuan reconcile report"
        )
    return proposals[(number or 1) - 1]


def _pairing(session: Session, match: Match) -> Pairing:
    evidence = dict(match.evidence) if isinstance(match.evidence, dict) else {}
    payouts = tuple(evidence.pop("payout_ids", ()))
    targets = [
        (p.bank_line_id, p.refund_id or p.case_id or 0, p.amount)
        for p in current.parts_of(session, [match.id])
    ]
    return Pairing(match.kind, match.reason, tuple(targets), evidence, payouts, match.score, match.remittance)
