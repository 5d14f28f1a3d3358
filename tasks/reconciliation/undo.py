"""Taking matches back, one or a whole run as one act: by reversing rows; bank lines stay, and open again."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from sqlalchemy import ColumnElement, false, or_, select, update
from sqlalchemy.orm import Session

from models.bank import BankLine
from models.case import Case
from models.entry import Entry, reverse
from models.event import Happening, record
from models.match import Match, MatchPart
from models.payout import Payout
from models.values import Refusal, yuan_grouped
from models.words import EntryKind, MatchKind, MatchState, Outcome, PayoutState, Stage
from models.work_order import WorkOrder
from tasks.reconciliation import current, passed_on, under, unpaid
from tasks.reconciliation.verdict import RULE
from worker.job import Night

HELD = "#held"
"""Behind the occasion of a match that a person took back: it is not made by itself again."""


@dataclass
class _Act:
    """What is taken back together: entries to reverse, and the matches, newest first."""

    matches: Sequence[Match]
    entries: dict[int, list[Entry]] = field(default_factory=dict)


def undo(session: Session, night: Night, matches: Sequence[Match], *, with_refunds: bool, hold: bool) -> int:
    """Take all of these back, or none: Refusal where a refund stands on the money, unless it goes along.

    hold: the same is not applied by itself again, only proposed. Returns how many bank lines opened.
    """
    act = _Act(sorted(matches, key=lambda match: -match.id))
    for match in act.matches:
        act.entries[match.id] = _entries(session, match)
        _refuse_if_moved(session, match, act.entries[match.id])
        unpaid.refuse_if_moved(session, match, act.matches)
    every = [entry for entries in act.entries.values() for entry in entries]
    passed_on.refuse_if_gone(session, every)
    under.clear_the_way(session, night, every, matches, with_refunds=with_refunds)
    for entry in sorted(every, key=lambda entry: -entry.id):
        reverse(session, entry.id, business_date=night.date, by=night.by, at=night.at)
    lines: set[int] = set()
    for match in act.matches:
        _TAKE_BACK[match.kind](session, match)
        lines |= _close(session, night, match, hold=hold)
    orders = sorted({entry.work_order_id for entry in every})
    session.execute(update(WorkOrder).where(WorkOrder.id.in_(orders)).values(settle_on=night.date))
    night.note(undone=len(act.matches), undone_fen=sum(entry.amount for entry in every))
    return len(lines)


def _entries(session: Session, match: Match) -> list[Entry]:
    """The entries that a match made and that stand."""
    undone = select(Entry.reverses_id).where(Entry.reverses_id.is_not(None))
    own = or_(*_occasions(session, match), false())
    return list(session.scalars(select(Entry).where(own, Entry.id.not_in(undone)).order_by(Entry.id)))


def _occasions(session: Session, match: Match) -> list[ColumnElement[bool]]:
    """What tells the entries of a match by their occasion."""
    refunds = sorted({part.refund_id for part in current.parts_of(session, [match.id]) if part.refund_id})
    if match.kind is MatchKind.PAYOUT:
        return [Entry.occasion.startswith(f"match:{match.id}:", autoescape=True)]
    if match.kind is MatchKind.BOUNCED_REFUND:
        return [Entry.occasion == f"refund_bounced:{refund}:{match.id}" for refund in refunds]
    if match.kind is MatchKind.REFUND_PAYMENT:
        of = (EntryKind.REFUND_PAID, EntryKind.REFUND_OFFSET, EntryKind.REFUND_TRANSFER_IN)
        stems = [f"{kind}:{refund}" for refund in refunds for kind in of]
        return [
            (Entry.occasion == stem) | Entry.occasion.startswith(f"{stem}:", autoescape=True)
            for stem in stems
        ]
    return []


def _refuse_if_moved(session: Session, match: Match, entries: Sequence[Entry]) -> None:
    """The money must lie where the match put it, to the fen."""
    if match.kind is MatchKind.PAYOUT_REVERSAL:
        raise Refusal(
            f"Match {match.id} is money that the insurer took back; that is not undone here. If the bank "
            "gave it again, its line is matched like any other. See: huikuan reconcile report"
        )
    if match.kind is not MatchKind.PAYOUT:
        return
    received = session.scalars(
        select(Payout.amount).where(Payout.match_id == match.id, Payout.state != PayoutState.REVERSED)
    )
    there, booked = sum(received), sum(entry.amount for entry in entries)
    brought = sum(part.amount for part in current.parts_of(session, [match.id]))
    if not there == booked == brought:
        raise Refusal(
            f"Of the {yuan_grouped(brought)} yuan of match {match.id} only "
            f"{yuan_grouped(min(there, booked))} lie where it put them; a difference or a reversal moved the "
            "rest. Take that back first: huikuan difference list --all"
        )


def _receipt(session: Session, match: Match) -> None:
    """The receipts are reversed, and a case that came to its stage by them alone goes back."""
    session.execute(
        update(Payout)
        .where(Payout.match_id == match.id, Payout.state != PayoutState.REVERSED)
        .values(state=PayoutState.REVERSED)
    )
    for case_id in sorted({part.case_id for part in current.parts_of(session, [match.id]) if part.case_id}):
        of_case = (Payout.case_id == case_id, Payout.state != PayoutState.REVERSED)
        if session.execute(select(Payout.id).where(*of_case)).first() is None:
            session.execute(
                update(Case)
                .where(Case.id == case_id, Case.stage == Stage.PAYOUT)
                .values(stage=_stage_before(session, case_id))
            )


def _stage_before(session: Session, case_id: int) -> Stage:
    """Where the case stood before money came: the match that came first kept it, and may be undone first."""
    kept = session.scalars(
        select(Match.evidence)
        .join(MatchPart, MatchPart.match_id == Match.id)
        .where(MatchPart.case_id == case_id, Match.kind == MatchKind.PAYOUT)
        .order_by(Match.decided_at.desc(), Match.id.desc())
    )
    stages = (each.get("stages", {}) for each in kept if isinstance(each, dict))
    return next((Stage(of[str(case_id)]) for of in stages if str(case_id) in of), Stage.PAYOUT)


def _evidence(session: Session, match: Match) -> None:
    """The ledger's word stands alone again."""
    session.execute(
        update(Payout)
        .where(Payout.match_id == match.id, Payout.state == PayoutState.EVIDENCED)
        .values(state=PayoutState.ASSERTED, match_id=None)
    )


