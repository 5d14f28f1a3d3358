"""Write what was decided of a refund: its row, the entries and the trail."""

from typing import Any

from sqlalchemy import insert, update
from sqlalchemy.orm import Session

from models.entry import Movement, post
from models.event import Happening, record
from models.refund import Refund
from models.words import EntryKind, RefundState
from tasks.refunds import rules, working
from tasks.refunds.decisions import Step
from tasks.refunds.queries import RepairRow
from worker.job import Night


def follow(session: Session, night: Night, row: RepairRow, figures: rules.Figures, step: Step) -> None:
    """Bring the repair's refund to where the decision wants it."""
    if step is Step.NOTHING:
        return
    if row.refund_state is RefundState.APPROVED:
        release(session, night, row.work_order_id, row.refund_id, row.refund_amount)
    if step is Step.PREPARE:
        _prepare(session, night, row, figures)
    elif step is Step.WITHDRAW:
        _change(
            session,
            row,
            {"state": RefundState.DECLINED, "declined_because": "no longer due: the sums changed"},
        )
    else:
        _change(session, row, _wording(figures, night) | {"state": RefundState.WAITING, "approved_by": None})
    night.note(**{f"refunds_{step}": 1, f"refunds_{step}_fen": figures.releasable})
    _trail(session, night, row, figures, step)


def release(session: Session, night: Night, work_order_id: int, refund_id: int | None, amount: int) -> None:
    """Give reserved money back to the balance of the repair."""
    occasion = f"refund_released:{refund_id}:{night.date}:{amount}"
    movement = Movement(work_order_id, EntryKind.REFUND_RELEASED, amount, night.date, occasion)
    post(session, [movement], **night.trail)


def _prepare(session: Session, night: Night, row: RepairRow, figures: rules.Figures) -> None:
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
    session.execute(insert(Refund).values(**fixed, **_wording(figures, night)))


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


def _trail(session: Session, night: Night, row: RepairRow, figures: rules.Figures, step: Step) -> None:
    inputs = working.inputs(figures) | {"releasable": figures.releasable, "before": row.refund_amount}
    happening = Happening(
        f"refund_{step}",
        inputs,
        case_id=row.lead_case_id,
        work_order_id=row.work_order_id,
        rule=rules.VERSION,
    )
    record(session, [happening], **night.trail)
