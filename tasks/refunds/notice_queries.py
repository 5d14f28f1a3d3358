"""What a refund notice says, fetched as plain values."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models.case import Case, ExpectedLine
from models.insurer import Insurer
from models.payout import Payout
from models.refund import Position, Refund
from models.shop import Shop
from models.words import CustomerLineKind, PayoutState, Resolution
from models.work_order import CustomerLine, WorkOrder

_RESULT = {
    Resolution.CUSTOMER_TOPUP: "差额由客户补足，已从应退金额中扣除。",
    Resolution.SHOP_ABSORB: "差额由本店承担，不影响应退金额。",
    Resolution.ROUNDING: "尾差由本店承担，不影响应退金额。",
    Resolution.RECLAIM: "差额部分本店正向保险公司再次索赔。",
    Resolution.DISPUTE: "差额部分正与保险公司协商。",
}


@dataclass(frozen=True)
class Told:
    """The facts of one refund notice, money in fen."""

    refund_id: int
    amount: int
    work_order_id: int
    work_order_no: str
    vehicle_series: str | None
    plate_no: str
    shop_name: str
    case_id: int
    insured_name: str
    report_no: str | None
    authorised: bool
    claim_nos: tuple[str, ...]
    bill: int | None
    received: int
    customer_paid: int
    third_party: int
    over_receipt: int
    write_off: int
    refunded: int
    refund_due: int
    customer_lines: Mapping[CustomerLineKind, int]
    resolution: str


@dataclass(frozen=True)
class Arrived:
    """One payout that came, in fen."""

    insurer: str
    received_on: date | None
    amount: int


def refund_told(session: Session, refund_id: int) -> Told:
    """The facts of the notice of this refund."""
    row = session.execute(
        select(Refund.amount, WorkOrder, Position, Shop.name.label("shop_name"))
        .join(WorkOrder, WorkOrder.id == Refund.work_order_id)
        .join(Position, Position.work_order_id == WorkOrder.id)
        .join(Shop, Shop.id == WorkOrder.shop_id)
        .where(Refund.id == refund_id)
    ).one()
    order, position = row.WorkOrder, row.Position
    cases = _cases(session, order.id)
    lead = cases[0]
    return Told(
        refund_id=refund_id, amount=row.amount, work_order_id=order.id, work_order_no=order.work_order_no,
        vehicle_series=order.vehicle_series, plate_no=order.plate_no, shop_name=row.shop_name,
        case_id=lead.id, insured_name=lead.insured_name, report_no=lead.report_no,
        authorised=all(case.authorised_by for case in cases if case.is_agency_claim),
        claim_nos=tuple(case.claim_no for case in cases), bill=position.bill, received=position.received,
        customer_paid=position.customer_paid, third_party=position.third_party,
        over_receipt=position.over_receipt, write_off=position.write_off, refunded=position.refunded,
        refund_due=position.refund_due, customer_lines=_customer_lines(session, order.id),
        resolution=_resolution(session, order.id),
    )  # fmt: skip


def _cases(session: Session, work_order_id: int) -> Sequence[Case]:
    return session.scalars(
        select(Case).where(Case.work_order_id == work_order_id).order_by(Case.is_lead.desc(), Case.id)
    ).all()


def _customer_lines(session: Session, work_order_id: int) -> dict[CustomerLineKind, int]:
    rows = session.execute(
        select(CustomerLine.kind, func.sum(CustomerLine.amount).label("amount"))
        .where(CustomerLine.work_order_id == work_order_id)
        .group_by(CustomerLine.kind)
    )
    return {row.kind: int(row.amount) for row in rows}


def _resolution(session: Session, work_order_id: int) -> str:
    found = session.scalars(
        select(ExpectedLine.resolution)
        .where(ExpectedLine.work_order_id == work_order_id, ExpectedLine.resolution.is_not(None))
        .order_by(ExpectedLine.id)
    )
    return "".join(dict.fromkeys(_RESULT[each] for each in found if each is not None))


def arrivals(session: Session, work_order_id: int) -> list[Arrived]:
    """The payouts of a repair by day, one per insurer and day."""
    rows = session.execute(
        select(Insurer.name, Payout.received_on, func.sum(Payout.amount).label("amount"))
        .join(ExpectedLine, ExpectedLine.id == Payout.expected_line_id)
        .join(Case, Case.id == Payout.case_id)
        .outerjoin(Insurer, Insurer.id == Case.insurer_id)
        .where(ExpectedLine.work_order_id == work_order_id, Payout.state != PayoutState.REVERSED)
        .group_by(Insurer.name, Payout.received_on)
        .order_by(Payout.received_on, Insurer.name)
    )
    return [Arrived(row.name or "保险公司", row.received_on, int(row.amount)) for row in rows]
