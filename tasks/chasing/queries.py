"""What the chasing room reads of open cases: money, rounds, clocks, steps and whatever leaves them alone."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from datetime import date, timedelta
from typing import Any, NamedTuple

from sqlalchemy import Executable, Select, and_, func, or_, select
from sqlalchemy.orm import Session

from models import bulk
from models.case import Case, ExpectedLine, SubmissionRound
from models.chase import ChaseHold, ChaseState, ChaseStep
from models.deadline import Deadline
from models.dispute import Dispute, DisputeClock
from models.insurer import Insurer, InsurerGroup
from models.payout import Payout
from models.words import DeadlineState, DisputeKind, DisputeState, HoldState, PayoutState, Stage

_PAGE = 1000
_FACTS = tuple(column for column in Case.__table__.columns if column.name != "imported")
_ASKED = (
    "id", "claim_no", "insured_name", "plate_no", "report_no", "policy_no", "insurer_id", "is_agency_claim",
    "accident_date", "file_handover_date", "insurer_accepted_date", "accepted_proof", "assessed_amount",
    "settlement_agreed_on", "authorised_by", "authorisation_valid_to", "insurance_receptionist",
)  # fmt: skip
CLOCK = ("cover", "rule_code", "due_on", "state", "estimate", "provisional", "source")
"""What the ladder asks of a clock, in the order of its row, after the case."""
_LIMITATION_NEAR = timedelta(days=31)


class CaseRow(NamedTuple):
    """An open case by the names of its columns (`facts`), and the rows that belong to it, in order."""

    facts: Any
    lines: Sequence[Any]
    """cover, expected, received (fen), resolution."""
    rounds: Sequence[Any]
    clocks: Sequence[Any]
    steps: Sequence[Any]
    holds: Sequence[Any]
    """Holds and promises that stand."""
    disputes: Sequence[Any]
    """kind, over_on: the last day of its clocks, None = it stands until a person resolves it."""


def cases_for_the_ladder(session: Session, case_ids: Collection[int], on: date) -> Iterator[CaseRow]:
    """Cases as the ladder and its words want them, by id: no more columns than those, and of the clocks of
    limitation those that come near."""
    wanted = _facts(*(Case.__table__.c[name] for name in _ASKED))
    of_these = (bulk.among(session, Case.id, case_ids), Case.stage != Stage.CLOSED)
    rows = session.execute(wanted.where(*of_these).order_by(Case.id)).all()
    near = or_(~_CLOCK.rule_code.contains("limitation"), _CLOCK.due_on <= on + _LIMITATION_NEAR)
    clocks = select(_CLOCK.case_id, *(_CLOCK[name] for name in CLOCK)).where(near).order_by(_CLOCK.id)
    yield from _with_details(session, rows, on, clocks)


def cases_named(session: Session, shop_id: int, case_ids: Collection[int], on: date) -> Iterator[CaseRow]:
    """These open cases, by id."""
    ids = sorted(case_ids)
    for start in range(0, len(ids), _PAGE):
        named = _facts().where(Case.shop_id == shop_id, Case.id.in_(ids[start : start + _PAGE]))
        page = session.execute(named.where(Case.stage != Stage.CLOSED).order_by(Case.id)).all()
        yield from _with_details(session, page, on, _CLOCKS)


def _facts(*columns: Any) -> Select[Any]:
    return (
        select(
            *(columns or _FACTS),
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


def _with_details(session: Session, page: Sequence[Any], on: date, clocks: Select[Any]) -> Iterator[CaseRow]:
    ids = [row.id for row in page]
    details = [
        _by_case(session, query.where(bulk.among(session, of_case, ids)))
        for of_case, query in (
            (_LINE.case_id, _lines(on)),
            (SubmissionRound.case_id, _ROUNDS),
            (_CLOCK.case_id, clocks),
            (_STEP.case_id, _STEPS),
            (ChaseHold.case_id, _HOLDS.where(ChaseHold.set_on <= on)),
            (Dispute.case_id, _DISPUTES),
        )
    ]
    lines, rounds, clocks_of, steps, holds, disputes = details
    for row in page:
        case_id = row.id
        yield CaseRow(
            row,
            lines.get(case_id, ()),
            rounds.get(case_id, ()),
            clocks_of.get(case_id, ()),
            steps.get(case_id, ()),
            holds.get(case_id, ()),
            disputes.get(case_id, ()),
        )


def _by_case(session: Session, query: Executable) -> dict[int, Sequence[Any]]:
    """The rows of a query, whose first column is the case."""
    found: defaultdict[int, list[Any]] = defaultdict(list)
    for row in session.execute(query).all():
        found[row[0]].append(row)
    return dict(found)


_LINE: Any = ExpectedLine.__table__.c
_CLOCK: Any = Deadline.__table__.c
_STEP: Any = ChaseStep.__table__.c
_CLOCKS: Any = select(
    _CLOCK.case_id, *(_CLOCK[name] for name in (*CLOCK, "id", "started_on", "round_no"))
).order_by(_CLOCK.id)


def _lines(on: date) -> Select[Any]:
    came = and_(
        Payout.expected_line_id == _LINE.id,
        Payout.state != PayoutState.REVERSED,
        or_(Payout.received_on.is_(None), Payout.received_on <= on),
    )
    received = func.coalesce(func.sum(Payout.amount), 0).label("received")
    return (
        select(_LINE.case_id, _LINE.cover, _LINE.amount.label("expected"), received, _LINE.resolution)
        .outerjoin(Payout, came)
        .group_by(_LINE.id)
        .order_by(_LINE.id)
    )


_ROUNDS: Any = select(
    SubmissionRound.case_id,
    SubmissionRound.round_no,
    SubmissionRound.returned_on,
    SubmissionRound.resubmitted_on,
).order_by(SubmissionRound.case_id, SubmissionRound.round_no)

_STEPS: Any = select(_STEP.case_id, _STEP.cover, _STEP.step, _STEP.round_no, _STEP.taken_on).order_by(
    _STEP.id
)

_HOLDS: Any = (
    select(ChaseHold.case_id, ChaseHold.kind, ChaseHold.until)
    .where(ChaseHold.state == HoldState.STANDING)
    .order_by(ChaseHold.id)
)

_DISPUTES: Any = (
    select(Dispute.case_id, Dispute.kind, func.max(DisputeClock.due_on).label("over_on"))
    .outerjoin(
        DisputeClock,
        and_(DisputeClock.dispute_id == Dispute.id, DisputeClock.state != DeadlineState.MET),
    )
    .where(Dispute.state != DisputeState.RESOLVED, Dispute.kind != DisputeKind.APPROVED)
    .group_by(Dispute.id)
    .order_by(Dispute.id)
)
