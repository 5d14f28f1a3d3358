"""Refunds that are due and do not go back yet: a short pay is disputed, or a person holds."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.case import Case
from models.refund import Position
from models.shop import Shop
from models.values import yuan
from models.work_order import WorkOrder

_BY_HAND = "manual_hold"
HELD = ("dispute_open", "reclaim_open", _BY_HAND)


def held(session: Session, codes: Sequence[str]) -> list[dict[str, Any]]:
    """The repairs whose refund waits, with what holds it; amounts in yuan."""
    rows = session.execute(
        select(
            Position,
            WorkOrder.work_order_no,
            WorkOrder.plate_no,
            WorkOrder.manual_hold,
            Shop.code,
            Case.claim_no,
        )
        .join(WorkOrder, WorkOrder.id == Position.work_order_id)
        .join(Shop, Shop.id == WorkOrder.shop_id)
        .join(Case, (Case.work_order_id == WorkOrder.id) & Case.is_lead)
        .where(Shop.code.in_(codes), Position.hold_reason.in_(HELD))
        .order_by(Position.work_order_id)
    )
    return [_line(row) for row in rows]


def sentence(session: Session, work_order_id: int) -> str | None:
    """What holds the refund of a repair, by its position as last computed."""
    found = session.get(Position, work_order_id)
    working = found.working if found else None
    return working.get("held") if isinstance(working, dict) else None


def _line(row: Any) -> dict[str, Any]:
    position: Position = row.Position
    working = position.working if isinstance(position.working, dict) else {}
    lines = working.get("held_by", [])
    return {
        "work_order_id": position.work_order_id,
        "shop": row.code,
        "amount": yuan(position.refund_due - position.refunded),
        "hold_reason": position.hold_reason,
        "work_order_no": row.work_order_no,
        "claim_no": row.claim_no,
        "plate_no": row.plate_no,
        "since": min((line["since"] for line in lines if line["since"]), default=None),
        "computed_on": position.computed_on,
        "sentence": row.manual_hold if position.hold_reason == _BY_HAND else working.get("held"),
        "held_by": lines,
        "command": _command(position.hold_reason, row.claim_no, lines),
    }


def _command(hold: str | None, claim_no: str, lines: Sequence[dict[str, Any]]) -> str:
    """What moves it on: the end of the hold, or a result for the difference once the insurer has answered."""
    if hold == _BY_HAND:
        return f"huikuan refund unhold {claim_no}"
    known = [line["difference"] for line in lines if line["difference"]]
    return f"huikuan difference resolve {known[0]} RESULT" if known else f"huikuan case show {claim_no}"
