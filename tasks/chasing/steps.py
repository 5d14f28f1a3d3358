"""Writing down the steps of a night: what carried each, its grounds, and where every case stands now."""

from datetime import timedelta
from typing import Any

from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from models import errand, event
from models.case import Case
from models.chase import ChaseState, ChaseStep
from models.errand import NewErrand, owners
from models.words import ChaseForm, ErrandKind, Stage
from notifications import errands
from tasks.chasing import rules
from tasks.chasing.cases import open_of
from tasks.chasing.facts import Decision, Step
from tasks.chasing.ladder import COMPLAINT
from tasks.chasing.letters import Ask
from tasks.chasing.queries import CaseRow
from worker.job import Night

_TO_COMPLAIN = "最后催告期满仍未付清，请被保险人或持授权的本店向 12378 投诉。"
_TO_A_LAWYER = "投诉期满未获解决，或诉讼时效将尽，请移交律师。"
_COMPARED = ("step", "reason", "open_amount", "since", "look_again_on")


def is_told(ask: Ask) -> bool:
    """Whether the step leaves the shop, or is given to a person of it."""
    return ask.level.form is not ChaseForm.ERRAND


def give_errands(session: Session, night: Night, asks: list[Ask]) -> dict[int, str]:
    """Give a named person what he is to see to; returns the occasion that carries each case."""
    named = owners(session, night.shop_id, night.date)
    given = [_errand(ask, night, named) for ask in asks]
    errands.tell(session, night, errand.give(session, given))
    return {each.case_id: each.occasion for each in given if each.case_id}


def _errand(ask: Ask, night: Night, named: errand.Owners) -> NewErrand:
    facts, is_complaint = ask.facts, ask.step.step == COMPLAINT
    pack = "--complaint" if is_complaint else "--lawyer"
    return NewErrand(
        shop_id=night.shop_id,
        case_id=facts.id,
        kind=ErrandKind.COMPLAINT if is_complaint else ErrandKind.LAWYER,
        occasion=f"chase_step:{facts.id}:{ask.step.cover}:{ask.step.step}:{ask.round_no}",
        owner=named.first,
        what=_TO_COMPLAIN if is_complaint else _TO_A_LAWYER,
        command=f"huikuan chase pack {facts.claim_no} {pack} --shop {night.shop_code}",
        amount=ask.unpaid,
        opened_on=night.date,
        pass_on=night.date + timedelta(days=named.days) if named.second else None,
    )


def take(session: Session, night: Night, asks: list[Ask], occasions: dict[int, str]) -> None:
    """Write the steps down, with the notice or errand that carries each and the grounds."""
    taken = [_taken(ask, occasions[ask.facts.id]) for ask in asks]
    if taken:
        common = {"shop_id": night.shop_id, "taken_on": night.date}
        session.execute(insert(ChaseStep), [values | common for values in taken])
    happenings = [
        event.Happening("chase_step", values | _grounds(ask.step), values["case_id"], rule=rules.VERSION)
        for ask, values in zip(asks, taken, strict=True)
    ]
    event.record(session, happenings, **night.trail)
    night.note(chase_steps=len(asks), chase_notices=len(set(occasions.values())))


def _taken(ask: Ask, occasion: str) -> dict[str, Any]:
    return {
        "case_id": ask.facts.id,
        "cover": ask.step.cover,
        "step": ask.step.step,
        "round_no": ask.round_no,
        "open_amount": ask.unpaid,
        "notice_occasion": occasion,
    }


def _grounds(step: Step) -> dict[str, Any]:
    clock = step.clock
    known = (
        {"clock": clock.duty, "clock_due_on": str(clock.due_on), "estimate": clock.estimate} if clock else {}
    )
    return {"due_on": str(step.due_on)} | known


def state(row: CaseRow, decision: Decision, night: Night) -> dict[str, Any]:
    """Where the case stands after tonight; `since` is the night on which that began."""
    before = row.facts
    step = decision.step.step if decision.step else before.step
    reason = decision.reason.value if decision.reason else None
    is_same = decision.step is None and before.since and (before.step, before.reason) == (step, reason)
    return {
        "case_id": before.id,
        "shop_id": night.shop_id,
        "step": step,
        "reason": reason,
        "open_amount": sum(open_of(row).values()),
        "since": before.since if is_same else night.date,
        "look_again_on": decision.look_again_on,
    }


def differs(row: CaseRow, now: dict[str, Any]) -> bool:
    return any(getattr(row.facts, name) != now[name] for name in _COMPARED)


def forget_closed(session: Session, shop_id: int) -> None:
    """A closed case is neither chased nor passed over: the steps it took remain."""
    closed = select(Case.id).where(Case.shop_id == shop_id, Case.stage == Stage.CLOSED)
    session.execute(delete(ChaseState).where(ChaseState.shop_id == shop_id, ChaseState.case_id.in_(closed)))
