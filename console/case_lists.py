"""What belongs to a case, list by list: rounds, clocks, steps, refunds, notices, and what happened."""

from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from models.case import Case, SubmissionRound
from models.chase import ChaseState, ChaseStep
from models.deadline import Deadline
from models.event import Event
from models.notice import Notice
from models.refund import Refund
from models.values import yuan


def rounds(session: Session, case_id: int) -> list[dict[str, Any]]:
    rows = session.scalars(
        select(SubmissionRound).where(SubmissionRound.case_id == case_id).order_by(SubmissionRound.round_no)
    )
    return [
        {
            "round": row.round_no,
            "returned_on": row.returned_on,
            "reason": row.reason,
            "resubmitted_on": row.resubmitted_on,
        }
        for row in rows
    ]


def deadlines(session: Session, case_id: int) -> list[dict[str, Any]]:
    rows = session.scalars(
        select(Deadline).where(Deadline.case_id == case_id).order_by(Deadline.due_on, Deadline.id)
    )
    return [
        {
            "rule": row.rule_code,
            "cover": row.cover.value,
            "round": row.round_no,
            "started_on": row.started_on,
            "due_on": row.due_on,
            "state": row.state.value,
            "stopped_days": row.stopped_days,
            "estimate": row.estimate,
            "provisional": row.provisional,
            "source": row.source,
        }
        for row in rows
    ]


def chase(session: Session, case_id: int) -> dict[str, Any] | None:
    state = session.get(ChaseState, case_id)
    if state is None:
        return None
    steps = session.scalars(
        select(ChaseStep).where(ChaseStep.case_id == case_id).order_by(ChaseStep.taken_on, ChaseStep.id)
    )
    return {
        "step": state.step,
        "reason": state.reason,
        "open_amount": yuan(state.open_amount),
        "since": state.since,
        "look_again_on": state.look_again_on,
        "steps": [
            {
                "step": step.step,
                "cover": step.cover.value,
                "round": step.round_no,
                "taken_on": step.taken_on,
                "open_amount": yuan(step.open_amount),
                "notice": step.notice_occasion,
            }
            for step in steps
        ],
    }


def refunds(session: Session, work_order_id: int) -> list[dict[str, Any]]:
    rows = session.scalars(
        select(Refund).where(Refund.work_order_id == work_order_id).order_by(Refund.number)
    )
    return [
        {
            "id": row.id,
            "number": row.number,
            "amount": yuan(row.amount),
            "state": row.state.value,
            "payee": row.payee,
            "computed_on": row.computed_on,
            "approved_by": row.approved_by,
            "declined_because": row.declined_because,
            "paid_on": row.paid_on,
            "bounced_on": row.bounced_on,
            "sentence": row.sentence,
        }
        for row in rows
    ]


def notices(session: Session, case: Case, work_order_id: int) -> list[dict[str, Any]]:
    """What was told of the case: notices of its own, of its refunds, and those that carried a step of it."""
    cases = select(Case.id).where(Case.work_order_id == work_order_id)
    carried = select(ChaseStep.notice_occasion).where(ChaseStep.case_id == case.id)
    rows = session.scalars(
        select(Notice).where(or_(Notice.case_id.in_(cases), Notice.occasion.in_(carried))).order_by(Notice.id)
    )
    return [
        {
            "id": row.id,
            "kind": row.kind,
            "audience": row.audience.value,
            "recipient": row.recipient,
            "state": row.state.value,
            "held_because": row.held_because,
            "sent_at": row.sent_at,
        }
        for row in rows
    ]


def events(session: Session, case_id: int, work_order_id: int) -> list[dict[str, Any]]:
    rows = session.scalars(
        select(Event)
        .where(
            or_(Event.case_id == case_id, (Event.work_order_id == work_order_id) & Event.case_id.is_(None))
        )
        .order_by(Event.id)
    )
    return [
        {"date": row.business_date, "kind": row.kind, "rule": row.rule, "inputs": row.inputs, "by": row.by}
        for row in rows
    ]
