"""Opening a closed case again: by a manager, or by the night because money came late."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from models.case import Case
from models.event import Happening, record
from models.payout import Payout
from models.values import Refusal
from models.words import PayoutState, Role, Stage
from models.work_order import WorkOrder
from worker.job import Night

_MAY_REOPEN = frozenset({Role.MANAGER, Role.ADMIN, "operator"})


def case_for_change(session: Session, night: Night) -> Case:
    """The case of the parameters, locked until the transaction ends, and the money of its repair with it."""
    case_id = int(night.parameters["case_id"])
    case = session.execute(
        select(Case).where(Case.id == case_id, Case.shop_id == night.shop_id).with_for_update()
    ).scalar_one()
    session.execute(
        select(WorkOrder.id).where(WorkOrder.id == case.work_order_id).with_for_update(key_share=True)
    )
    return case


def by_hand(session: Session, night: Night, case: Case) -> int:
    """Raises Refusal for the wrong role, a case that is open, or no reason."""
    role, because = night.parameters.get("role"), str(night.parameters.get("because") or "").strip()
    command = f'huikuan case reopen {case.claim_no} --because "..."'
    if role not in _MAY_REOPEN:
        raise Refusal(
            f"{night.by} is {role}; {case.claim_no} is opened again by a manager or admin. Ask one of them: "
            f"{command}"
        )
    if case.stage is not Stage.CLOSED:
        raise Refusal(
            f"{case.claim_no} is not closed (it stands at {case.stage}). "
            f"See: huikuan case show {case.claim_no}"
        )
    if not because:
        raise Refusal(f"Say why {case.claim_no} is opened again: {command}")
    _open(session, night, case, {"because": because})
    return 1


def by_night(session: Session, night: Night, found: Mapping[int, dict[str, Any]]) -> int:
    """Open cases because of what came: the inputs of the event, by case. Returns how many."""
    for case_id, because in found.items():
        case = session.execute(select(Case).where(Case.id == case_id).with_for_update()).scalar_one()
        _open(session, night, case, because)
    return len(found)


def _open(session: Session, night: Night, case: Case, because: dict[str, Any]) -> None:
    closed_on = case.closed_date.isoformat() if case.closed_date else None
    inputs = {"closed_on": closed_on, "closed_by": case.closed_by, **because}
    case.stage, case.closed_date, case.closed_by = _stage(session, case), None, None
    session.flush()
    record(session, [Happening("case_reopened", inputs, case.id, case.work_order_id)], **night.trail)


def _stage(session: Session, case: Case) -> Stage:
    """Where the case stood before it was closed, by what is known of it."""
    came = exists().where(Payout.case_id == case.id, Payout.state != PayoutState.REVERSED)
    if session.execute(select(came)).scalar_one():
        return Stage.PAYOUT
    handed = case.file_handover_date or case.insurer_accepted_date
    return Stage.SUBMITTED if handed else Stage.REPAIR
