"""The chasing step of the night, and what people do about it by hand."""

from collections.abc import Iterable
from typing import NamedTuple

from sqlalchemy.orm import Session

from models.chase import ChaseState
from models.upsert import put
from models.words import ChaseReason, HoldKind
from tasks.chasing import (
    by_hand,
    cases,
    errands,
    packs,
    pauses,
    plan,
    policy,
    queries,
    replies,
    rewriting,
    rules,
    steps,
    telling,
)
from tasks.chasing.facts import Decision
from tasks.chasing.letters import Ask
from worker.job import Night, job


class _Decided(NamedTuple):
    """A case, what was decided of it, and the step as its words want it."""

    row: queries.CaseRow
    decision: Decision
    ask: Ask | None


@job
def chase_insurers(session: Session, night: Night) -> int:
    """Take every open case one step up the ladder where one is due, and say of each other why not."""
    house = policy.read(session, night.shop_id, night.date)
    if night.parameters.get("approved"):
        by_hand.refuse_unless_waiting(session, night)
    pauses.end_what_is_over(session, night, house.common.tolerance)
    night.note(rewritten=rewriting.write_anew(session, night, house))
    decided = _stopped_or_not(session, night, list(_decide(session, night, house)), house)
    asks = [each.ask for each in decided if each.ask]
    told = [ask for ask in asks if steps.is_told(ask)]
    carried = telling.tell(session, night, told, house)
    carried |= steps.give_errands(session, night, [ask for ask in asks if not steps.is_told(ask)])
    steps.take(session, night, asks, carried)
    states = [steps.state(each.row, each.decision, night) for each in decided]
    changed = [now for each, now in zip(decided, states, strict=True) if steps.differs(each.row, now)]
    put(session, ChaseState, changed, ["case_id"])
    steps.forget_closed(session, night.shop_id)
    plan.account(session, night)
    return len(changed)


def _decide(session: Session, night: Night, house: policy.Policy) -> Iterable[_Decided]:
    days = house.common.transfer_days
    transfers = pauses.unplaced_transfers(session, night, days)
    for row, decision in night.decide(
        queries.cases_to_look_at(session, night.shop_id, night.date),
        lambda row: rules.chase(
            cases.open_case(row, night.date, transfers, days),
            house.of(row.facts.insurer_group_id),
            night.date,
        ),
        lambda row: f"case:{row.facts.id}",
    ):
        ladder = house.of(row.facts.insurer_group_id)
        step = decision.step
        yield _Decided(row, decision, cases.ask(row, step, ladder, night.date) if step else None)


def _stopped_or_not(
    session: Session, night: Night, decided: list[_Decided], house: policy.Policy
) -> list[_Decided]:
    """The plan as it is, or without the steps that would leave the shop, each with the reason."""
    told = [each.ask for each in decided if each.ask and steps.is_told(each.ask)]
    planned = plan.Told(len(told), sum(ask.unpaid for ask in told))
    if not house.may_send:
        return [_not_now(each, ChaseReason.SENDING_OFF) for each in decided]
    stopped = plan.stop_of(session, night, planned, house)
    plan.keep(session, night, planned, stopped)
    if stopped is None:
        return decided
    night.note(plan_stopped=stopped.value)
    return [_not_now(each, ChaseReason.WAITS_FOR_APPROVAL) for each in decided]


def _not_now(each: _Decided, reason: ChaseReason) -> _Decided:
    if each.ask is None or not steps.is_told(each.ask):
        return each
    return _Decided(each.row, Decision(None, reason, None), None)


@job
def pass_on_errands(session: Session, night: Night) -> int:
    """Give what nobody saw to in time to the next person, and end what there is nothing left to do about."""
    house = policy.read(session, night.shop_id, night.date)
    night.note(gone=errands.end_what_is_gone(session, night, house.common.tolerance))
    return errands.pass_on(session, night)


@job
def hold_chase(session: Session, night: Night) -> int:
    """Leave a case alone up to and on a day: case_id, until, because."""
    return by_hand.leave_alone(session, night, HoldKind.HOLD)


@job
def take_promise(session: Session, night: Night) -> int:
    """Take an insurer's promise to pay by a day; broken, the ladder goes on: case_id, until, because."""
    return by_hand.leave_alone(session, night, HoldKind.PROMISE)


@job
def lift_chase(session: Session, night: Night) -> int:
    """End the holds and promises of a case: case_id."""
    return by_hand.lift(session, night)


@job
def record_delivery(session: Session, night: Night) -> int:
    """Record that a letter arrived, with its proof: letter_no, on, proof, proof_stored_as."""
    return by_hand.deliver(session, night)


@job
def finish_errand(session: Session, night: Night) -> int:
    """Say that an errand is done, and how it ended: errand_id, because."""
    return by_hand.see_to(session, night)


@job
def import_reply(session: Session, night: Night) -> int:
    """Take in a statement of account that an insurer sent back: file_id."""
    return replies.take_in(session, night)


@job
def make_pack(session: Session, night: Night) -> int:
    """Lay a case's papers in order for a complaint or a lawyer: case_id, kind."""
    return packs.make(session, night)
