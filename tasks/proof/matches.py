"""Matches as control totals: so much of each bank line, and so much in payouts."""

from collections import defaultdict
from collections.abc import Iterable, Iterator

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from models.bank import BankLine
from models.case import Case
from models.match import Match, MatchPart
from models.payout import Payout
from models.refund import Refund
from models.values import yuan
from models.words import MatchKind, MatchState, Outcome
from tasks.proof.fault import Fault


def bank_lines(session: Session, shop_id: int) -> Iterator[Fault]:
    """Applied matches whose parts are not the amount of their bank lines, or not that of their payouts."""
    parts = (
        select(MatchPart.bank_line_id, func.sum(MatchPart.amount).label("amount"))
        .join(Match, Match.id == MatchPart.match_id)
        .where(Match.shop_id == shop_id, Match.state == MatchState.APPLIED)
        .group_by(MatchPart.bank_line_id)
        .subquery()
    )
    rows = session.execute(
        select(BankLine.id, BankLine.amount, func.coalesce(parts.c.amount, 0).label("parts"))
        .outerjoin(parts, parts.c.bank_line_id == BankLine.id)
        .where(
            BankLine.shop_id == shop_id,
            or_(BankLine.outcome == Outcome.MATCHED, parts.c.amount.is_not(None)),
            func.abs(BankLine.amount) != func.abs(func.coalesce(parts.c.amount, 0)),
        )
        .order_by(BankLine.id)
    ).all()
    orders = orders_of_lines(session, [row.id for row in rows])
    for row in rows:
        sentence = (
            f"bank line {row.id} is {yuan(row.amount)} yuan, what it was matched to {yuan(int(row.parts))}"
        )
        yield Fault(orders[row.id], f"bank_line:{row.id}", sentence)


def payouts(session: Session, shop_id: int) -> Iterator[Fault]:
    paid = (
        select(Payout.match_id, func.sum(Payout.amount).label("amount")).group_by(Payout.match_id).subquery()
    )
    rows = session.execute(
        select(Match.id, func.sum(MatchPart.amount), func.coalesce(paid.c.amount, 0))
        .join(MatchPart, MatchPart.match_id == Match.id)
        .outerjoin(paid, paid.c.match_id == Match.id)
        .where(
            Match.shop_id == shop_id, Match.state == MatchState.APPLIED,
            Match.kind.in_((MatchKind.PAYOUT, MatchKind.EVIDENCE)),
        )
        .group_by(Match.id, paid.c.amount)
        .having(func.sum(MatchPart.amount) != func.coalesce(paid.c.amount, 0))
        .order_by(Match.id)
    ).all()  # fmt: skip
    for match_id, parts, paid_out in rows:
        of = select(MatchPart.bank_line_id).where(MatchPart.match_id == match_id)
        lines = session.scalars(of.distinct().order_by(MatchPart.bank_line_id)).all()
        orders = {order for each in orders_of_lines(session, lines).values() for order in each}
        named = ", ".join(f"bank line {line}" for line in lines)
        sentence = (
            f"match {match_id} ({named}) gives out {yuan(int(parts))} yuan, "
            f"its payouts are {yuan(int(paid_out))}"
        )
        yield Fault(tuple(sorted(orders)), f"match:{match_id}", sentence)


def orders_of_lines(session: Session, line_ids: Iterable[int]) -> dict[int, tuple[int, ...]]:
    """The repairs that some bank lines are matched to."""
    rows = session.execute(
        select(MatchPart.bank_line_id, func.coalesce(Refund.work_order_id, Case.work_order_id))
        .join(Match, Match.id == MatchPart.match_id)
        .outerjoin(Case, Case.id == MatchPart.case_id)
        .outerjoin(Refund, Refund.id == MatchPart.refund_id)
        .where(MatchPart.bank_line_id.in_(list(line_ids)), Match.state == MatchState.APPLIED)
        .order_by(MatchPart.id)
    )
    found: dict[int, tuple[int, ...]] = defaultdict(tuple)
    for line_id, order_id in rows:
        if order_id and order_id not in found[line_id]:
            found[line_id] += (order_id,)
    return found
