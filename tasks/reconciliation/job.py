"""The jobs of reconciliation: match what came in the night, and do what a person decided."""

from collections import Counter
from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy.orm import Session

from models.match import Match
from models.words import MatchKind
from tasks.reconciliation import (
    asking,
    by_hand,
    posting,
    queries,
    refunds_paid,
    rules,
    settings,
    standing,
    undo,
)
from tasks.reconciliation.facts import Facts, Line
from tasks.reconciliation.keys import plates_in
from worker.job import Night, job

LOOK_BACK = timedelta(days=60)
"""How far back a ledger's receipts are compared with a line, to ask a person whether they are the same."""


@job
def match_lines(session: Session, night: Night) -> int:
    """Say of every open bank line what it pays, or why nobody can say it yet; returns how many moved."""
    queries.hold_shop(session, night.shop_id)
    lines = queries.open_lines(session, night.shop_id, night.date)
    if not lines:
        return 0
    paid = refunds_paid.match_payments(session, night, lines)
    lines = [line for line in lines if line.line_id not in paid]
    decisions = rules.decide(lines, _facts(session, night, lines), night.decide)
    for pairing in decisions.applied:
        posting.apply(session, night, pairing)
    applied = {line for pairing in decisions.applied for line in pairing.line_ids}
    moved = standing.stand(session, decisions.verdicts)
    standing.propose(session, night, decisions.verdicts, applied | decisions.verdicts.keys())
    _note(night, decisions, len(applied))
    return len(paid) + len(applied) + moved


def _facts(session: Session, night: Night, lines: list[Line]) -> Facts:
    shop = night.shop_id
    since = min((line.booked_on for line in lines), default=night.date) - LOOK_BACK
    receipts = queries.receipts_only_asserted(session, shop, since)
    by_line = queries.payment_lists(session, shop)
    plates = {plate for line in lines for plate in plates_in(line.text)}
    plates |= {item.plate_no for items in by_line.values() for item in items if item.plate_no}
    cases = queries.known_cases(session, shop, plates, {receipt.case_id for receipt in receipts})
    pairs, occasions = queries.rejected(session, shop)
    return Facts(
        cases={case.case_id: case for case in cases},
        receipts=tuple(receipts),
        refunds=tuple(queries.paid_refunds(session, shop, {abs(line.amount) for line in lines})),
        aliases=tuple(queries.aliases(session)),
        patterns=tuple(queries.report_patterns(session)),
        own_names=queries.own_names(session, shop),
        rejected=pairs,
        rejected_occasions=occasions,
        undone_occasions=queries.taken_back(session, shop),
        policies=settings.policies(session, shop, night.date),
        policy=settings.policy(session, shop, night.date),
        lists=by_line,
        remittances=queries.remittances(session, shop),
        received=tuple(queries.received(session, shop, {-line.amount for line in lines if line.amount < 0})),
        today=night.date,
    )


def _note(night: Night, decisions: rules.Decisions, lines: int) -> None:
    fen = dict.fromkeys(MatchKind, 0)
    for pairing in decisions.applied:
        fen[pairing.kind] += pairing.amount
    night.note(matched=lines, **{f"{kind.value}_fen": amount for kind, amount in fen.items()})
    night.note(**Counter(verdict.outcome.value for verdict in decisions.verdicts.values()))


@job
def accept_match(session: Session, night: Night) -> int:
    """Apply a proposal that a person accepts: parameters line_id, and proposal where there are several."""
    queries.hold_shop(session, night.shop_id)
    return by_hand.accept(session, night, *by_hand.asked(night))


@job
def undo_match(session: Session, night: Night) -> int:
    """Take a match back, parameters match_id, with_refunds: its bank lines open again; returns how many."""
    asking.refuse_unless_allowed(night)
    queries.hold_shop(session, night.shop_id)
    return _undo(session, night, [asking.match_to_undo(session, night)])


@job
def undo_run(session: Session, night: Night) -> int:
    """Take back all that a run applied, as one act: parameters run_id, with_refunds, look_again."""
    asking.refuse_unless_allowed(night)
    queries.hold_shop(session, night.shop_id)
    return _undo(session, night, asking.matches_of_run(session, night))


def _undo(session: Session, night: Night, matches: Sequence[Match]) -> int:
    given = night.parameters
    with_refunds, hold = bool(given.get("with_refunds")), not given.get("look_again")
    return undo.undo(session, night, matches, with_refunds=with_refunds, hold=hold)


@job
def reject_match(session: Session, night: Night) -> int:
    """Take down what a person rejects: a proposal, all of them, or the line as a payout at all."""
    queries.hold_shop(session, night.shop_id)
    return by_hand.reject(session, night, *by_hand.asked(night))
