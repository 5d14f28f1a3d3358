"""What the deadlines room reads: the law, the calendar, and open claims with their money and rounds."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import Session

from models.business_day import BusinessDay
from models.calendar import Calendar
from models.case import Case, ExpectedLine, SubmissionRound
from models.deadline import Deadline, LegalRule
from models.payout import Payout
from models.words import Cover, DeadlineState, PayoutState, Resolution, Stage

_PAGE = 1000
_CLOCK = (
    Deadline.case_id,
    Deadline.rule_code,
    Deadline.cover,
    Deadline.started_on,
    Deadline.due_on,
    Deadline.state,
    Deadline.stopped_days,
    Deadline.estimate,
    Deadline.provisional,
    Deadline.source,
    Deadline.inputs,
    Deadline.computed_on,
)
_FACTS = (
    Case.insurer_accepted_date,
    Case.settlement_agreed_on,
    Case.accident_date,
    Case.liability_fixed_on,
    Case.dispatch_date,
)


@dataclass(frozen=True)
class LineRow:
    """An expected line and what has come on it, in fen."""

    cover: Cover
    expected: int
    received: int
    resolution: Resolution | None


@dataclass(frozen=True)
class ClaimRow:
    """An open case with all that its clocks rest on, and the clocks as they were last written."""

    case_id: int
    is_agency_claim: bool
    facts: dict[str, date | None]
    rounds: tuple[tuple[date | None, date | None], ...]
    lines: tuple[LineRow, ...]
    deadlines: tuple[Any, ...]
    """Its clocks, by the names of the columns."""


def calendar(session: Session) -> Calendar:
    """The calendar of all notices that are in."""
    days = session.execute(select(BusinessDay.day, BusinessDay.kind, BusinessDay.notice_year)).all()
    return Calendar({row.day: row.kind for row in days}, frozenset(row.notice_year for row in days))


def legal_rules(session: Session) -> list[LegalRule]:
    """The rules of law, by code and date."""
    return list(session.scalars(select(LegalRule).order_by(LegalRule.code, LegalRule.valid_from)))


def open_claims(session: Session, shop_id: int, on: date) -> Iterator[ClaimRow]:
    """Every open case of the shop by id, a page at a time, with what was paid up to `on`."""
    after = 0
    while page := _page(session, shop_id, after):
        yield from _with_details(session, page, on)
        after = page[-1].id


def _page(session: Session, shop_id: int, after: int) -> list[Any]:
    query = (
        select(Case.id, Case.is_agency_claim, *_FACTS)
        .where(Case.shop_id == shop_id, Case.stage != Stage.CLOSED, Case.id > after)
        .order_by(Case.id)
        .limit(_PAGE)
    )
    return list(session.execute(query).all())


def _with_details(session: Session, page: list[Any], on: date) -> Iterator[ClaimRow]:
    ids = [row.id for row in page]
    lines, rounds, deadlines = _lines(session, ids, on), _rounds(session, ids), _deadlines(session, ids)
    for row in page:
        yield ClaimRow(
            case_id=row.id,
            is_agency_claim=row.is_agency_claim,
            facts={fact.key: getattr(row, fact.key) for fact in _FACTS},
            rounds=tuple(rounds[row.id]),
            lines=tuple(lines[row.id]),
            deadlines=tuple(deadlines[row.id]),
        )


def _lines(session: Session, ids: Iterable[int], on: date) -> dict[int, list[LineRow]]:
    came = and_(
        Payout.expected_line_id == ExpectedLine.id,
        Payout.state != PayoutState.REVERSED,
        or_(Payout.received_on.is_(None), Payout.received_on <= on),
    )
    query = (
        select(
            ExpectedLine.case_id,
            ExpectedLine.cover,
            ExpectedLine.amount,
            ExpectedLine.resolution,
            func.coalesce(func.sum(Payout.amount), 0).label("received"),
        )
        .outerjoin(Payout, came)
        .where(ExpectedLine.case_id.in_(ids))
        .group_by(ExpectedLine.id)
        .order_by(ExpectedLine.id)
    )
    found: defaultdict[int, list[LineRow]] = defaultdict(list)
    for row in session.execute(query):
        found[row.case_id].append(LineRow(row.cover, row.amount, int(row.received), row.resolution))
    return found


def _rounds(session: Session, ids: Iterable[int]) -> dict[int, list[tuple[date | None, date | None]]]:
    query = (
        select(SubmissionRound.case_id, SubmissionRound.returned_on, SubmissionRound.resubmitted_on)
        .where(SubmissionRound.case_id.in_(ids))
        .order_by(SubmissionRound.case_id, SubmissionRound.round_no)
    )
    found: defaultdict[int, list[tuple[date | None, date | None]]] = defaultdict(list)
    for row in session.execute(query):
        found[row.case_id].append((row.returned_on, row.resubmitted_on))
    return found


def _deadlines(session: Session, ids: Iterable[int]) -> dict[int, list[Any]]:
    found: defaultdict[int, list[Any]] = defaultdict(list)
    for row in session.execute(select(*_CLOCK).where(Deadline.case_id.in_(ids)).order_by(Deadline.id)):
        found[row.case_id].append(row)
    return found


def clocks_of_closed_cases(session: Session, shop_id: int) -> list[int]:
    """Ids of clocks that still stand open although their case was closed."""
    query = (
        select(Deadline.id)
        .join(Case, Case.id == Deadline.case_id)
        .where(Deadline.shop_id == shop_id, Deadline.state != DeadlineState.MET, Case.stage == Stage.CLOSED)
        .order_by(Deadline.id)
    )
    return list(session.scalars(query))
