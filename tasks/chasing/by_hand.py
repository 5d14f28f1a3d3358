"""What people say of a case that is chased: leave it, he promised, the letter arrived, it is seen to."""

from datetime import date

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from models import event
from models.case import Case
from models.chase import ChaseHold, ChaseLetter, ChasePlan, ChaseState, ChaseStep
from models.deadline import Interruption
from models.errand import Errand
from models.upsert import add_new, changed_rows
from models.values import Refusal
from models.words import (
    ChasePlanState,
    ChaseReason,
    ErrandState,
    HoldKind,
    HoldState,
    InterruptionKind,
    Stage,
)
from tasks.chasing import pauses
from worker.job import Night

SANE_DAYS = 366


def leave_alone(session: Session, night: Night, kind: HoldKind) -> int:
    """Hold a case, or take a promise to pay: up to and on `until`. Raises Refusal for a day that is over."""
    case = _open_case(session, night)
    until = date.fromisoformat(night.parameters["until"])
    if until < night.date:
        raise Refusal(f"{until} is over: a hold or promise lasts up to a day to come. Give a later one.")
    if (until - night.date).days > SANE_DAYS:
        raise Refusal(
            f"{until} is more than a year away; nobody is left alone for so long. Give a nearer day."
        )
    pauses.add(session, night, case.id, kind, until, str(night.parameters["because"])[:500])
    return 1


def lift(session: Session, night: Night) -> int:
    """End the holds and promises of a case; it is looked at again tonight."""
    case = _open_case(session, night)
    ended = session.execute(
        update(ChaseHold)
        .where(ChaseHold.case_id == case.id, ChaseHold.state == HoldState.STANDING)
        .values(state=HoldState.ENDED, ended_on=night.date)
    )
    if not changed_rows(ended):
        raise Refusal(f"{case.claim_no} is neither held nor promised. See: huikuan chase list")
    event.record(session, [event.Happening("chase_hold_lifted", {}, case.id)], **night.trail)
    pauses.look_again(session, case.id, night.date)
    return changed_rows(ended)


def _open_case(session: Session, night: Night) -> Case:
    case = session.get(Case, int(night.parameters["case_id"]))
    if case is None or case.shop_id != night.shop_id:
        raise Refusal("There is no such case. See: huikuan case list")
    if case.stage is Stage.CLOSED:
        raise Refusal(f"{case.claim_no} is closed and not chased. See: huikuan case show {case.claim_no}")
    return case


def deliver(session: Session, night: Night) -> int:
    """Record that a letter arrived, with its proof: the limitation of each of its cases begins anew."""
    given = night.parameters
    letter = session.execute(
        select(ChaseLetter).where(
            ChaseLetter.shop_id == night.shop_id, ChaseLetter.letter_no == given["letter_no"]
        )
    ).scalar_one_or_none()
    if letter is None:
        raise Refusal(f"There is no letter {given['letter_no']}. See: huikuan chase list --letters")
    on = date.fromisoformat(given["on"])
    if not letter.written_on <= on <= night.date:
        raise Refusal(
            f"Letter {letter.letter_no} was written on {letter.written_on}; it can't have arrived on {on}. "
            f"Give a day from then to {night.date}."
        )
    letter.delivered_on, letter.delivered_by = on, night.by
    letter.proof, letter.proof_stored_as = given["proof"], given["proof_stored_as"]
    cases = _cases_of(session, letter)
    interruptions = [_interruption(night, case_id, letter, on) for case_id in cases]
    new = add_new(session, Interruption, interruptions)
    told = {"letter_no": letter.letter_no, "on": str(on), "proof": given["proof"]}
    stored = {"proof_stored_as": given["proof_stored_as"]}
    happenings = [event.Happening("letter_delivered", told | stored, case_id) for case_id in cases]
    event.record(session, happenings, **night.trail)
    session.flush()
    return new


def _cases_of(session: Session, letter: ChaseLetter) -> list[int]:
    carried = select(ChaseStep.case_id).where(ChaseStep.notice_occasion == letter.occasion)
    return sorted(set(session.scalars(carried)))


def _interruption(night: Night, case_id: int, letter: ChaseLetter, on: date) -> dict[str, object]:
    return {
        "shop_id": night.shop_id,
        "case_id": case_id,
        "kind": InterruptionKind.DEMAND,
        "happened_on": on,
        "letter_no": letter.letter_no,
        "proof": night.parameters["proof"],
        "proof_stored_as": night.parameters["proof_stored_as"],
        "recorded_by": night.by,
        "recorded_on": night.date,
    }


def see_to(session: Session, night: Night) -> int:
    """Say that an errand is done, and how it ended. Raises Refusal for one that is not open."""
    errand = session.get(Errand, int(night.parameters["errand_id"]))
    if errand is None or errand.shop_id != night.shop_id or errand.state is not ErrandState.OPEN:
        state = f"is {errand.state}" if errand else "does not exist"
        raise Refusal(f"Errand {night.parameters['errand_id']} {state}. See: huikuan todo list")
    errand.state, errand.ended_on, errand.ended_by = ErrandState.DONE, night.date, night.by
    errand.outcome = str(night.parameters["because"])
    told = {"errand": errand.id, "kind": errand.kind.value, "outcome": errand.outcome}
    event.record(session, [event.Happening("errand_done", told, errand.case_id)], **night.trail)
    session.flush()
    return 1


def refuse_unless_waiting(session: Session, night: Night) -> None:
    """Raise Refusal unless the plan that is approved waits, and no later one does."""
    plan = session.get(ChasePlan, (night.shop_id, night.date))
    waits = plan and (plan.state is ChasePlanState.WAITING or _is_unfinished(session, plan))
    if not waits:
        state = f"is {plan.state}" if plan else "does not exist"
        raise Refusal(
            f"The plan of {night.date} {state}: there is nothing to approve. See: huikuan chase list"
        )
    later = session.scalar(
        select(ChasePlan.night)
        .where(ChasePlan.shop_id == night.shop_id, ChasePlan.night > night.date)
        .order_by(ChasePlan.night.desc())
        .limit(1)
    )
    if later:
        raise Refusal(
            f"The plan of {night.date} is overtaken by that of {later}: huikuan chase approve {later}"
        )


def _is_unfinished(session: Session, plan: ChasePlan) -> bool:
    """Whether it was approved, and the worker died before all of it was told."""
    left = select(ChaseState.case_id).where(
        ChaseState.shop_id == plan.shop_id,
        ChaseState.reason == ChaseReason.WAITS_FOR_APPROVAL,
        ChaseState.since <= plan.night,
    )
    return plan.state is ChasePlanState.APPROVED and session.scalar(left.limit(1)) is not None
