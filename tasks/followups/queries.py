"""What the follow-ups read: the repairs whose cases were all closed, the last of them tonight."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import exists, select
from sqlalchemy.orm import Session, aliased

from models.case import Case
from models.event import Event
from models.shop import Shop
from models.staff import Staff
from models.words import Stage
from models.work_order import WorkOrder


@dataclass(frozen=True)
class Closed:
    """A repair that is done: what a heading needs, and who handled it."""

    case: Any
    shop_name: str
    work_order_no: str
    vehicle_series: str | None
    plate_no: str
    handler_is_active: bool

    @property
    def insured_name(self) -> str:
        return str(self.case.insured_name)

    @property
    def claim_nos(self) -> tuple[str, ...]:
        return (str(self.case.claim_no),)

    @property
    def report_no(self) -> str | None:
        return self.case.report_no  # type: ignore[no-any-return]  # a column of a row


def closed_tonight(session: Session, shop_id: int, on: date) -> list[Closed]:
    """Lead cases of repairs of which nothing is open any more, closed by hand on this day, by id."""
    of_repair, other = aliased(Case), aliased(Case)
    closed_one = (
        exists()
        .where(Event.shop_id == shop_id, Event.business_date == on, Event.kind == "case_closed")
        .where(Event.case_id == of_repair.id, of_repair.work_order_id == Case.work_order_id)
    )
    still_open = exists().where(other.work_order_id == Case.work_order_id, other.stage != Stage.CLOSED)
    active = exists().where(Staff.name == Case.insurance_receptionist, Staff.active)
    rows = session.execute(
        select(Case, Shop.name, WorkOrder.work_order_no, WorkOrder.vehicle_series, WorkOrder.plate_no, active)
        .join(WorkOrder, WorkOrder.id == Case.work_order_id)
        .join(Shop, Shop.id == Case.shop_id)
        .where(Case.shop_id == shop_id, Case.is_lead, Case.closed_date.is_not(None), closed_one, ~still_open)
        .order_by(Case.id)
    )
    return [Closed(*row) for row in rows]
