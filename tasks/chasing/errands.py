"""Errands that nobody saw to: passed on to another person, or gone because there is nothing left to do."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import errand, event
from models.case import Case
from models.errand import Errand, NewErrand, owners
from models.open_money import open_by_cover
from models.words import ErrandKind, ErrandState, Stage
from notifications import errands
from worker.job import Night

_ABOUT_MONEY = (ErrandKind.COMPLAINT, ErrandKind.LAWYER, ErrandKind.LIMITATION, ErrandKind.REPLY)


def end_what_is_gone(session: Session, night: Night, tolerance: int) -> int:
    """Errands about money that has come, and of cases that were closed, are gone."""
    rows = session.execute(
        select(Errand, Case.stage)
        .join(Case, Case.id == Errand.case_id)
        .where(
            Errand.shop_id == night.shop_id,
            Errand.state == ErrandState.OPEN,
            Errand.kind.in_(_ABOUT_MONEY),
        )
    ).all()
    owed = open_by_cover(session, {row.Errand.case_id for row in rows})
    owing = {case_id for (case_id, _), amount in owed.items() if amount > tolerance}
    gone = [row.Errand for row in rows if row.stage is Stage.CLOSED or row.Errand.case_id not in owing]
    for each in gone:
        each.state, each.ended_on = ErrandState.GONE, night.date
    session.flush()
    return len(gone)


def pass_on(session: Session, night: Night) -> int:
    """Give what nothing happened to in time to the next person; returns how many."""
    late = session.scalars(
        select(Errand)
        .where(
            Errand.shop_id == night.shop_id,
            Errand.state == ErrandState.OPEN,
            Errand.pass_on <= night.date,
        )
        .order_by(Errand.id)
    ).all()
    named = owners(session, night.shop_id, night.date)
    for each in late:
        each.state, each.ended_on = ErrandState.PASSED_ON, night.date
    given = errand.give(session, [_next(each, night, named.second or named.first) for each in late])
    errands.tell(session, night, given)
    happenings = [
        event.Happening("errand_passed_on", {"errand": each.id, "from": each.owner}, each.case_id)
        for each in late
    ]
    event.record(session, happenings, **night.trail)
    session.flush()
    return len(given)


def _next(late: Errand, night: Night, owner: str) -> NewErrand:
    return NewErrand(
        shop_id=night.shop_id,
        case_id=late.case_id,
        kind=late.kind,
        occasion=f"{late.occasion}:passed_on",
        owner=owner,
        what=f"{late.owner} 未处理，现转交。{late.what}",
        command=late.command,
        amount=late.amount,
        opened_on=night.date,
        pass_on=None,
    )
