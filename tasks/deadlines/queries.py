"""What the deadlines room reads: the law, the calendar, and the claims whose clocks may have changed."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import and_, delete, func, or_, select
from sqlalchemy.orm import Session

from models.case import Case, ExpectedLine, SubmissionRound
from models.case_change import CaseChange
from models.deadline import Deadline, Interruption, LegalRule
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
_RUNS = (DeadlineState.RUNNING, DeadlineState.RESTARTED)


@dataclass(frozen=True)
class LineRow:
    """An expected line and what has come on it, in fen; `next_on` is when more is booked to come."""

    cover: Cover
    expected: int
    received: int
    resolution: Resolution | None
    next_on: date | None


@dataclass(frozen=True)
class ClaimRow:
    """A case with all that its clocks rest on, and the clocks as they were last written."""

    case_id: int
    is_agency_claim: bool
    closed: bool
    facts: dict[str, date | None]
    rounds: tuple[tuple[date | None, date | None], ...]
    lines: tuple[LineRow, ...]
    interruptions: tuple[date, ...]
    deadlines: tuple[Any, ...]
    """Its clocks, by the names of the columns."""

    @property
    def days(self) -> list[date]:
        """Every dated fact of the case."""
        days = [*self.facts.values(), *self.interruptions, *(line.next_on for line in self.lines)]
        return [day for day in (*days, *(each for pair in self.rounds for each in pair)) if day]


def legal_rules(session: Session) -> list[LegalRule]:
    """The rules of law, by code and date."""
    return list(session.scalars(select(LegalRule).order_by(LegalRule.code, LegalRule.valid_from)))


def take_changed_cases(session: Session, shop_id: int, on: date) -> list[int]:
    """Cases with a fact that changed, or whose day has come, or with a clock that ran out; by id.

    The notes of the changes are taken away: whoever cannot deal with one writes it down again.
    """
    noted = delete(CaseChange).where(
        CaseChange.shop_id == shop_id, or_(CaseChange.look_on.is_(None), CaseChange.look_on <= on)
    )
    changed = set(session.scalars(noted.returning(CaseChange.case_id)))
    ran_out = select(Deadline.case_id).where(
        Deadline.shop_id == shop_id, Deadline.state.in_(_RUNS), Deadline.due_on < on
    )
    return sorted(changed.union(session.scalars(ran_out)))


def claims(session: Session, case_ids: Sequence[int], on: date) -> Iterator[ClaimRow]:
    """These cases by id, a page at a time, with what was paid up to `on`."""
    for start in range(0, len(case_ids), _PAGE):
        query = select(Case.id, Case.is_agency_claim, Case.stage, *_FACTS)
        page = session.execute(query.where(Case.id.in_(case_ids[start : start + _PAGE])).order_by(Case.id))
        yield from _with_details(session, list(page.all()), on)


def _with_details(session: Session, page: list[Any], on: date) -> Iterator[ClaimRow]:
    ids = [row.id for row in page]
    lines, rounds, deadlines = _lines(session, ids, on), _rounds(session, ids), _deadlines(session, ids)
    interruptions = _interruptions(session, ids)
    for row in page:
        yield ClaimRow(
            case_id=row.id,
            is_agency_claim=row.is_agency_claim,
            closed=row.stage is Stage.CLOSED,
            facts={fact.key: getattr(row, fact.key) for fact in _FACTS},
            rounds=tuple(rounds[row.id]),
            lines=tuple(lines[row.id]),
            interruptions=tuple(interruptions[row.id]),
            deadlines=tuple(deadlines[row.id]),
        )


def _lines(session: Session, ids: Iterable[int], on: date) -> dict[int, list[LineRow]]:
    has_come = or_(Payout.received_on.is_(None), Payout.received_on <= on)
    booked = and_(Payout.expected_line_id == ExpectedLine.id, Payout.state != PayoutState.REVERSED)
    query = (
        select(
            ExpectedLine.case_id,
            ExpectedLine.cover,
            ExpectedLine.amount,
            ExpectedLine.resolution,
            func.coalesce(func.sum(Payout.amount).filter(has_come), 0).label("received"),
            func.min(Payout.received_on).filter(Payout.received_on > on).label("next_on"),
        )
        .outerjoin(Payout, booked)
        .where(ExpectedLine.case_id.in_(ids))
        .group_by(ExpectedLine.id)
        .order_by(ExpectedLine.id)
    )
    found: defaultdict[int, list[LineRow]] = defaultdict(list)
    for row in session.execute(query):
        line = LineRow(row.cover, row.amount, int(row.received), row.resolution, row.next_on)
        found[row.case_id].append(line)
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


def _interruptions(session: Session, ids: Iterable[int]) -> dict[int, list[date]]:
    query = select(Interruption.case_id, Interruption.happened_on).where(Interruption.case_id.in_(ids))
    found: defaultdict[int, list[date]] = defaultdict(list)
    for row in session.execute(query.order_by(Interruption.id)):
        found[row.case_id].append(row.happened_on)
    return found


def _deadlines(session: Session, ids: Iterable[int]) -> dict[int, list[Any]]:
    found: defaultdict[int, list[Any]] = defaultdict(list)
    for row in session.execute(select(*_CLOCK).where(Deadline.case_id.in_(ids)).order_by(Deadline.id)):
        found[row.case_id].append(row)
    return found


def clocks_by_state(session: Session, shop_id: int) -> dict[DeadlineState, int]:
    """How many clocks of the shop stand in which state."""
    query = select(Deadline.state, func.count()).where(Deadline.shop_id == shop_id).group_by(Deadline.state)
    return {state: count for state, count in session.execute(query)}  # noqa: C416 - a row is no pair to the types
