"""What the chasing room reads: the open cases to look at tonight, with money, rounds, clocks and steps."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Executable, Select, and_, exists, func, or_, select
from sqlalchemy.orm import Session

from models.case import Case, ExpectedLine, SubmissionRound
from models.chase import ChaseHold, ChaseState, ChaseStep
from models.deadline import Deadline
from models.dispute import Dispute, DisputeClock
from models.insurer import Insurer, InsurerGroup
from models.payout import Payout
from models.words import ChaseReason, DeadlineState, DisputeKind, DisputeState, HoldState, PayoutState, Stage

_PAGE = 1000
_FACTS = [column for column in Case.__table__.columns if column.name != "imported"]

# Paid and not ours are left alone until a clock or the case itself says otherwise; the rest wait for a fact
# that anyone may record by day.
_QUIET = (
    ChaseReason.PAID,
    ChaseReason.NOT_AGENCY,
    ChaseReason.NOTHING_EXPECTED,
    ChaseReason.BELOW_FLOOR,
    ChaseReason.WITH_LAWYER,
)


@dataclass(frozen=True)
class CaseRow:
    """An open case by the names of its columns (`facts`), and the rows that belong to it, in order."""

    facts: Any
    lines: tuple[Any, ...]
    """cover, expected, received (fen), resolution."""
    rounds: tuple[Any, ...]
    clocks: tuple[Any, ...]
    steps: tuple[Any, ...]
    holds: tuple[Any, ...]
    """Holds and promises that stand."""
    disputes: tuple[Any, ...]
    """kind, over_on: the last day of its clocks, None = it stands until a person resolves it."""


def cases_to_look_at(session: Session, shop_id: int, on: date) -> Iterator[CaseRow]:
    """Open cases without a state, due, waiting for a fact, or with a clock that changed tonight, by id.

    A night run late, by hand, passes over what a later night has decided.
    """
    after = 0
    while page := session.execute(_due(shop_id, on, after)).all():
        yield from _with_details(session, page, on)
        after = page[-1].id


def cases_named(session: Session, shop_id: int, case_ids: Collection[int], on: date) -> Iterator[CaseRow]:
    """These open cases, by id."""
    ids = sorted(case_ids)
    for start in range(0, len(ids), _PAGE):
        named = _facts().where(Case.shop_id == shop_id, Case.id.in_(ids[start : start + _PAGE]))
        page = session.execute(named.where(Case.stage != Stage.CLOSED).order_by(Case.id)).all()
        yield from _with_details(session, page, on)


def _due(shop_id: int, on: date, after: int) -> Select[Any]:
    clock_changed = exists().where(Deadline.case_id == Case.id, Deadline.computed_on == on)
    waits = and_(
        ChaseState.look_again_on.is_(None),
        or_(ChaseState.reason.is_(None), ChaseState.reason.not_in(_QUIET)),
    )
    changed_by_hand = or_(
        and_(ChaseState.reason == ChaseReason.NOT_AGENCY, Case.is_agency_claim),
        and_(
            ChaseState.reason == ChaseReason.NOTHING_EXPECTED, exists().where(ExpectedLine.case_id == Case.id)
        ),
    )
    return (
        _facts()
        .where(Case.shop_id == shop_id, Case.stage != Stage.CLOSED, Case.id > after)
        .where(or_(ChaseState.since.is_(None), ChaseState.since <= on))
        .where(
            or_(
                ChaseState.case_id.is_(None),
                ChaseState.look_again_on <= on,
                waits,
                changed_by_hand,
                clock_changed,
            )
        )
        .order_by(Case.id)
        .limit(_PAGE)
    )


def _facts() -> Select[Any]:
    return (
        select(
            *_FACTS,
            Insurer.name.label("insurer"),
            Insurer.group_id.label("insurer_group_id"),
            InsurerGroup.name.label("insurer_group"),
            ChaseState.step,
            ChaseState.reason,
            ChaseState.open_amount,
            ChaseState.since,
            ChaseState.look_again_on,
        )
        .outerjoin(ChaseState, ChaseState.case_id == Case.id)
        .outerjoin(Insurer, Insurer.id == Case.insurer_id)
        .outerjoin(InsurerGroup, InsurerGroup.id == Insurer.group_id)
    )


def _with_details(session: Session, page: Iterable[Any], on: date) -> Iterator[CaseRow]:
    ids = [row.id for row in page]
    wanted = (_lines(ids, on), _rounds(ids), _clocks(ids), _steps(ids), _holds(ids, on), _disputes(ids))
    details = [_by_case(session, query) for query in wanted]
    for row in page:
        yield CaseRow(row, *(tuple(found[row.id]) for found in details))


def _by_case(session: Session, query: Executable) -> defaultdict[int, list[Any]]:
    found: defaultdict[int, list[Any]] = defaultdict(list)
    for row in session.execute(query):
        found[row.case_id].append(row)
    return found


def _lines(ids: list[int], on: date) -> Executable:
    came = and_(
        Payout.expected_line_id == ExpectedLine.id,
        Payout.state != PayoutState.REVERSED,
        or_(Payout.received_on.is_(None), Payout.received_on <= on),
    )
    return (
        select(
            ExpectedLine.case_id,
            ExpectedLine.cover,
            ExpectedLine.amount.label("expected"),
            func.coalesce(func.sum(Payout.amount), 0).label("received"),
            ExpectedLine.resolution,
        )
        .outerjoin(Payout, came)
        .where(ExpectedLine.case_id.in_(ids))
        .group_by(ExpectedLine.id)
        .order_by(ExpectedLine.id)
    )


def _rounds(ids: list[int]) -> Executable:
    rounds = SubmissionRound
    return (
        select(rounds.case_id, rounds.round_no, rounds.returned_on, rounds.resubmitted_on)
        .where(rounds.case_id.in_(ids))
        .order_by(rounds.case_id, rounds.round_no)
    )


def _clocks(ids: list[int]) -> Executable:
    return select(Deadline.__table__).where(Deadline.case_id.in_(ids)).order_by(Deadline.id)


def _steps(ids: list[int]) -> Executable:
    return select(ChaseStep.__table__).where(ChaseStep.case_id.in_(ids)).order_by(ChaseStep.id)


def _holds(ids: list[int], on: date) -> Executable:
    return (
        select(ChaseHold.case_id, ChaseHold.kind, ChaseHold.until)
        .where(ChaseHold.case_id.in_(ids), ChaseHold.state == HoldState.STANDING, ChaseHold.set_on <= on)
        .order_by(ChaseHold.id)
    )


def _disputes(ids: list[int]) -> Executable:
    still_runs = and_(DisputeClock.dispute_id == Dispute.id, DisputeClock.state != DeadlineState.MET)
    return (
        select(Dispute.case_id, Dispute.kind, func.max(DisputeClock.due_on).label("over_on"))
        .outerjoin(DisputeClock, still_runs)
        .where(
            Dispute.case_id.in_(ids),
            Dispute.state != DisputeState.RESOLVED,
            Dispute.kind != DisputeKind.APPROVED,
        )
        .group_by(Dispute.id)
        .order_by(Dispute.id)
    )
