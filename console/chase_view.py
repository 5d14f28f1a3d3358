"""What stands of the chase: every open case with its step or reason, letters, plans, holds, errands."""

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.case import Case
from models.chase import ChaseHold, ChaseLetter, ChasePlan, ChaseState
from models.deadline import Deadline
from models.insurer import Insurer
from models.shop import Shop
from models.values import yuan
from models.words import DeadlineState, HoldState, Stage

CASES = {
    "claim": "claim_no", "plate": "plate_no", "insurer": "insurer", "step": "step", "why no step": "reason",
    "open amount": "open_amount", "since": "since", "look again": "look_again_on", "due": "due_on",
    "estimate": "due_is_estimate", "source": "source",
}  # fmt: skip
LETTERS = {
    "letter": "letter_no", "insurer": "insurer", "level": "level", "written": "written_on", "cases": "cases",
    "amount": "amount", "pay by": "pay_by", "delivered": "delivered_on", "proof": "proof",
}  # fmt: skip
PLANS = {
    "night": "date", "shop": "shop", "state": "state", "steps": "steps", "usual": "usual", "amount": "amount",
    "stopped": "stopped", "approved by": "approved_by",
}  # fmt: skip
HOLDS = {"claim": "claim_no", "what": "kind", "until": "until", "because": "because", "set by": "set_by"}

_OPEN = (DeadlineState.RUNNING, DeadlineState.STOPPED, DeadlineState.RESTARTED, DeadlineState.MISSED)


def cases(session: Session, codes: list[str], reason: str | None) -> list[dict[str, Any]]:
    """Open cases: the last step, why no step is taken, until when, and the next due day with its source."""
    query = (
        select(ChaseState, Case.claim_no, Case.plate_no, Insurer.name.label("insurer"), Shop.code)
        .join(Case, Case.id == ChaseState.case_id)
        .join(Shop, Shop.id == ChaseState.shop_id)
        .outerjoin(Insurer, Insurer.id == Case.insurer_id)
        .where(Shop.code.in_(codes), Case.stage != Stage.CLOSED)
        .order_by(Shop.code, Case.claim_no)
    )
    if reason is not None:
        query = query.where(ChaseState.reason == reason)
    rows = session.execute(query).all()
    dues = _dues(session, [row.ChaseState.case_id for row in rows])
    return [_case(row, dues.get(row.ChaseState.case_id)) for row in rows]


def _dues(session: Session, case_ids: list[int]) -> dict[int, Deadline]:
    """The next clock of each case that is not met; limitations are far off and stand apart."""
    found: dict[int, Deadline] = {}
    for start in range(0, len(case_ids), 500):
        rows = session.scalars(
            select(Deadline)
            .where(
                Deadline.case_id.in_(case_ids[start : start + 500]),
                Deadline.state.in_(_OPEN),
                Deadline.rule_code.not_like("%limitation%"),
            )
            .order_by(Deadline.due_on.desc(), Deadline.id)
        )
        found |= {row.case_id: row for row in rows}
    return found


def _case(row: Any, due: Deadline | None) -> dict[str, Any]:
    state: ChaseState = row.ChaseState
    sure = due is not None and not (due.estimate or due.provisional)
    return {
        "claim_no": row.claim_no,
        "shop": row.code,
        "plate_no": row.plate_no,
        "insurer": row.insurer,
        "step": state.step,
        "reason": state.reason,
        "open_amount": yuan(state.open_amount),
        "since": state.since,
        "look_again_on": state.look_again_on,
        "due_on": due.due_on if due else None,
        "due_is_estimate": None if due is None else not sure,
        "source": due.source if due else None,
    }


def letters(session: Session, codes: list[str]) -> list[dict[str, Any]]:
    """Letters, the newest first, with the proof that they arrived."""
    query = (
        select(ChaseLetter, Insurer.name.label("insurer"), Shop.code)
        .join(Insurer, Insurer.id == ChaseLetter.insurer_id)
        .join(Shop, Shop.id == ChaseLetter.shop_id)
        .where(Shop.code.in_(codes))
        .order_by(ChaseLetter.written_on.desc(), ChaseLetter.id.desc())
    )
    return [
        {
            "letter_no": row.ChaseLetter.letter_no,
            "shop": row.code,
            "insurer": row.insurer,
            "level": row.ChaseLetter.level,
            "written_on": row.ChaseLetter.written_on,
            "pay_by": row.ChaseLetter.pay_by,
            "cases": row.ChaseLetter.case_count,
            "amount": yuan(row.ChaseLetter.amount),
            "delivered_on": row.ChaseLetter.delivered_on,
            "proof": row.ChaseLetter.proof,
        }
        for row in session.execute(query)
    ]


def plans(session: Session, codes: list[str]) -> list[dict[str, Any]]:
    """The plans of the last nights with steps, the newest first."""
    query = (
        select(ChasePlan, Shop.code)
        .join(Shop, Shop.id == ChasePlan.shop_id)
        .where(Shop.code.in_(codes))
        .order_by(ChasePlan.night.desc(), Shop.code)
        .limit(60)
    )
    return [
        {
            "date": row.ChasePlan.night,
            "shop": row.code,
            "state": row.ChasePlan.state.value,
            "steps": row.ChasePlan.steps,
            "amount": yuan(row.ChasePlan.amount),
            "usual": row.ChasePlan.usual,
            "stopped": row.ChasePlan.stopped.value if row.ChasePlan.stopped else None,
            "approved_by": row.ChasePlan.approved_by,
        }
        for row in session.execute(query)
    ]


def holds(session: Session, codes: list[str]) -> list[dict[str, Any]]:
    """Holds and promises that stand, by the day they end."""
    query = (
        select(ChaseHold, Case.claim_no, Shop.code)
        .join(Case, Case.id == ChaseHold.case_id)
        .join(Shop, Shop.id == ChaseHold.shop_id)
        .where(Shop.code.in_(codes), ChaseHold.state == HoldState.STANDING)
        .order_by(ChaseHold.until, ChaseHold.id)
    )
    return [
        {
            "claim_no": row.claim_no,
            "shop": row.code,
            "kind": row.ChaseHold.kind.value,
            "until": row.ChaseHold.until,
            "because": row.ChaseHold.because,
            "set_by": row.ChaseHold.set_by,
        }
        for row in session.execute(query)
    ]
