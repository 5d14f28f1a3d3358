"""What people are shown: every bank line with what became of it, and what waits for them."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import date
from typing import NamedTuple

from sqlalchemy import ColumnElement, and_, select
from sqlalchemy.orm import Session

from models.bank import BankLine
from models.case import Case
from models.match import Match, MatchPart
from models.source_file import SourceFile
from models.values import yuan_grouped
from models.words import MatchState, Outcome
from tasks.reconciliation.sentences import why


class Paid(NamedTuple):
    """A claim and so many fen of a line."""

    claim_no: str
    amount: int


class Proposal(NamedTuple):
    """What could be accepted: `number` goes with --proposal."""

    number: int
    match_id: int
    reason: str
    pays: tuple[Paid, ...]
    lines: tuple[int, ...]
    """All bank lines it would settle."""


class ReportRow(NamedTuple):
    """A bank line and what became of it. Amounts are fen; money in is positive."""

    line_id: int
    file: str
    date: date
    payer: str
    amount: int
    memo: str
    outcome: Outcome
    """matched, proposed, unmatched or ignored; a line no night has looked at yet is unmatched."""
    reason: str
    pays: tuple[Paid, ...]
    proposals: tuple[Proposal, ...]


class Waiting(NamedTuple):
    """A line that waits for a person, as a sentence, with the commands that resolve it."""

    line_id: int
    since: date
    amount: int
    outcome: Outcome
    reason: str
    sentence: str
    commands: tuple[str, ...]
    claim_nos: tuple[str, ...]


def report(session: Session, shop_id: int) -> list[ReportRow]:
    """Every bank line of a shop, by date, file and row."""
    return _rows(session, BankLine.shop_id == shop_id)


def waiting(session: Session, shop_id: int) -> list[Waiting]:
    """Lines that a person has to decide, oldest first."""
    undecided = BankLine.outcome.in_((Outcome.UNMATCHED, Outcome.PROPOSED))
    return [_waiting(row) for row in _rows(session, and_(BankLine.shop_id == shop_id, undecided))]


def _rows(session: Session, wanted: ColumnElement[bool]) -> list[ReportRow]:
    found = session.execute(
        select(BankLine, SourceFile.name)
        .join(SourceFile, SourceFile.id == BankLine.file_id)
        .where(wanted)
        .order_by(BankLine.booked_on, SourceFile.name, BankLine.row, BankLine.id)
    ).all()
    matches = _matches(session, wanted)
    return [_row(line, name, matches.get(line.id, [])) for line, name in found]


class _Part(NamedTuple):
    match_id: int
    state: MatchState
    reason: str
    line_id: int
    lines: tuple[int, ...]
    claim_no: str
    amount: int
    rank: int


def _matches(session: Session, wanted: ColumnElement[bool]) -> dict[int, list[_Part]]:
    """Per line, the parts of its applied match or of its proposals, in the order of their numbers."""
    parts = session.execute(
        select(
            Match.id, Match.state, Match.reason, MatchPart.bank_line_id,
            Case.claim_no, MatchPart.amount, Match.rank,
        )
        .join(MatchPart, MatchPart.match_id == Match.id)
        .join(Case, Case.id == MatchPart.case_id)
        .where(
            Match.state.in_((MatchState.APPLIED, MatchState.PROPOSED)),
            Match.id.in_(select(MatchPart.match_id).join(BankLine).where(wanted)),
        )
        .order_by(Match.rank, Match.id, MatchPart.id)
    ).all()  # fmt: skip
    lines: dict[int, list[int]] = defaultdict(list)
    for match_id, _, _, line_id, *_ in parts:
        lines[match_id] += [] if line_id in lines[match_id] else [line_id]
    found: dict[int, list[_Part]] = defaultdict(list)
    for match_id, state, reason, line_id, claim_no, amount, rank in parts:
        part = _Part(match_id, state, reason, line_id, tuple(lines[match_id]), claim_no, amount, rank)
        found[line_id].append(part)
    return found


def _row(line: BankLine, file: str, parts: Sequence[_Part]) -> ReportRow:
    applied = [part for part in parts if part.state is MatchState.APPLIED]
    pays = tuple(Paid(part.claim_no, part.amount) for part in applied)
    outcome = Outcome.UNMATCHED if line.outcome is Outcome.OPEN else line.outcome
    reason = line.reason or "not_looked_at"
    proposals = tuple(_proposals([part for part in parts if part.state is MatchState.PROPOSED]))
    return ReportRow(
        line.id, file, line.booked_on, line.payer, line.amount, line.memo, outcome, reason, pays, proposals
    )


def _proposals(parts: Collection[_Part]) -> list[Proposal]:
    by_match: dict[int, list[_Part]] = defaultdict(list)
    for part in parts:
        by_match[part.match_id].append(part)
    return [
        Proposal(of[0].rank, id_, of[0].reason, tuple(Paid(p.claim_no, p.amount) for p in of), of[0].lines)
        for id_, of in by_match.items()
    ]


def _waiting(row: ReportRow) -> Waiting:
    claims = tuple(dict.fromkeys(paid.claim_no for proposal in row.proposals for paid in proposal.pays))
    about = f" {', '.join(claims)}" if claims else ""
    moved = "from" if row.amount >= 0 else "to"
    sentence = (
        f"{row.date} {yuan_grouped(abs(row.amount))} yuan {moved} {row.payer or '(no name)'}"
        f"「{row.memo.strip()}」: {why(row.reason)}{':' if about else ''}{about}"
    )
    accept = tuple(f"huikuan reconcile accept {row.line_id} --proposal {p.number}" for p in row.proposals)
    commands = (*accept, f"huikuan reconcile reject {row.line_id}")
    return Waiting(row.line_id, row.date, row.amount, row.outcome, row.reason, sentence, commands, claims)
