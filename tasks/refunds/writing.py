"""Write what was decided of a refund: its row, the entries and the trail."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import delete, insert, select, update
from sqlalchemy.orm import Session

from models.entry import Movement, post
from models.event import Happening, record
from models.payment import RefundPart
from models.refund import WITHDRAWN, Position, Refund
from models.words import EntryKind, RefundState, Resolution
from tasks.refunds import held_queries, refund_queries, rules, telling, working
from tasks.refunds.decisions import Step
from tasks.refunds.holding import Held
from tasks.refunds.queries import RepairRow
from worker.job import Night

RESERVED = (RefundState.APPROVED, RefundState.UNCLAIMED)
"""Approved, and not on its way out: what changes now goes back for approval."""

_NOT_APPROVED = {"approved_by": None, "approved_at": None, "approved_on": None, "remind_on": None}


_SHORT = {rules.Hold.DISPUTE: Resolution.DISPUTE, rules.Hold.RECLAIM: Resolution.RECLAIM}


def held_by(session: Session, computed: Mapping[int, rules.Figures]) -> dict[int, Held]:
    """The short pays that keep the refunds of these work orders back, by work order."""
    found: dict[int, Held] = {}
    for hold, result in _SHORT.items():
        orders = [order for order, figures in computed.items() if figures.hold is hold]
        lines = held_queries.short_lines(session, orders, result) if orders else {}
        found |= {order: Held(computed[order].refund_open, tuple(own)) for order, own in lines.items()}
    return found


def follow(
    session: Session, night: Night, row: RepairRow, figures: rules.Figures, step: Step, held: Held | None
) -> None:
    """Bring the repair's refund to where the decision wants it; `held`: the short pay that keeps it back."""
    if step is Step.NOTHING:
        return
    changed = _what_changed(session, row, figures, held)
    if row.refund_id is not None and step is not Step.PREPARE:
        if row.refund_state in RESERVED:
            release(session, night, row.work_order_id, row.refund_id, row.refund_amount)
        # Parts belong to a sum: whoever split it splits the new one.
        session.execute(delete(RefundPart).where(RefundPart.refund_id == row.refund_id))
    refund_id = row.refund_id
    if step is Step.PREPARE:
        refund_id = _prepare(session, night, row, figures)
    elif step is Step.WITHDRAW:
        gone = {"state": RefundState.DECLINED, "declined_because": WITHDRAWN}
        _change(session, row, gone | _NOT_APPROVED)
    else:
        waits = {"state": RefundState.WAITING, "prepared_by": night.by}
        _change(session, row, _wording(figures, night) | waits | _NOT_APPROVED)
    if changed:
        _change(session, row, {"changed": changed})
    night.note(**{f"refunds_{step}": 1, f"refunds_{step}_fen": figures.releasable})
    more = {"refund": refund_id} | ({"changed": changed} if changed else {})
    _trail(session, night, row, figures, step, more)


def hold_back(session: Session, work_order_ids: Sequence[int]) -> None:
    """Nothing is released where the money is not proved; the stored totals stay and tell what changed."""
    held = {"releasable": 0, "hold_reason": rules.Hold.NOT_PROVEN}
    session.execute(update(Position).where(Position.work_order_id.in_(work_order_ids)).values(held))


def release(session: Session, night: Night, work_order_id: int, refund_id: int, amount: int) -> None:
    """Give reserved money back to the balance of the repair; a notice not yet sent is taken back."""
    occasion = f"refund_released:{refund_id}:{refund_queries.reservations_of(session, refund_id)}"
    movement = Movement(work_order_id, EntryKind.REFUND_RELEASED, amount, night.date, occasion)
    post(session, [movement], **night.trail)
    telling.take_back(session, refund_id)


def _what_changed(session: Session, row: RepairRow, figures: rules.Figures, held: Held | None) -> str | None:
    """For a refund that was approved: what is different now; for one that waits, what keeps it back."""
    if row.refund_id is None:
        return None
    if row.refund_state not in RESERVED:
        return held.sentence if held and row.refund_state is RefundState.WAITING else None
    before = session.execute(select(Refund.working).where(Refund.id == row.refund_id)).scalar_one()
    amounts = row.refund_amount, figures.releasable
    return working.differences(
        before if isinstance(before, dict) else {}, working.inputs(figures, held), amounts
    )


def _prepare(session: Session, night: Night, row: RepairRow, figures: rules.Figures) -> int:
    number = row.refund_number + 1
    fixed = {
        "shop_id": night.shop_id,
        "work_order_id": row.work_order_id,
        "number": number,
        "state": RefundState.WAITING,
        "payee": row.insured_name,
        "prepared_by": night.by,
        "origin": f"work_order:{row.work_order_id}:{number}",
    }
    new = insert(Refund).values(**fixed, **_wording(figures, night)).returning(Refund.id)
    return session.execute(new).scalar_one()


def _wording(figures: rules.Figures, night: Night) -> dict[str, Any]:
    return {
        "amount": figures.releasable,
        "rule": rules.VERSION,
        "working": working.inputs(figures),
        "sentence": working.sentence(figures),
        "computed_on": night.date,
    }


def _change(session: Session, row: RepairRow, values: dict[str, Any]) -> None:
    session.execute(update(Refund).where(Refund.id == row.refund_id).values(**values))


def _trail(
    session: Session,
    night: Night,
    row: RepairRow,
    figures: rules.Figures,
    step: Step,
    more: dict[str, Any],
) -> None:
    inputs = working.inputs(figures) | {"releasable": figures.releasable, "before": row.refund_amount}
    inputs |= more
    happening = Happening(
        f"refund_{step}",
        inputs,
        case_id=row.lead_case_id,
        work_order_id=row.work_order_id,
        rule=rules.VERSION,
    )
    record(session, [happening], **night.trail)
