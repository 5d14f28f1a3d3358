"""What a refund notice says, fetched as plain values."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.case import Case
from models.refund import Position, Refund
from models.shop import Shop
from models.work_order import WorkOrder


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
    position: Position


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
        claim_nos=tuple(case.claim_no for case in cases), position=position,
    )  # fmt: skip


def _cases(session: Session, work_order_id: int) -> Sequence[Case]:
    return session.scalars(
        select(Case).where(Case.work_order_id == work_order_id).order_by(Case.is_lead.desc(), Case.id)
    ).all()
