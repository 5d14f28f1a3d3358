"""The jobs of reconciliation: match what came in the night, and do what a person decided."""

from collections import Counter
from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.bank import BankLine
from models.ledger import require_open
from models.match import Match
from models.words import MatchKind
from tasks.reconciliation import (
    asking,
    by_hand,
    deciding,
    list_import,
    plans,
    posting,
    queries,
    refunds_paid,
    rules,
    standing,
    undo,
)
from tasks.reconciliation.collecting import put_off
from tasks.reconciliation.verdict import Pairing, name_pairing
from worker import aside
from worker.job import Night, job
from worker.parameters import Kind, takes

MOST_AT_ONCE = 25_000
"""Matches that are applied in one transaction (parameter at_most): a longer run commits and goes on."""


@job
@takes(at_most=Kind.NUMBER)
@put_off()
def match_lines(session: Session, night: Night) -> int:
    """Say of every open bank line what it pays, or why nobody can say it yet; returns how many moved."""
    queries.hold_shop(session, night.shop_id)
    lines = queries.open_lines(session, night.shop_id, night.date)
    if not lines:
        return 0
    paid = refunds_paid.match_payments(session, night, lines)
    lines = [line for line in lines if line.line_id not in paid]
    decisions = rules.decide(lines, deciding.facts_for(session, night, lines), night.decide)
    most = len(decisions.applied) if night.dry_run else int(night.parameters.get("at_most", MOST_AT_ONCE))
    if len(decisions.applied) > most:
        return len(paid) + _apply_some(session, night, decisions.applied, most)
    made = _apply(session, night, decisions.applied)
    applied = {line for pairing in made for line in pairing.line_ids}
    moved = standing.stand(session, decisions.verdicts)
    standing.propose(session, night, decisions.verdicts, applied | decisions.verdicts.keys())
    _note(night, made, len(applied))
    night.note(**Counter(verdict.outcome.value for verdict in decisions.verdicts.values()))
    return len(paid) + len(applied) + moved


def _apply(session: Session, night: Night, sure: Sequence[Pairing]) -> Sequence[Pairing]:
    """Returns what was applied: one that can't be posted is set aside, and its lines stay as they are."""
    return aside.write(
        session, night, sure, lambda some: posting.apply(session, night, some), name_pairing
    ).rows


def _apply_some(session: Session, night: Night, sure: Sequence[Pairing], most: int) -> int:
    """A part of a long run: the next part decides anew, on what this one leaves."""
    some = _apply(session, night, sure[:most])
    lines = {line for pairing in some for line in pairing.line_ids}
    standing.propose(session, night, {}, lines)
    _note(night, some, len(lines))
    if some:  # where nothing can be posted the next part would do no better
        night.go_on(rest=len({line for pairing in sure[most:] for line in pairing.line_ids}))
    return len(lines)


def _note(night: Night, applied: Sequence[Pairing], lines: int) -> None:
    fen = dict.fromkeys(MatchKind, 0)
    for pairing in applied:
        fen[pairing.kind] += pairing.amount
    night.note(matched=lines, **{f"{kind.value}_fen": amount for kind, amount in fen.items()})


@job
def accept_match(session: Session, night: Night) -> int:
    """Apply a proposal that a person accepts: parameters line_id, and proposal where there are several."""
    queries.hold_shop(session, night.shop_id)
    line_id, proposal = by_hand.asked(night)
    booked_on = session.scalar(select(BankLine.booked_on).where(BankLine.id == line_id))
    require_open(session, night.shop_id, booked_on, today=night.date)
    return by_hand.accept(session, night, line_id, proposal)


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
@takes()
def make_plan(session: Session, night: Night) -> int:
    """Write a numbered plan of what would be matched now, and apply nothing of it; returns its number."""
    queries.hold_shop(session, night.shop_id)
    return plans.make(session, night)


@job
def apply_plan(session: Session, night: Night) -> int:
    """Apply a plan exactly as it stands, parameter number, or refuse and say what changed."""
    asking.refuse_unless_allowed(night)
    queries.hold_shop(session, night.shop_id)
    return plans.apply(session, night, int(night.parameters["number"]))


@job
def read_payment_list(session: Session, night: Night) -> int:
    """Keep the payment list of a bank line, parameters line_id, stored_as, name; returns how many rows."""
    asking.refuse_unless_allowed(night)
    given = night.parameters
    line = by_hand.waiting_line(session, night, int(given["line_id"]))
    return list_import.bring(session, night, line, str(given["stored_as"]), str(given["name"]))


@job
def reject_match(session: Session, night: Night) -> int:
    """Take down what a person rejects: a proposal, all of them, or the line as a payout at all."""
    queries.hold_shop(session, night.shop_id)
    return by_hand.reject(session, night, *by_hand.asked(night))
