"""One case whole, as people and programs see it: money in yuan, dates as YYYY-MM-DD."""

from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from models.case import Case, SubmissionRound
from models.chase import ChaseState, ChaseStep
from models.deadline import Deadline
from models.event import Event
from models.insurer import Insurer
from models.notice import Notice
from models.refund import Position, Refund
from models.shop import Shop
from models.values import Refusal, yuan
from models.work_order import WorkOrder

MONEY = (
    "bill",
    "expected",
    "received",
    "over_receipt",
    "third_party",
    "customer_paid",
    "write_off",
    "refunded",
    "surplus",
    "refund_due",
    "topup_due",
    "releasable",
)


def find(session: Session, claim_no: str, codes: list[str]) -> Case:
    """The case of that number. Raises Refusal where there is none, or one in several shops."""
    found = session.scalars(
        select(Case)
        .join(Shop, Shop.id == Case.shop_id)
        .where(Case.claim_no == claim_no, Shop.code.in_(codes))
    ).all()
    if not found:
        raise Refusal(f"There is no case {claim_no}. See: huikuan case list")
    if len(found) > 1:
        raise Refusal(f"{claim_no} is a case of several shops. Say which: --shop {codes[0]}")
    return found[0]


def whole(session: Session, case: Case) -> dict[str, Any]:
    """Everything that is known of a case."""
    order = session.get_one(WorkOrder, case.work_order_id)
    insurer = session.get(Insurer, case.insurer_id) if case.insurer_id else None
    return {
        "claim_no": case.claim_no,
        "work_order_no": order.work_order_no,
        "plate_no": case.plate_no,
        "shop": session.get_one(Shop, case.shop_id).code,
        "insured_name": case.insured_name,
        "insurer": insurer.name if insurer else None,
        "agency": case.is_agency_claim,
        "stage": case.stage.value,
        "report_no": case.report_no,
        "policy_no": case.policy_no,
        "insurer_accepted_date": case.insurer_accepted_date,
        "settlement_agreed_on": case.settlement_agreed_on,
        "authorised_by": case.authorised_by,
        "authorised_on": case.authorised_on,
        "authorisation_valid_to": case.authorisation_valid_to,
        "assessed_amount": None if case.assessed_amount is None else yuan(case.assessed_amount),
        "shared_with": _shared_with(session, case),
        "money": money(session, order.id),
        "hold_reason": _hold_reason(session, order),
        "rounds": _rounds(session, case.id),
        "deadlines": _deadlines(session, case.id),
        "chase": _chase(session, case.id),
        "refunds": _refunds(session, order.id),
        "notices": _notices(session, case, order.id),
        "events": _events(session, case.id, order.id),
    }


def money(session: Session, work_order_id: int) -> dict[str, str]:
    """The position of the work order as last computed, in yuan; zeros before the first night."""
    found = session.get(Position, work_order_id)
    return {name: yuan(getattr(found, name, None) or 0) for name in MONEY}


def _hold_reason(session: Session, order: WorkOrder) -> str | None:
    found = session.get(Position, order.id)
    return order.manual_hold or (found.hold_reason if found else None)


def _shared_with(session: Session, case: Case) -> list[str]:
    others = select(Case.claim_no).where(Case.work_order_id == case.work_order_id, Case.id != case.id)
    return list(session.scalars(others.order_by(Case.claim_no)))


def _rounds(session: Session, case_id: int) -> list[dict[str, Any]]:
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


def _deadlines(session: Session, case_id: int) -> list[dict[str, Any]]:
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


def _chase(session: Session, case_id: int) -> dict[str, Any] | None:
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


def _refunds(session: Session, work_order_id: int) -> list[dict[str, Any]]:
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


def _notices(session: Session, case: Case, work_order_id: int) -> list[dict[str, Any]]:
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


def _events(session: Session, case_id: int, work_order_id: int) -> list[dict[str, Any]]:
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