_TAKE_BACK: Mapping[MatchKind, Callable[[Session, Match], None]] = {
    MatchKind.PAYOUT: _receipt,
    MatchKind.EVIDENCE: _evidence,
    MatchKind.BOUNCED_REFUND: unpaid.bounced,
    MatchKind.REFUND_PAYMENT: unpaid.paid,
}


def _close(session: Session, night: Night, match: Match, *, hold: bool) -> set[int]:
    """The match is history, its lines are open, and each of its cases knows."""
    parts = current.parts_of(session, [match.id])
    lines = {part.bank_line_id for part in parts}
    was = match.decided_by
    match.state, match.decided_on, match.decided_by, match.decided_at = (
        MatchState.UNDONE, night.date, night.by, night.at,
    )  # fmt: skip
    match.occasion = f"{match.occasion}{HELD if hold else '#undone'}{match.id}"
    session.flush()
    opened = {"outcome": Outcome.OPEN, "reason": None, "detail": None}
    session.execute(update(BankLine).where(BankLine.id.in_(sorted(lines))).values(opened))
    fen = Counter(dict.fromkeys({part.case_id for part in parts}, 0))
    for part in parts:
        fen[part.case_id] += part.amount
    orders = dict(
        session.execute(select(Case.id, Case.work_order_id).where(Case.id.in_([c for c in fen if c]))).all()
    )
    happenings = [
        Happening(
            "match_undone",
            {"match": match.id, "kind": match.kind.value, "amount": amount, "lines": sorted(lines),
             "was_by": was},
            case_id, orders.get(case_id or 0), RULE,
        )
        for case_id, amount in sorted(fen.items(), key=lambda item: item[0] or 0)
    ]  # fmt: skip
    record(session, happenings, **night.trail)
    return lines
