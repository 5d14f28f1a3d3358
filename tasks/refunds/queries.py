"""What the refunds room reads: the money of repairs, in bulk and as plain rows."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

from sqlalchemy import and_, case, func, select
from sqlalchemy.orm import Session, aliased

from models.case import Case, ExpectedLine
from models.entry import Entry
from models.payout import Payout
from models.refund import UNDER_WAY, WITHDRAWN, Refund
from models.run import not_proven
from models.words import EntryKind, LineKind, PayoutState, RefundState, Resolution
from models.work_order import WorkOrder

_PAGE = 1000


@dataclass(frozen=True)
class LineRow:
    """An expected line with what has come on it, in fen."""

    kind: LineKind
    expected: int
    received: int
    resolution: Resolution | None
    third_party_proof: bool


@dataclass(frozen=True)
class RepairRow:
    """A work order to settle, with everything its rule needs."""

    work_order_id: int
    work_order_no: str
    bill: int | None
    manual_hold: bool
    is_agency_claim: bool
    insured_name: str
    lead_case_id: int
    lines: tuple[LineRow, ...]
    booked: dict[EntryKind, int] = field(default_factory=dict)
    """Fen by kind of entry, net of reversals."""
    refund_id: int | None = None
    refund_amount: int = 0
    refund_state: RefundState | None = None
    refund_number: int = 0
    refund_withdrawn: bool = False
    """The newest refund was taken back by a night, not declined by a person."""
    is_proven: bool = True
    """False where the nightly proof found that its money does not add up."""


def repairs_to_settle(session: Session, shop_id: int, on: date) -> Iterator[RepairRow]:
    """Repairs whose money changed up to `on` and is not settled yet, by id, a page at a time."""
    after = 0
    while page := _page(session, shop_id, on, after):
        yield from with_money(session, page)
        after = page[-1].id


class Order(NamedTuple):
    """A work order as the night needs it."""

    id: int
    work_order_no: str
    repair_net_amount: int | None
    manual_hold: str | None


def _page(session: Session, shop_id: int, on: date, after: int) -> list[Order]:
    rows = session.execute(
        select(WorkOrder.id, WorkOrder.work_order_no, WorkOrder.repair_net_amount, WorkOrder.manual_hold)
        .where(WorkOrder.shop_id == shop_id, WorkOrder.settle_on <= on, WorkOrder.id > after)
        .order_by(WorkOrder.id)
        .limit(_PAGE)
    )
    return [Order(*row) for row in rows]


def with_money(session: Session, orders: Sequence[Order]) -> Iterator[RepairRow]:
    """The same repairs with their lines, entries and newest refund: four queries for the page."""
    ids = [order.id for order in orders]
    lines, booked = _lines(session, ids), _booked(session, ids)
    cases, refunds = _lead_cases(session, ids), _newest_refunds(session, ids)
    unproven = not_proven(session, ids)
    for order in orders:
        lead, newest = cases[order.id], refunds.get(order.id)
        yield RepairRow(
            work_order_id=order.id,
            work_order_no=order.work_order_no,
            bill=order.repair_net_amount,
            manual_hold=order.manual_hold is not None,
            is_agency_claim=lead.agency,
            insured_name=lead.insured_name,
            lead_case_id=lead.case_id,
            lines=tuple(lines[order.id]),
            booked=booked[order.id],
            refund_id=newest.id if newest else None,
            refund_amount=newest.amount if newest else 0,
            refund_state=newest.state if newest else None,
            refund_number=newest.number if newest else 0,
            refund_withdrawn=newest is not None and newest.declined_because == WITHDRAWN,
            is_proven=order.id not in unproven,
        )


def _lines(session: Session, ids: Sequence[int]) -> dict[int, list[LineRow]]:
    arrived = and_(Payout.expected_line_id == ExpectedLine.id, Payout.state != PayoutState.REVERSED)
    rows = session.execute(
        select(
            ExpectedLine.work_order_id, ExpectedLine.kind, ExpectedLine.amount, ExpectedLine.resolution,
            ExpectedLine.customer_paid_third_party_on.is_not(None).label("proof"),
            func.coalesce(func.sum(Payout.amount), 0).label("received"),
        )
        .outerjoin(Payout, arrived)
        .where(ExpectedLine.work_order_id.in_(ids))
        .group_by(ExpectedLine.id)
        .order_by(ExpectedLine.id)
    )  # fmt: skip
    found: dict[int, list[LineRow]] = defaultdict(list)
    for row in rows:
        line = LineRow(row.kind, row.amount, int(row.received), row.resolution, bool(row.proof))
        found[row.work_order_id].append(line)
    return found


def _booked(session: Session, ids: Sequence[int]) -> dict[int, dict[EntryKind, int]]:
    reversed_ = aliased(Entry)
    kind = func.coalesce(reversed_.kind, Entry.kind).label("kind")
    signed = case((Entry.kind == EntryKind.REVERSAL, -Entry.amount), else_=Entry.amount)
    rows = session.execute(
        select(Entry.work_order_id, kind, func.sum(signed).label("amount"))
        .outerjoin(reversed_, Entry.reverses_id == reversed_.id)
        .where(Entry.work_order_id.in_(ids))
        .group_by(Entry.work_order_id, kind)
    )
    found: dict[int, dict[EntryKind, int]] = defaultdict(dict)
    for row in rows:
        found[row.work_order_id][EntryKind(row.kind)] = int(row.amount)
    return found


@dataclass(frozen=True)
class _Lead:
    case_id: int
    insured_name: str
    agency: bool


def _lead_cases(session: Session, ids: Sequence[int]) -> dict[int, _Lead]:
    rows = session.execute(
        select(Case.id, Case.work_order_id, Case.insured_name, Case.is_agency_claim)
        .where(Case.work_order_id.in_(ids))
        .order_by(Case.is_lead, Case.id.desc())
    ).all()
    agency = {row.work_order_id for row in rows if row.is_agency_claim}
    return {row.work_order_id: _Lead(row.id, row.insured_name, row.work_order_id in agency) for row in rows}


def _newest_refunds(session: Session, ids: Sequence[int]) -> dict[int, Refund]:
    """The refund under way of each repair, else the newest: one whose payment was taken back may be older."""
    rows = session.scalars(
        select(Refund)
        .where(Refund.work_order_id.in_(ids))
        .order_by(Refund.state.in_(UNDER_WAY), Refund.number)
    )
    return {row.work_order_id: row for row in rows}
