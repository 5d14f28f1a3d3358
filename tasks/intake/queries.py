"""What this room fetches: waiting files, insurers, and what is written down of the repairs in a ledger."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any, TypeVar

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from models.case import Case, ExpectedLine
from models.entry import Entry
from models.insurer import Insurer, InsurerAlias, ReportPattern
from models.payout import LineBalance, Payout
from models.refund import Refund
from models.words import (
    CustomerLineKind,
    EntryKind,
    PayoutState,
    RefundState,
)
from models.work_order import CustomerLine, WorkOrder
from tasks.intake.case_queries import known_cases
from tasks.intake.insurers import InsurerBook
from tasks.intake.known import KnownRepair
from tasks.intake.repair import Home

CHUNK = 500
_RESERVED = (RefundState.APPROVED, RefundState.IN_FILE, RefundState.UNCLAIMED)
T = TypeVar("T")


def insurer_book(session: Session) -> InsurerBook:
    """Every branch, alias and report pattern: they are few."""
    branches = session.execute(select(Insurer.name, Insurer.id, Insurer.group_id).order_by(Insurer.id))
    aliases = session.execute(select(InsurerAlias.alias, InsurerAlias.group_id).order_by(InsurerAlias.alias))
    patterns: dict[int, tuple[str, ...]] = {}
    for group_id, pattern in session.execute(
        select(ReportPattern.group_id, ReportPattern.pattern).order_by(ReportPattern.id)
    ):
        patterns[group_id] = (*patterns.get(group_id, ()), pattern)
    return InsurerBook(
        {row.name: (row.id, row.group_id) for row in branches},
        {row.alias: row.group_id for row in aliases},
        patterns,
    )


def chunks(values: Iterable[T]) -> Iterator[list[T]]:
    """The values in lists short enough for one IN."""
    rest = iter(values)
    while chunk := list(islice(rest, CHUNK)):
        yield chunk


def homes(
    session: Session, shop_id: int, claim_nos: Iterable[str], order_nos: Iterable[str]
) -> dict[str, Home]:
    """The work order and plate of every known claim of that number, or of a work order of that number."""
    found: dict[str, Home] = {}
    for chunk in chunks(sorted({*claim_nos, *order_nos})):
        rows = session.execute(
            select(Case.claim_no, WorkOrder.work_order_no, WorkOrder.plate_no)
            .join(WorkOrder, WorkOrder.id == Case.work_order_id)
            .where(Case.shop_id == shop_id)
            .where(or_(Case.claim_no.in_(chunk), WorkOrder.work_order_no.in_(chunk)))
            .order_by(Case.claim_no)
        )
        found |= {claim_no: Home(order_no, plate) for claim_no, order_no, plate in rows}
    return found


def known_repairs(session: Session, shop_id: int, order_nos: Iterable[str]) -> dict[str, KnownRepair]:
    """What is written down of the work orders of these numbers, with their cases and money."""
    found: dict[str, KnownRepair] = {}
    for chunk in chunks(sorted(set(order_nos))):
        orders = session.execute(
            select(WorkOrder.__table__)
            .where(WorkOrder.shop_id == shop_id, WorkOrder.work_order_no.in_(chunk))
            .order_by(WorkOrder.id)
        ).mappings()
        found |= _repairs(session, [dict(order) for order in orders])
    return found


@dataclass(frozen=True)
class _Refunds:
    paid: int
    highest: int
    waiting_id: int | None
    promised: bool


def _repairs(session: Session, orders: Sequence[dict[str, Any]]) -> dict[str, KnownRepair]:
    ids = [order["id"] for order in orders]
    cases = known_cases(session, ids)
    received, refunds = _received(session, ids), _refunds(session, ids)
    nothing = _Refunds(0, 0, None, promised=False)
    return {
        order["work_order_no"]: KnownRepair(
            id=order["id"],
            facts=order,
            cases=cases[order["id"]],
            received=sum(received[order["id"]].values()),
            self_pay=received[order["id"]].get(CustomerLineKind.SELF_PAY, 0),
            refunded=refunds.get(order["id"], nothing).paid,
            refunds=refunds.get(order["id"], nothing).highest,
            refund_waiting=refunds.get(order["id"], nothing).waiting_id,
            refund_promised=refunds.get(order["id"], nothing).promised,
        )
        for order in orders
    }


def _received(session: Session, order_ids: Sequence[int]) -> dict[int, dict[CustomerLineKind, int]]:
    rows = session.execute(
        select(CustomerLine.work_order_id, CustomerLine.kind, func.sum(CustomerLine.amount))
        .where(CustomerLine.work_order_id.in_(order_ids))
        .group_by(CustomerLine.work_order_id, CustomerLine.kind)
    )
    found: dict[int, dict[CustomerLineKind, int]] = defaultdict(dict)
    for order_id, kind, amount in rows:
        found[order_id][kind] = int(amount)
    return found


def _refunds(session: Session, order_ids: Sequence[int]) -> dict[int, _Refunds]:
    rows = session.execute(
        select(Refund.work_order_id, Refund.id, Refund.number, Refund.amount, Refund.state)
        .where(Refund.work_order_id.in_(order_ids))
        .order_by(Refund.number)
    ).all()
    found: dict[int, _Refunds] = {}
    for order_id in {row.work_order_id for row in rows}:
        own = [row for row in rows if row.work_order_id == order_id]
        waiting = [row.id for row in own if row.state in (RefundState.COMPUTED, RefundState.WAITING)]
        found[order_id] = _Refunds(
            sum(row.amount for row in own if row.state is RefundState.PAID),
            max(row.number for row in own),
            waiting[0] if waiting else None,
            any(row.state in _RESERVED for row in own),
        )
    return found


def line_balances(session: Session, case_ids: Iterable[int]) -> dict[int, list[LineBalance]]:
    """The expected lines of each case with what has come on them, as `models.payout.spread` wants them."""
    found: dict[int, list[LineBalance]] = defaultdict(list)
    for chunk in chunks(sorted(set(case_ids))):
        rows = session.execute(
            select(
                ExpectedLine.case_id, ExpectedLine.id, ExpectedLine.kind, ExpectedLine.amount,
                ExpectedLine.cover,
                func.coalesce(func.sum(Payout.amount), 0).label("received"),
            )
            .outerjoin(
                Payout, (Payout.expected_line_id == ExpectedLine.id) & (Payout.state != PayoutState.REVERSED)
            )
            .where(ExpectedLine.case_id.in_(chunk))
            .group_by(ExpectedLine.id)
            .order_by(ExpectedLine.id)
        )  # fmt: skip
        for row in rows:
            found[row.case_id].append(LineBalance(row.id, row.kind, row.amount, int(row.received), row.cover))
    return found


def bill_entries(session: Session, order_ids: Iterable[int]) -> dict[int, int]:
    """The entry that holds the bill of each work order, where it was posted and not reversed."""
    found: dict[int, int] = {}
    for chunk in chunks(sorted(set(order_ids))):
        undone = select(Entry.reverses_id).where(Entry.reverses_id.is_not(None))
        rows = session.execute(
            select(Entry.work_order_id, Entry.id)
            .where(Entry.work_order_id.in_(chunk), Entry.kind == EntryKind.BILL, Entry.id.not_in(undone))
            .order_by(Entry.id)
        )
        found |= {row.work_order_id: row.id for row in rows}
    return found
