"""Rows that must be right in themselves: the accounts of entries, and what stands behind a payout."""

from collections.abc import Iterator

from sqlalchemy import String, and_, or_, select, type_coerce
from sqlalchemy.orm import Session, aliased

from models.case import ExpectedLine
from models.entry import LEGS, Entry
from models.match import Match
from models.payout import Payout
from models.words import EntryKind, MatchState, PayoutState
from models.work_order import WorkOrder
from tasks.proof.fault import Fault


def entries(session: Session, shop_id: int) -> Iterator[Fault]:
    """Entries that are not on the accounts of their kind, and reversals that mirror nothing."""
    kind, debit, credit = (type_coerce(each, String) for each in (Entry.kind, Entry.debit, Entry.credit))
    known = [f"{name}:{legs[0]}:{legs[1]}" for name, legs in LEGS.items()]
    misbooked = and_(kind != EntryKind.REVERSAL.value, (kind + ":" + debit + ":" + credit).not_in(known))
    was = aliased(Entry)
    mirror = and_(
        was.amount == Entry.amount, was.work_order_id == Entry.work_order_id,
        type_coerce(was.debit, String) == credit, type_coerce(was.credit, String) == debit,
    )  # fmt: skip
    no_mirror = and_(kind == EntryKind.REVERSAL.value, or_(was.id.is_(None), ~mirror))
    rows = session.execute(
        select(
            Entry.work_order_id, Entry.id, Entry.occasion, kind.label("kind"), misbooked.label("misbooked")
        )
        .outerjoin(was, Entry.reverses_id == was.id)
        .where(Entry.shop_id == shop_id, or_(misbooked, no_mirror))
        .order_by(Entry.id)
    )
    for row in rows:
        why = (
            f"is not on the accounts of a {row.kind}" if row.misbooked else "does not mirror what it reverses"
        )
        yield Fault((row.work_order_id,), "", f"entry {row.id} ({row.occasion}) {why}")


def payouts(session: Session, shop_id: int) -> Iterator[Fault]:
    """Payouts that claim a bank line without a match that was applied, or have one and say they do not."""
    unproven = or_(Payout.match_id.is_(None), Match.state != MatchState.APPLIED)
    # What a difference moved from claim to claim carries the state of the receipt it is of.
    by_itself = ~Payout.origin.startswith("difference:")
    wrong = or_(
        and_(Payout.state == PayoutState.EVIDENCED, unproven, by_itself),
        and_(Payout.state == PayoutState.ASSERTED, Payout.match_id.is_not(None)),
    )
    rows = session.execute(
        select(ExpectedLine.work_order_id, Payout.id, Payout.origin, Payout.state)
        .join(ExpectedLine, ExpectedLine.id == Payout.expected_line_id)
        .join(WorkOrder, WorkOrder.id == ExpectedLine.work_order_id)
        .outerjoin(Match, Match.id == Payout.match_id)
        .where(WorkOrder.shop_id == shop_id, wrong)
        .order_by(Payout.id)
    )
    for row in rows:
        sentence = f"payout {row.id} ({row.origin}) is {row.state}, which its match does not bear out"
        yield Fault((row.work_order_id,), "", sentence)
