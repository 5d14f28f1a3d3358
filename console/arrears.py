"""A case in arrears is brought up to date before a person changes it.

Where last night has not run for a shop, what stands in its rows is as old as the night before. A person
who records a fact or decides about money is to change what is so now: the steps that go case by case are
done for that case alone, once, under the business date of the night that is missing. Nobody outside is
told; the night itself still runs, whole.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from console import night_parts
from console.house import reading
from console.output import remark
from console.who import SYSTEM
from models.case import Case
from models.difference import Difference
from models.refund import Refund
from models.words import Why
from scheduler.due import lacks_night
from scheduler.timetable import STEPS
from worker import clock
from worker.run import run
from worker.seat import Order


def bring_up_to_date(shop: str, parameters: Mapping[str, Any]) -> None:
    """Do for the case that a job is about what the newest night would have done, if that has not run."""
    with reading() as session:
        day = lacks_night(session, shop, clock.now())
        case = _case_of(session, parameters) if day else None
        if day is None or case is None:
            return
        case_id, claim_no, subjects = case.id, case.claim_no, night_parts.subjects(session, case)
    remark(f"The night of {day} has not run for {shop}: {claim_no} is brought up to date first.")
    try:
        _steps(shop, day, case_id, subjects)
    except Exception as error:  # noqa: BLE001 - what stops the night must not stop people from working
        remark(f"It could not be: {error} See: huikuan night status")


def _steps(shop: str, day: date, case_id: int, subjects: list[str]) -> None:
    for step in STEPS:
        if step.by_case:
            scope, only = f"arrears:{case_id}", {"only": subjects}
            run(Order(step.job, day, shop, scope, by=SYSTEM, why=Why.BY_HAND, parameters=only))


def _case_of(session: Session, parameters: Mapping[str, Any]) -> Case | None:
    """The case that a job's parameters name, itself, by its difference, or by the repair of a refund."""
    wanted = select(Case).order_by(Case.id).limit(1)
    if "case_id" in parameters:
        wanted = wanted.where(Case.id == int(parameters["case_id"]))
    elif "difference_id" in parameters:
        wanted = wanted.join(Difference, Difference.case_id == Case.id).where(
            Difference.id == int(parameters["difference_id"])
        )
    elif "refund_id" in parameters:
        wanted = wanted.join(Refund, Refund.work_order_id == Case.work_order_id).where(
            Refund.id == int(parameters["refund_id"])
        )
    else:
        return None
    return session.scalars(wanted).one_or_none()
