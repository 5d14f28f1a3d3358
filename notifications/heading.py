"""What every notice to a customer begins with: who writes to whom about which car, masked (domain 3.2)."""

from typing import Any, Protocol

from sqlalchemy.orm import Session

from models.shop import setting
from models.values import mask_name, mask_plate, mask_report_no
from notifications.wording import day
from worker.job import Night


class Repair(Protocol):
    """The repair and its claims, unmasked; the first claim is the one it is shown on."""

    @property
    def shop_name(self) -> str: ...
    @property
    def insured_name(self) -> str: ...
    @property
    def claim_nos(self) -> tuple[str, ...]: ...
    @property
    def work_order_no(self) -> str: ...
    @property
    def vehicle_series(self) -> str | None: ...
    @property
    def plate_no(self) -> str: ...
    @property
    def report_no(self) -> str | None: ...


def heading(session: Session, night: Night, repair: Repair, notice_no: str) -> dict[str, Any]:
    """The words by their names."""
    phone = setting(session, "shop_phone", on=night.date, default="", shop_id=night.shop_id)
    return {
        "notice_no": notice_no, "date": day(night.date), "shop_name": repair.shop_name,
        "shop_contact": str(phone), "customer": mask_name(repair.insured_name),
        "claim_no": "、".join(repair.claim_nos), "work_order_no": repair.work_order_no,
        "vehicle_series": repair.vehicle_series or "", "plate": mask_plate(repair.plate_no),
        "report_no": mask_report_no(repair.report_no) if repair.report_no else "",
    }  # fmt: skip
