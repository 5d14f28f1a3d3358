"""What the closing room reads: cases that can come to closing, and all that the checklist asks of them."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import and_, exists, func, or_, select
from sqlalchemy.orm import Session

from models.blocker import Blocker
from models.case import Case, ExpectedLine, SubmissionRound
from models.difference import Difference
from models.entry import Lies, balances
from models.match import Match, MatchPart
from models.payment import PaymentItem
from models.payout import Payout
from models.refund import Position, Refund
from models.refund_paying import cash_of
from models.words import CustomerLineKind, DifferenceState, Gate, MatchState, PayoutState, Stage
from models.work_order import WorkOrder
from tasks.closing import repairs

_PAGE = 300
_POSITION = (Position.computed_on, Position.refund_due, Position.refunded, Position.topup_due)


@dataclass(frozen=True)
class ClosingRow:
    """A case with everything of it and its repair that the checklist asks; rows by the names of columns."""

    case: Any
    round: Any
    """The last submission round; None where there is none."""
    lines: tuple[Any, ...]
    refunds: tuple[Any, ...]
    by_bank: frozenset[int]
    """Refunds that went out by a payment file, or without cash."""
    lies: Lies
    insured: frozenset[str]
    deposit: int
    other: int
    """Fen of the bill that are no accident (M)."""
    adds_up: bool
    waiting_line: int | None
    invoiced: int | None
    """Fen of all invoices of the repair, over its claims; None where there is none."""
    own: int
    """E_own: what insurers owe for the repair, over all claims, in fen."""


def cases_to_check(session: Session, shop_id: int, case_id: int | None) -> Iterator[ClosingRow]:
    """Cases on which money came or that we do not claim for, those with blockers; or the one of that id."""
    may_close = or_(Case.stage == Stage.PAYOUT, and_(Case.stage == Stage.REPAIR, ~Case.is_agency_claim))
    may = select(Case.id).where(Case.shop_id == shop_id, may_close)
    known = select(Blocker.case_id).where(Blocker.shop_id == shop_id, Blocker.gate == Gate.CLOSING)
    # Two questions, each answered by an index; one OR would be a look at every case.
    wanted = Case.id.in_(may.union(known)) if case_id is None else Case.id == case_id
    after = 0
    while True:
        page = session.execute(
            select(Case, WorkOrder, *_POSITION)
            .join(WorkOrder, WorkOrder.id == Case.work_order_id)
            .outerjoin(Position, Position.work_order_id == WorkOrder.id)
            .where(Case.shop_id == shop_id, wanted, Case.id > after)
            .order_by(Case.id)
            .limit(_PAGE)
            .execution_options(populate_existing=True)
        ).all()
        if not page:
            return
        yield from with_details(session, page)
        after = page[-1].Case.id


def with_details(session: Session, page: Sequence[Any]) -> Iterator[ClosingRow]:
    """The same cases with their lines, refunds and balances: a handful of queries for the page."""
    cases = [row.Case.id for row in page]
    orders = sorted({row.WorkOrder.id for row in page})
    rounds, lines, refunds = _rounds(session, cases), _lines(session, cases), _refunds(session, orders)
    paid = [refund.id for each in refunds.values() for refund in each]
    by_bank, lies, insured = (
        _by_bank(session, paid),
        balances(session, orders),
        repairs.insured(session, orders),
    )
    deposits = repairs.of_customers(session, orders, CustomerLineKind.DEPOSIT)
    others = repairs.of_customers(session, orders, CustomerLineKind.NON_CLAIM)
    aside, waiting = repairs.set_aside(session, orders), _waiting(session, cases)
    invoices, own = repairs.invoices(session, orders), repairs.own_expected(session, orders)
    for row in page:
        order = row.WorkOrder.id
        yield ClosingRow(
            case=row,
            round=rounds.get(row.Case.id),
            lines=tuple(lines[row.Case.id]),
            refunds=tuple(refunds[order]),
            by_bank=by_bank,
            lies=lies[order],
            insured=insured[order],
            deposit=deposits.get(order, 0),
            other=others.get(order, 0),
            adds_up=order not in aside,
            waiting_line=waiting.get(row.Case.id),
            invoiced=invoices.get(order),
            own=own.get(order, 0),
        )


def _rounds(session: Session, cases: Sequence[int]) -> dict[int, Any]:
    rows = session.execute(
        select(SubmissionRound.case_id, SubmissionRound.returned_on, SubmissionRound.resubmitted_on)
        .where(SubmissionRound.case_id.in_(cases))
        .order_by(SubmissionRound.case_id, SubmissionRound.round_no)
    )
    return {row.case_id: row for row in rows}


def _lines(session: Session, cases: Sequence[int]) -> dict[int, list[Any]]:
    came = and_(Payout.expected_line_id == ExpectedLine.id, Payout.state != PayoutState.REVERSED)
    of_line = Difference.expected_line_id == ExpectedLine.id
    open_one = (
        select(func.max(Difference.id)).where(of_line, Difference.state == DifferenceState.OPEN)
    ).scalar_subquery()
    approved = exists().where(of_line, Difference.approved_by.is_not(None))
    rows = session.execute(
        select(
            ExpectedLine.case_id, ExpectedLine.kind, ExpectedLine.cover, ExpectedLine.amount,
            ExpectedLine.resolution, ExpectedLine.work_order_id,
            func.coalesce(func.sum(Payout.amount), 0).label("received"),
            open_one.label("open_difference"), approved.label("is_approved"),
        )
        .outerjoin(Payout, came)
        .where(ExpectedLine.case_id.in_(cases))
        .group_by(ExpectedLine.id)
        .order_by(ExpectedLine.id)
    )  # fmt: skip
    return _grouped(rows, "case_id")


def _refunds(session: Session, orders: Sequence[int]) -> dict[int, list[Any]]:
    rows = session.execute(
        select(
            Refund.id, Refund.work_order_id, Refund.amount, Refund.state, Refund.payee, Refund.origin,
            Refund.signed_by, Refund.signature_proof,
        )
        .where(Refund.work_order_id.in_(orders))
        .order_by(Refund.work_order_id, Refund.number)
    )  # fmt: skip
    return _grouped(rows, "work_order_id")


def _grouped(rows: Any, key: str) -> dict[int, list[Any]]:
    found: defaultdict[int, list[Any]] = defaultdict(list)
    for row in rows:
        found[getattr(row, key)].append(row)
    return found


def _by_bank(session: Session, refunds: Sequence[int]) -> frozenset[int]:
    filed = session.scalars(select(PaymentItem.refund_id).where(PaymentItem.refund_id.in_(refunds)))
    without_cash = (ident for ident, cash in cash_of(session, refunds).items() if not cash)
    return frozenset([*filed, *without_cash])


def _waiting(session: Session, cases: Sequence[int]) -> dict[int, int]:
    """Per case, a bank line that a person is asked about."""
    rows = session.execute(
        select(MatchPart.case_id, func.min(MatchPart.bank_line_id))
        .join(Match, Match.id == MatchPart.match_id)
        .where(MatchPart.case_id.in_(cases), Match.state == MatchState.PROPOSED)
        .group_by(MatchPart.case_id)
    )
    return {case: line for case, line in rows if case is not None}
