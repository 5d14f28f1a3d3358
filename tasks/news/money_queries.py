"""What the news room reads of money, in fen: payouts, refunds that left, positions and differences."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from sqlalchemy import and_, case, exists, func, or_, select
from sqlalchemy.orm import Session, aliased

from models import refund_paying
from models.bank import BankLine
from models.case import Case, ExpectedLine
from models.difference import Difference
from models.match import Match, MatchPart
from models.payment import PayeeAccount, PaymentItem
from models.payout import Payout
from models.refund import Position, Refund
from models.run import not_proven
from models.words import DifferenceState, MatchState, PayoutState, RefundState, Resolution
from models.work_order import WorkOrder

_SETTLED = (Resolution.CUSTOMER_TOPUP, Resolution.SHOP_ABSORB, Resolution.ROUNDING)

Rows = defaultdict[int, list[Any]]
"""Rows by work order."""


def payments(session: Session, orders: Sequence[int]) -> Rows:
    """What matches say was paid on each claim, of transfers that are allocated to the last fen."""
    rows = session.execute(
        select(
            Case.work_order_id, Payout.case_id, Payout.match_id,
            func.max(Payout.received_on).label("received_on"), func.sum(Payout.amount).label("amount"),
        )
        .join(Case, Case.id == Payout.case_id)
        .where(
            Case.work_order_id.in_(orders), Payout.state == PayoutState.EVIDENCED,
            Payout.received_on.is_not(None), ~_has_a_rest(),
        )
        .group_by(Case.work_order_id, Payout.case_id, Payout.match_id)
        .order_by(Payout.match_id)
    )  # fmt: skip
    return _by_order(rows)


def _has_a_rest() -> Any:
    """Whether of a bank line of the payout's match some fen are not allocated (issue 4)."""
    own, other, match = aliased(MatchPart), aliased(MatchPart), aliased(Match)
    allocated = (
        select(func.coalesce(func.sum(other.amount), 0))
        .join(match, match.id == other.match_id)
        .where(other.bank_line_id == BankLine.id, match.state == MatchState.APPLIED)
        .correlate(BankLine)
        .scalar_subquery()
    )
    return (
        exists()
        .where(own.match_id == Payout.match_id, own.bank_line_id == BankLine.id, BankLine.amount != allocated)
        .correlate(Payout)
    )


def still_expected(session: Session, orders: Sequence[int]) -> dict[int, int]:
    """What of each claim has not come and is not settled otherwise."""
    came = and_(Payout.expected_line_id == ExpectedLine.id, Payout.state != PayoutState.REVERSED)
    rest = ExpectedLine.amount - func.coalesce(func.sum(Payout.amount), 0)
    lines = (
        select(ExpectedLine.case_id, rest.label("rest"))
        .join(Case, Case.id == ExpectedLine.case_id)
        .outerjoin(Payout, came)
        .where(
            Case.work_order_id.in_(orders),
            or_(ExpectedLine.resolution.is_(None), ExpectedLine.resolution.not_in(_SETTLED)),
        )
        .group_by(ExpectedLine.id, ExpectedLine.case_id, ExpectedLine.amount)
        .subquery()
    )
    open_part = func.sum(case((lines.c.rest > 0, lines.c.rest), else_=0))
    rows = session.execute(select(lines.c.case_id, open_part).group_by(lines.c.case_id))
    return {case_id: int(amount) for case_id, amount in rows}


def refunds(session: Session, orders: Sequence[int]) -> Rows:
    """Refunds that left as money, with the account a transfer went to."""
    account = and_(
        PayeeAccount.shop_id == Refund.shop_id, PayeeAccount.payee == PaymentItem.payee,
        PayeeAccount.plate_no == WorkOrder.plate_no,
    )  # fmt: skip
    rows = session.execute(
        select(Refund.work_order_id, Refund.id, Refund.paid_on, Refund.signed_by, PayeeAccount.number,
               refund_paying.cash().label("cash"))
        .join(WorkOrder, WorkOrder.id == Refund.work_order_id)
        .outerjoin(PaymentItem, PaymentItem.refund_id == Refund.id)
        .outerjoin(PayeeAccount, account)
        .where(
            Refund.work_order_id.in_(orders), Refund.state == RefundState.PAID, Refund.paid_on.is_not(None)
        )
        .order_by(Refund.id)
    )  # fmt: skip
    return _by_order(rows)


def positions(session: Session, orders: Sequence[int]) -> dict[int, Position]:
    """Positions that hold: computed since anything moved, proven, and no proposal waits for their claims."""
    unproven = not_proven(session, orders)
    proposed = (
        exists()
        .where(Match.id == MatchPart.match_id, Match.state == MatchState.PROPOSED)
        .where(MatchPart.case_id == Case.id, Case.work_order_id == Position.work_order_id)
    )
    rows = session.scalars(
        select(Position)
        .join(WorkOrder, WorkOrder.id == Position.work_order_id)
        .where(Position.work_order_id.in_(orders), WorkOrder.settle_on.is_(None), ~proposed)
    )
    return {row.work_order_id: row for row in rows if row.work_order_id not in unproven}


def differences(session: Session, orders: Sequence[int]) -> Rows:
    """Differences that are open or settled, and since when the insurer says that it has paid all."""
    rows = session.execute(
        select(Difference.work_order_id, Difference.id, Difference.amount, Difference.resolution,
               Difference.state, Difference.resolved_on, Case.payment_final_on)
        .join(Case, Case.id == Difference.case_id)
        .where(Difference.work_order_id.in_(orders), Difference.state != DifferenceState.GONE)
        .order_by(Difference.id)
    )  # fmt: skip
    return _by_order(rows)


def last_payouts(session: Session, orders: Sequence[int]) -> dict[int, Any]:
    """When money of an insurer last came for each repair; a day nobody wrote down is not known."""
    came = (ExpectedLine.work_order_id.in_(orders), Payout.state != PayoutState.REVERSED, Payout.amount > 0)
    rows = session.execute(
        select(ExpectedLine.work_order_id, func.max(Payout.received_on))
        .join(ExpectedLine, ExpectedLine.id == Payout.expected_line_id)
        .where(*came)
        .group_by(ExpectedLine.work_order_id)
    )
    return {ident: newest for ident, newest in rows}  # noqa: C416 - a result has keys() of its own


def _by_order(rows: Any) -> Rows:
    found: Rows = defaultdict(list)
    for row in rows:
        found[row.work_order_id].append(row)
    return found
