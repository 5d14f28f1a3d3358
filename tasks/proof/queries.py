"""The sums of all repairs of a shop, a page of repairs at a time: by the entries, and by every other row."""

from collections import defaultdict
from collections.abc import Iterator
from typing import Any, NamedTuple

from sqlalchemy import String, and_, case, func, select, type_coerce
from sqlalchemy.orm import Session, aliased

from models.case import Case, ExpectedLine
from models.difference import Difference
from models.entry import Entry
from models.payment import RefundPart
from models.payout import Payout
from models.refund import Refund
from models.words import (
    CustomerLineKind,
    DifferenceState,
    EntryKind,
    LineKind,
    PartKind,
    PayoutState,
    RefundState,
    Resolution,
)
from models.work_order import CustomerLine, WorkOrder
from tasks.proof.figures import Figure

PAGE = 5000
BORNE = (Resolution.SHOP_ABSORB, Resolution.ROUNDING)
RESERVED = (RefundState.APPROVED, RefundState.IN_FILE, RefundState.UNCLAIMED)

Found = dict[int, dict[Figure, int]]


class Page(NamedTuple):
    """The repairs of a shop whose ids lie between the two, both included."""

    shop_id: int
    first: int
    last: int

    def of(self, column: Any) -> Any:
        """The condition that a work order column lies on this page."""
        on_page = select(WorkOrder.id).where(
            WorkOrder.shop_id == self.shop_id, WorkOrder.id.between(self.first, self.last)
        )
        return and_(column.between(self.first, self.last), column.in_(on_page))


def pages(session: Session, shop_id: int) -> Iterator[Page]:
    """All repairs of the shop, so many at a time."""
    ids = session.scalars(
        select(WorkOrder.id).where(WorkOrder.shop_id == shop_id).order_by(WorkOrder.id)
    ).all()
    for start in range(0, len(ids), PAGE):
        some = ids[start : start + PAGE]
        yield Page(shop_id, some[0], some[-1])


def claim_no(session: Session, order_id: int) -> str:
    """The lead case of a repair, for a sentence to people."""
    found = session.execute(
        select(Case.claim_no).where(Case.work_order_id == order_id).order_by(Case.is_lead.desc(), Case.id)
    ).scalar()
    return found or f"work order {order_id}"


def by_kind(session: Session, page: Page) -> dict[int, dict[str, int]]:
    """The entries of each repair by kind, net of reversals, in fen."""
    undone = aliased(Entry)
    kind = func.coalesce(type_coerce(undone.kind, String), type_coerce(Entry.kind, String)).label("kind")
    is_reversal = type_coerce(Entry.kind, String) == EntryKind.REVERSAL.value
    signed = case((is_reversal, -Entry.amount), else_=Entry.amount)
    rows = session.execute(
        select(Entry.work_order_id, kind, func.sum(signed).label("amount"))
        .outerjoin(undone, Entry.reverses_id == undone.id)
        .where(page.of(Entry.work_order_id))
        .group_by(Entry.work_order_id, kind)
    )
    found: dict[int, dict[str, int]] = defaultdict(dict)
    for row in rows:
        found[row.work_order_id][row.kind] = int(row.amount)
    return found


def by_rows(session: Session, page: Page) -> Found:
    """The same figures by the rows that tell of the money, without a look at the entries."""
    found: Found = defaultdict(lambda: defaultdict(int))
    for query in (_bills, _receipts, _lines, _write_offs, _refunds, _passed_on, _passed_in):
        result = session.execute(query(page))
        figures = [Figure[name.upper()] for name in list(result.keys())[1:]]
        for order_id, *sums in result:
            of_order = found[order_id]
            for figure, amount in zip(figures, sums, strict=True):
                if amount:
                    of_order[figure] += int(amount)
    return found


def _bills(page: Page) -> Any:
    return select(WorkOrder.id, WorkOrder.repair_net_amount.label("bill")).where(page.of(WorkOrder.id))


