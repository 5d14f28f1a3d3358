"""The plan of a night: carried out, or stopped for a person to see it first, or because it is too large."""

from collections.abc import Callable, Sequence
from statistics import mean
from typing import Any, NamedTuple

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models.case import Case
from models.chase import ChasePlan, ChaseState
from models.upsert import put
from models.words import ChasePlanState, ChaseReason, PlanStop, Stage
from tasks.chasing.policy import Policy
from worker.job import Night

_NIGHTS = 20
_FEWEST_NIGHTS = 5


class Told(NamedTuple):
    """The steps of tonight that leave the shop, and the fen they ask for."""

    steps: int
    amount: int


def stop_of(
    session: Session, night: Night, most: int, planned: Callable[[], Told], policy: Policy
) -> PlanStop | None:
    """Why tonight's plan must wait for a person; None = it may go. An approved plan goes.

    The whole plan is seen before any of it is told. `most` is how many steps it can have at all: where so
    many are allowed, nobody has to reckon out how many it has (`planned`). A plan that waits is written down.
    """
    if night.parameters.get("approved") or not most:
        return None
    if policy.review:
        return _stopped(session, night, planned(), PlanStop.REVIEW)
    usual = usual_steps(session, night) if most > policy.cap_least else None
    if usual is None or most <= policy.cap_times * usual:
        return None
    told = planned()
    too_large = told.steps > max(policy.cap_least, policy.cap_times * usual)
    return _stopped(session, night, told, PlanStop.TOO_LARGE) if too_large else None


def _stopped(session: Session, night: Night, told: Told, stop: PlanStop) -> PlanStop | None:
    if not told.steps:
        return None
    _write(session, night, ChasePlanState.WAITING, told, stop)
    night.note(plan_stopped=stop.value)
    return stop


def usual_steps(session: Session, night: Night) -> int | None:
    """How many steps a night with steps has had lately; None while there were too few such nights."""
    lately = select(ChasePlan.steps).where(
        ChasePlan.shop_id == night.shop_id,
        ChasePlan.night < night.date,
        ChasePlan.state != ChasePlanState.WAITING,
        ChasePlan.steps > 0,
    )
    steps: Sequence[int] = session.scalars(lately.order_by(ChasePlan.night.desc()).limit(_NIGHTS)).all()
    return round(mean(steps)) if len(steps) >= _FEWEST_NIGHTS else None


def keep(session: Session, night: Night, told: Told) -> None:
    """Write down what a part of the night has told; the parts of a night make up its plan.

    A night without steps, and one that is run again, leave what stands.
    """
    if not told.steps:
        return
    before = session.execute(
        select(ChasePlan.steps, ChasePlan.amount).where(
            ChasePlan.shop_id == night.shop_id,
            ChasePlan.night == night.date,
            ChasePlan.state != ChasePlanState.WAITING,
        )
    ).one_or_none()
    if before:
        told = Told(told.steps + before.steps, told.amount + before.amount)
    approved = night.parameters.get("approved")
    _write(session, night, ChasePlanState.APPROVED if approved else ChasePlanState.DONE, told, None)


def _write(
    session: Session, night: Night, state: ChasePlanState, told: Told, stopped: PlanStop | None
) -> None:
    row: dict[str, Any] = {
        "shop_id": night.shop_id,
        "night": night.date,
        "state": state,
        "steps": told.steps,
        "amount": told.amount,
        "usual": usual_steps(session, night),
        "stopped": stopped,
        "approved_by": night.parameters.get("approved"),
    }
    put(session, ChasePlan, [row], ["shop_id", "night"])


def account(session: Session, night: Night) -> None:
    """Note where every open case stands: those chased tonight and the sums over reasons make up all."""
    states = select(ChaseState.reason, func.count().label("cases")).where(ChaseState.shop_id == night.shop_id)
    by_reason = {row.reason: row.cases for row in session.execute(states.group_by(ChaseState.reason))}
    tonight = select(func.count()).where(
        ChaseState.shop_id == night.shop_id, ChaseState.reason.is_(None), ChaseState.since == night.date
    )
    chased = session.execute(tonight).scalar_one()
    # Who was chased on an earlier night and has nothing due waits for his next step.
    waiting = by_reason.pop(None, 0) - chased + by_reason.pop(ChaseReason.NOT_DUE, 0)
    reasons = {
        reason: count for reason, count in {**by_reason, ChaseReason.NOT_DUE: waiting}.items() if count
    }
    open_cases = session.execute(
        select(func.count()).where(Case.shop_id == night.shop_id, Case.stage != Stage.CLOSED)
    ).scalar_one()
    night.note(
        open_cases=open_cases,
        chased=chased,
        unexplained=open_cases - chased - sum(reasons.values()),
        **{f"passed_over_{reason}": count for reason, count in reasons.items()},
    )
