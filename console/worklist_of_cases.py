"""What waits because a case lacks something: before its next stage, and before it can be closed."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from sqlalchemy import exists, or_, select
from sqlalchemy.orm import Session

from console.worklist import Item
from models.blocker import Blocker
from models.case import Case
from models.refund import Position
from models.words import Gate, Role, Stage
from models.work_order import WorkOrder
from tasks.closing.rules import ELSEWHERE

_OWNER = {
    "not_reviewed": Role.REVIEWER,
    "reviewed_by_filler": Role.REVIEWER,
    "not_invoiced": Role.ACCOUNTANT,
    "no_invoice": Role.ACCOUNTANT,
    "invoice_differs": Role.ACCOUNTANT,
    "third_party_owed": Role.CASHIER,
}


def stage_gates(session: Session, code: str, shop_id: int) -> Iterator[Item]:
    """What a case lacks before its next stage, each with the command that mends it."""
    rows = session.execute(
        select(Blocker)
        .where(Blocker.shop_id == shop_id, Blocker.gate == Gate.STAGE)
        .order_by(Blocker.since, Blocker.id)
    )
    for (row,) in rows:
        yield _item("stage_gate", code, row)


def closing(session: Session, code: str, shop_id: int) -> Iterator[Item]:
    """What alone is still in the way of closing a case; where others move first it waits elsewhere."""
    elsewhere = [Blocker.code.like(f"{start}%") for start in sorted(ELSEWHERE)]
    others = (
        select(Blocker.case_id)
        .where(Blocker.shop_id == shop_id)
        .where(or_(Blocker.gate == Gate.STAGE, *elsewhere))
    )
    rows = session.execute(
        select(Blocker)
        .join(Case, Case.id == Blocker.case_id)
        .where(Blocker.shop_id == shop_id, Blocker.gate == Gate.CLOSING, Case.stage != Stage.CLOSED)
        .where(Blocker.case_id.not_in(others))
        .order_by(Blocker.since, Blocker.id)
    )
    for (row,) in rows:
        yield _item("closing", code, row)


def _item(kind: str, code: str, row: Blocker) -> Item:
    what, _, command = row.sentence.rpartition(": huikuan ")
    owner = _OWNER.get(row.code, Role.HANDLER)
    return Item(kind, f"blocker:{row.id}", code, owner, row.since, None, what, f"huikuan {command}")


def closable(session: Session, code: str, shop_id: int) -> Iterator[Item]:
    """Cases with nothing in the way of closing, as of the last night."""
    lacking = exists().where(Blocker.case_id == Case.id, Blocker.gate == Gate.CLOSING)
    may_close = or_(Case.stage == Stage.PAYOUT, (Case.stage == Stage.REPAIR) & ~Case.is_agency_claim)
    rows = session.execute(
        select(Case.id, Case.claim_no, Case.plate_no, Position.computed_on)
        .join(WorkOrder, WorkOrder.id == Case.work_order_id)
        .join(Position, Position.work_order_id == WorkOrder.id)
        .where(Case.shop_id == shop_id, may_close, ~lacking, WorkOrder.settle_on.is_(None))
        .order_by(Case.claim_no)
    )
    for row in rows:
        yield _closable(row, code)


def _closable(row: Any, code: str) -> Item:
    since: date = row.computed_on
    return Item(
        "closable", f"case:{row.id}", code, Role.REVIEWER, since, None,
        f"{row.claim_no} {row.plate_no} can be closed (结案核查): nothing is in the way",
        f"huikuan case close {row.claim_no}",
    )  # fmt: skip
