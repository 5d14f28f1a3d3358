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
from tasks.reconciliation.sentences import CLASSES, why


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
    detail: object = None
    """What the reason speaks of; for a transfer without references the explanations counted per class."""


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
        line.id, file, line.booked_on, line.payer, line.amount, line.memo, outcome, reason, pays, proposals,
        line.detail,
    )  # fmt: skip


def _proposals(parts: Collection[_Part]) -> list[Proposal]:
    by_match: dict[int, list[_Part]] = defaultdict(list)
    for part in parts:
        by_match[part.match_id].append(part)
    return [
        Proposal(of[0].rank, id_, of[0].reason, tuple(Paid(p.claim_no, p.amount) for p in of), of[0].lines)
        for id_, of in by_match.items()
    ]


def counted(detail: object) -> str | None:
    """How many explanations a transfer without references has, class by class; None for any other line."""
    if not isinstance(detail, dict) or "classes" not in detail:
        return None
    found = [each for each in detail["classes"] if each["count"]]
    of = f"of {detail['pool']} open claims of this insurer"
    if not found:
        return f"names no claim, and none {of} explain it"
    counts = ", ".join(
        f"{'' if each['exact'] else 'more than '}{each['count']} as {CLASSES[each['class']]}"
        for each in found
    )
    return f"names no claim; explanations {of}: {counts}"


def _commands(row: ReportRow) -> tuple[str, ...]:
    """What to type: accept what was proposed; first look at what only adds up, or has no proposal at all."""
    accept = [f"huikuan reconcile accept {row.line_id} --proposal {p.number}" for p in row.proposals]
    look = [f"huikuan reconcile show {row.line_id}"] if not accept or counted(row.detail) else []
    return (*look, *accept, f"huikuan reconcile reject {row.line_id}")


def _waiting(row: ReportRow) -> Waiting:
    claims = tuple(dict.fromkeys(paid.claim_no for proposal in row.proposals for paid in proposal.pays))
    about = f" {', '.join(claims)}" if claims else ""
    moved = "from" if row.amount >= 0 else "to"
    sentence = (
        f"{row.date} {yuan_grouped(abs(row.amount))} yuan {moved} {row.payer or '(no name)'}"
        f"「{row.memo.strip()}」: {counted(row.detail) or why(row.reason) + (':' if about else '') + about}"
    )
    commands = _commands(row)
    return Waiting(row.line_id, row.date, row.amount, row.outcome, row.reason, sentence, commands, claims)
