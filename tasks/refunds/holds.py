"""A hold that a person puts on the refunds of a repair (domain 1.7): nothing goes back while it stands."""

from collections.abc import Collection

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.case import Case
from models.event import Happening, record
from models.refund import Refund
from models.values import Refusal
from models.words import Role, Stage
from models.work_order import WorkOrder
from tasks.refunds import duties
from tasks.refunds.asked import actor_of
from tasks.refunds.refund_queries import claim_no_of
from worker.job import Night

LONGEST = 255


def hold(session: Session, night: Night, case_id: int, because: str) -> int:
    """Hold what is due on the repair of a case; 0 where it is held for that reason already."""
    case, order = _asked(session, night, case_id)
    command = f'huikuan refund hold {case.claim_no} --because "..."'
    _refuse_unless(night, case, duties.MAY_PREPARE, "a refund is held", command)
    because = because.strip()
    if not because or len(because) > LONGEST:
        raise Refusal(f"{case.claim_no}: say why, in at most {LONGEST} characters: {command}")
    if order.manual_hold == because:
        return 0
    _write(session, night, case, order, because, "refund_held")
    return 1


def unhold(session: Session, night: Night, case_id: int) -> int:
    """End the hold; 0 where there is none."""
    case, order = _asked(session, night, case_id)
    command = f"huikuan refund unhold {case.claim_no}"
    _refuse_unless(night, case, duties.MAY_APPROVE, "a hold is ended", command)
    if order.manual_hold is None:
        return 0
    _write(session, night, case, order, None, "refund_unheld")
    return 1


def refuse_held(session: Session, refund: Refund) -> None:
    """Raise Refusal where a person holds the refunds of the repair back."""
    because = session.scalar(select(WorkOrder.manual_hold).where(WorkOrder.id == refund.work_order_id))
    if because is not None:
        claim_no = claim_no_of(session, refund.work_order_id)
        raise Refusal(
            f"Refund {refund.id} is held: {because}. End the hold first: huikuan refund unhold {claim_no}"
        )


def _asked(session: Session, night: Night, case_id: int) -> tuple[Case, WorkOrder]:
    case = session.execute(select(Case).where(Case.id == case_id, Case.shop_id == night.shop_id)).scalar_one()
    order = session.execute(
        select(WorkOrder).where(WorkOrder.id == case.work_order_id).with_for_update(key_share=True)
    ).scalar_one()
    return case, order


def _refuse_unless(night: Night, case: Case, able: Collection[Role], what: str, command: str) -> None:
    duties.refuse_unless(actor_of(night), able, f"{what} ({case.claim_no})", command)
    if case.stage is Stage.CLOSED:
        raise Refusal(
            f"{case.claim_no} was closed on {case.closed_date}. Open it again first: "
            f'huikuan case reopen {case.claim_no} --because "..."'
        )


def _write(
    session: Session, night: Night, case: Case, order: WorkOrder, because: str | None, kind: str
) -> None:
    inputs = {"because": because or order.manual_hold}
    order.manual_hold, order.settle_on = because, night.date
    session.flush()
    record(session, [Happening(kind, inputs, case.id, order.id)], **night.trail)
