"""The cases of a shop as matching sees them: what is owed, cover by cover, and what pays them already."""

from collections import defaultdict
from collections.abc import Collection, Iterator
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Subquery, and_, case, func, or_, select
from sqlalchemy.orm import Session

from models.bank import BankLine
from models.case import Case, ExpectedLine
from models.insurer import Insurer
from models.match import Match, MatchPart
from models.payout import Payout
from models.words import MatchKind, MatchState, PayoutState, Resolution, Stage
from tasks.reconciliation import facts

_SETTLED = (Resolution.CUSTOMER_TOPUP, Resolution.SHOP_ABSORB)
"""Results of a difference after which nothing is expected any more (domain 1.7); so is a rounding, as long as
the receipt stands from which it was a few fen.
"""


def open_by_line() -> Subquery:
    """Per expected line: its case, what is expected and what is still owed, never below zero."""
    received = func.coalesce(func.sum(Payout.amount), 0)
    missing = ExpectedLine.amount - received
    rounded = and_(ExpectedLine.resolution == Resolution.ROUNDING, received > 0)
    owed = case((or_(ExpectedLine.resolution.in_(_SETTLED), rounded, missing < 0), 0), else_=missing)
    return (
        select(ExpectedLine.case_id, ExpectedLine.amount.label("expected"), owed.label("owed"))
        .outerjoin(
            Payout, and_(Payout.expected_line_id == ExpectedLine.id, Payout.state != PayoutState.REVERSED)
        )
        .group_by(ExpectedLine.id)
        .subquery()
    )


def known_cases(
    session: Session, shop_id: int, plates: Collection[str], as_well: Collection[int]
) -> list[facts.Case]:
    """Every case not closed, closed ones of these plates, and `as_well`; with what is owed, in fen."""
    lines = open_by_line()
    found = session.execute(
        select(
            Case.id, Case.claim_no, Case.plate_no, Case.report_no, Case.insured_name, Insurer.group_id,
            Case.insurer_accepted_date, Case.is_agency_claim, Case.stage,
            func.coalesce(func.sum(lines.c.expected), 0).label("expected"),
            func.coalesce(func.sum(lines.c.owed), 0).label("owed"),
            Insurer.name.label("insurer"), Case.settlement_agreed_on,
        )
        .outerjoin(Insurer, Insurer.id == Case.insurer_id)
        .outerjoin(lines, lines.c.case_id == Case.id)
        .where(Case.shop_id == shop_id, _wanted(plates, as_well))
        .group_by(Case.id, Insurer.group_id, Insurer.name)
        .order_by(Case.id)
    ).all()  # fmt: skip
    covers, taken = _covers(session, shop_id), _taken(session, shop_id)
    return [_case(row, covers.get(row.id, ()), taken.get(row.id, ())) for row in found]


def _case(row: Any, covers: tuple[int, ...], taken: tuple[int, ...]) -> facts.Case:
    return facts.Case(
        row.id, row.claim_no, row.plate_no, row.report_no, row.insured_name, row.group_id,
        row.insurer_accepted_date, row.is_agency_claim, row.stage is Stage.CLOSED, int(row.expected),
        int(row.owed), row.insurer or "", row.settlement_agreed_on or row.insurer_accepted_date,
        covers, taken,
    )  # fmt: skip


def _wanted(plates: Collection[str], as_well: Collection[int]) -> ColumnElement[bool]:
    return or_(Case.stage != Stage.CLOSED, Case.plate_no.in_(sorted(plates)), Case.id.in_(sorted(as_well)))


def _covers(session: Session, shop_id: int) -> dict[int, tuple[int, ...]]:
    """What is owed on each line of the cases that have several, in fen."""
    lines = open_by_line()
    of_shop = select(Case.id).where(Case.shop_id == shop_id, Case.stage != Stage.CLOSED)
    several = select(ExpectedLine.case_id).group_by(ExpectedLine.case_id).having(func.count() > 1)
    rows = session.execute(
        select(lines.c.case_id, lines.c.owed)
        .where(lines.c.owed > 0, lines.c.case_id.in_(of_shop), lines.c.case_id.in_(several))
        .order_by(lines.c.case_id, lines.c.owed)
    )
    return _grouped(rows)


def _taken(session: Session, shop_id: int) -> dict[int, tuple[int, ...]]:
    """The transfers that pay each open case already, in fen each."""
    rows = session.execute(
        select(MatchPart.case_id, MatchPart.amount)
        .join(Match, Match.id == MatchPart.match_id)
        .join(Case, Case.id == MatchPart.case_id)
        .where(
            Match.shop_id == shop_id, Match.state == MatchState.APPLIED, Case.stage != Stage.CLOSED,
            Match.kind.in_((MatchKind.PAYOUT, MatchKind.EVIDENCE)),
        )
        .order_by(MatchPart.id)
    )  # fmt: skip
    return _grouped(rows)


def _grouped(rows: Any) -> dict[int, tuple[int, ...]]:
    found: dict[int, list[int]] = defaultdict(list)
    for case_id, amount in rows:
        found[case_id].append(int(amount))
    return {case_id: tuple(amounts) for case_id, amounts in found.items()}


def received(session: Session, shop_id: int, amounts: Collection[int]) -> list[facts.Received]:
    """Applied matches of one of these amounts on a case that were not taken back, oldest first."""
    return [each for each in _received(session, shop_id) if each.amount in amounts] if amounts else []


def _received(session: Session, shop_id: int) -> Iterator[facts.Received]:
    standing = select(Payout.match_id).where(Payout.state != PayoutState.REVERSED)
    rows = session.execute(
        select(Match.id, MatchPart.case_id, MatchPart.amount, MatchPart.bank_line_id, BankLine.booked_on)
        .join(MatchPart, MatchPart.match_id == Match.id)
        .join(BankLine, BankLine.id == MatchPart.bank_line_id)
        .where(
            Match.shop_id == shop_id, Match.state == MatchState.APPLIED, Match.id.in_(standing),
            Match.kind.in_((MatchKind.PAYOUT, MatchKind.EVIDENCE)), MatchPart.case_id.is_not(None),
        )
        .order_by(Match.id, MatchPart.id)
    ).all()  # fmt: skip
    together: dict[tuple[int, int], list[tuple[int, int, date]]] = defaultdict(list)
    for match_id, of_case, amount, line_id, booked_on in rows:
        case_id = int(of_case or 0)
        together[match_id, case_id].append((amount, line_id, booked_on))
        yield facts.Received(match_id, case_id, amount, booked_on, (line_id,))
    for (match_id, case_id), parts in together.items():
        if len(parts) > 1:
            lines = tuple(line for _, line, _ in parts)
            newest = max(day for *_, day in parts)
            yield facts.Received(match_id, case_id, sum(fen for fen, *_ in parts), newest, lines)