def _receipts(page: Page) -> Any:
    deposit = CustomerLine.kind == CustomerLineKind.DEPOSIT
    top_up = CustomerLine.kind == CustomerLineKind.SUPPLEMENT
    own = and_(~deposit, ~top_up)
    return (
        select(
            CustomerLine.work_order_id,
            *(
                func.sum(case((which, CustomerLine.amount), else_=0)).label(name)
                for name, which in (("deposit", deposit), ("top_up", top_up), ("self_pay", own))
            ),
        )
        .where(page.of(CustomerLine.work_order_id))
        .group_by(CustomerLine.work_order_id)
    )


def came(page: Page) -> Any:
    """Every expected line with what has come on it."""
    arrived = and_(Payout.expected_line_id == ExpectedLine.id, Payout.state != PayoutState.REVERSED)
    return (
        select(
            ExpectedLine.work_order_id, ExpectedLine.kind, ExpectedLine.resolution,
            ExpectedLine.amount.label("expected"),
            ExpectedLine.customer_paid_third_party_on.label("proof"),
            func.coalesce(func.sum(Payout.amount), 0).label("received"),
        )
        .outerjoin(Payout, arrived)
        .where(page.of(ExpectedLine.work_order_id))
        .group_by(ExpectedLine.id)
        .subquery()
    )  # fmt: skip


def _lines(page: Page) -> Any:
    line = came(page).c
    over = case((line.received > line.expected, line.received - line.expected), else_=0)
    owed_on = and_(line.kind == LineKind.OTHER_AGENCY, line.proof.is_(None))
    others = case((owed_on, line.received - over), else_=0)
    return select(
        line.work_order_id,
        func.sum(line.received).label("received"),
        func.sum(over).label("over_receipt"),
        func.sum(others).label("third_party"),
    ).group_by(line.work_order_id)


def _write_offs(page: Page) -> Any:
    # What an insurer keeps back of a third party's money is no part of our bill.
    borne = and_(
        Difference.state == DifferenceState.RESOLVED, Difference.resolution.in_(BORNE),
        ExpectedLine.kind == LineKind.OWN_REPAIR,
    )  # fmt: skip
    return (
        select(Difference.work_order_id, func.sum(Difference.amount).label("write_off"))
        .join(ExpectedLine, ExpectedLine.id == Difference.expected_line_id)
        .where(page.of(Difference.work_order_id), borne)
        .group_by(Difference.work_order_id)
    )


def _refunds(page: Page) -> Any:
    return (
        select(
            Refund.work_order_id,
            func.sum(case((Refund.state == RefundState.PAID, Refund.amount), else_=0)).label("refunded"),
            func.sum(case((Refund.state.in_(RESERVED), Refund.amount), else_=0)).label("reserved"),
        )
        .where(page.of(Refund.work_order_id))
        .group_by(Refund.work_order_id)
    )


def _passed_on(page: Page) -> Any:
    """What of a bounced refund had gone to other repairs: only the cash came back."""
    return (
        select(Refund.work_order_id, func.sum(RefundPart.amount).label("refunded"))
        .join(RefundPart, RefundPart.refund_id == Refund.id)
        .where(
            page.of(Refund.work_order_id), Refund.state == RefundState.BOUNCED,
            RefundPart.kind != PartKind.CASH,
        )
        .group_by(Refund.work_order_id)
    )  # fmt: skip


def _passed_in(page: Page) -> Any:
    return (
        select(RefundPart.other_work_order_id, func.sum(RefundPart.amount).label("transferred_in"))
        .join(Refund, Refund.id == RefundPart.refund_id)
        .where(
            page.of(RefundPart.other_work_order_id),
            Refund.state.in_((RefundState.PAID, RefundState.BOUNCED)), RefundPart.kind != PartKind.CASH,
        )
        .group_by(RefundPart.other_work_order_id)
    )  # fmt: skip
