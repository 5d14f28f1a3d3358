"""The cases of shops, a line each."""

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.case import Case
from models.chase import ChaseState
from models.insurer import Insurer
from models.refund import Position
from models.shop import Shop
from models.values import normalise_plate, yuan
from models.words import Stage
from models.work_order import WorkOrder


def cases(session: Session, codes: list[str], stage: Stage | None, plate: str | None) -> list[dict[str, Any]]:
    """Cases in the order of their numbers; money is that of the work order, in yuan."""
    query = (
        select(
            Case.claim_no,
            Shop.code,
            WorkOrder.work_order_no,
            Case.plate_no,
            Insurer.name,
            Case.stage,
            Case.is_agency_claim,
            Position.expected,
            Position.received,
            Position.refund_due,
            Position.releasable,
            ChaseState.step,
            ChaseState.reason,
        )
        .join(Shop, Shop.id == Case.shop_id)
        .join(WorkOrder, WorkOrder.id == Case.work_order_id)
        .outerjoin(Insurer, Insurer.id == Case.insurer_id)
        .outerjoin(Position, Position.work_order_id == Case.work_order_id)
        .outerjoin(ChaseState, ChaseState.case_id == Case.id)
        .where(Shop.code.in_(codes))
        .order_by(Shop.code, Case.claim_no)
    )
    if stage is not None:
        query = query.where(Case.stage == stage)
    if plate is not None:
        query = query.where(Case.plate_no == normalise_plate(plate))
    return [_line(row) for row in session.execute(query)]


def _line(row: Any) -> dict[str, Any]:
    money = {
        name: yuan(getattr(row, name) or 0) for name in ("expected", "received", "refund_due", "releasable")
    }
    return {
        "claim_no": row.claim_no,
        "shop": row.code,
        "work_order_no": row.work_order_no,
        "plate_no": row.plate_no,
        "insurer": row.name,
        "agency": row.is_agency_claim,
        "stage": row.stage.value,
        **money,
        "step": row.step,
        "reason": row.reason,
    }
