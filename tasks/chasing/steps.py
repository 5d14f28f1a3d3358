"""Writing down the steps of a night: what carried each, its grounds, and where every case stands now."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from sqlalchemy.orm import Session

from models import bulk, errand, event
from models.chase import ChaseState, ChaseStep
from models.errand import NewErrand, owners
from models.words import Cover, ErrandKind
from notifications import errands
from tasks.chasing import rules
from tasks.chasing.deciding import Decided
from tasks.chasing.facts import Decision, OpenCase, Step
from tasks.chasing.ladder import COMPLAINT
from tasks.chasing.letters import Ask
from tasks.chasing.queries import CaseRow
from worker.job import Night

_TO_COMPLAIN = "最后催告期满仍未付清，请被保险人或持授权的本店向 12378 投诉。"
_TO_A_LAWYER = "投诉期满未获解决，或诉讼时效将尽，请移交律师。"


def give_errands(session: Session, night: Night, asks: list[Ask]) -> dict[int, str]:
    """Give a named person what he is to see to; returns the occasion that carries each case."""
    if not asks:
        return {}
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


_TAKEN = (
    "case_id", "cover", "step", "round_no", "open_amount", "notice_occasion", "shop_id", "taken_on",
)  # fmt: skip
_STATE = ("case_id", "shop_id", "step", "reason", "open_amount", "since", "look_again_on")


def take(session: Session, night: Night, asks: list[Ask], occasions: dict[int, str]) -> None:
    """Write the steps down, with the notice or errand that carries each and the grounds."""
    common = (night.shop_id, night.date)
    taken = [_taken(ask, occasions[ask.facts.id]) for ask in asks]
    bulk.add_tuples(session, ChaseStep, _TAKEN, [(*values, *common) for values in taken])
    happenings = [
        event.Happening("chase_step", _grounds(values, ask.step), ask.facts.id, None, rules.VERSION)
        for ask, values in zip(asks, taken, strict=True)
    ]
    event.record(session, happenings, **night.trail)
    night.note(chase_steps=len(asks), chase_notices=len(set(occasions.values())))


def _taken(ask: Ask, occasion: str) -> tuple[int, Cover, int, int, int, str]:
    step = ask.step
    return ask.facts.id, step.cover, step.step, ask.round_no, ask.unpaid, occasion


def _grounds(taken: tuple[Any, ...], step: Step) -> dict[str, Any]:
    clock = step.clock
    grounds = dict(zip(_TAKEN, taken, strict=False)) | {"due_on": str(step.due_on)}
    if clock:
        grounds |= {"clock": clock.duty, "clock_due_on": str(clock.due_on), "estimate": clock.estimate}
    return grounds


def stand(session: Session, night: Night, decided: Iterable[Decided]) -> int:
    """Write down where the cases stand after tonight, where that is new; returns of how many it is."""
    changed = [now for each in decided if (now := _state(each.row, each.case, each.decision, night))]
    bulk.put_tuples(session, ChaseState, _STATE, changed, ["case_id"])
    return len(changed)


def _state(row: CaseRow, case: OpenCase, decision: Decision, night: Night) -> tuple[Any, ...] | None:
    """Where a case stands; `since` is the night on which that began. None where it stood so before."""
    before = row.facts
    was = (before.step, before.reason, before.open_amount, before.since, before.look_again_on)
    step = decision.step.step if decision.step else was[0]
    reason = decision.reason.value if decision.reason else None
    is_same = decision.step is None and was[3] and was[:2] == (step, reason)
    now = (step, reason, sum(case.open.values()), was[3] if is_same else night.date, decision.look_again_on)
    return None if now == was else (before.id, night.shop_id, *now)
