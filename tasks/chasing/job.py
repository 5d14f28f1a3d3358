"""The chasing step of the night, and what people do about it by hand."""

from sqlalchemy.orm import Session

from models import bulk
from models.words import ChaseReason, HoldKind
from tasks.chasing import (
    by_hand,
    deciding,
    errands,
    looks,
    packs,
    pauses,
    plan,
    policy,
    replies,
    rewriting,
    steps,
    telling,
)
from tasks.chasing.tonight import Tonight
from worker.job import Night, job
from worker.parameters import Kind, takes

AT_ONCE = 10_000
"""Cases that are decided and told of in one transaction (parameter at_most), but never less than a branch."""


@job
@takes(at_most=Kind.NUMBER)
def chase_insurers(session: Session, night: Night) -> int:
    """Take every open case one step up the ladder where one is due, and say of each other why not."""
    bulk.prefer_indexes(session)
    tonight: Tonight = night.handed_on or _begin(session, night)
    case_ids = tonight.next(int(night.parameters.get("at_most", AT_ONCE)), all_at_once=night.dry_run)
    looks.take(session, night.shop_id, tonight.noted.intersection(case_ids))
    decided = list(deciding.decide(session, night, tonight, case_ids))
    asks = [each.ask for each in decided if each.ask]
    told = [ask for ask in asks if ask.is_told]
    plan.keep(session, night, plan.Told(len(told), sum(ask.unpaid for ask in told)))
    carried = telling.tell(session, night, told, tonight.house)
    carried |= steps.give_errands(session, night, [ask for ask in asks if not ask.is_told])
    steps.take(session, night, asks, carried)
    changed = steps.stand(session, night, decided)
    looks.give_back(
        session, night.shop_id, tonight.noted.intersection(case_ids) - {each.row.facts.id for each in decided}
    )
    if tonight.left:
        night.go_on(rest=tonight.left, hand_on=tonight)
    else:
        looks.forget_closed(session, night.shop_id)
        plan.account(session, night)
    return changed


def _begin(session: Session, night: Night) -> Tonight:
    """Settle what comes before the ladder, and see the whole plan where it might have to stop."""
    house = policy.read(session, night.shop_id, night.date)
    if night.parameters.get("approved"):
        by_hand.refuse_unless_waiting(session, night)
    pauses.end_what_is_over(session, night, house.common.tolerance)
    night.note(rewritten=rewriting.write_anew(session, night, house))
    transfers = pauses.unplaced_transfers(session, night, house.common.transfer_days)
    branches = looks.due(session, night.shop_id, night.date)
    tonight = Tonight(house, transfers, branches, looks.noted(session, night.shop_id))
    if not house.may_send:
        tonight.silent = ChaseReason.SENDING_OFF
    elif plan.stop_of(session, night, tonight.left, lambda: deciding.planned(session, night, tonight), house):
        tonight.silent = ChaseReason.WAITS_FOR_APPROVAL
    return tonight


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
