"""Notices between nights: mail for customers waits for the day, and a failed attempt for its next time."""

from collections.abc import Iterator
from datetime import datetime

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from models.notice import Notice
from models.run import Run
from models.shop import Shop
from models.words import NoticeState, RunState, Why
from scheduler.timetable import DELIVER_EVERY_MINUTES
from worker import clock
from worker.seat import Order

DAYTIME = Why.DAYTIME


def deliveries_due(session: Session, moment: datetime) -> Iterator[Order]:
    """A delivery for every shop with a notice whose time has come: one per shop and slot of the timetable.

    None where an earlier one is still to be done: while no worker is there they would pile up.
    """
    local = moment.astimezone(clock.SHANGHAI)
    slot = local.replace(minute=local.minute - local.minute % DELIVER_EVERY_MINUTES)
    due = or_(
        and_(Notice.state == NoticeState.WAITING, Notice.send_after <= moment),
        and_(Notice.state == NoticeState.SENDING, Notice.lease_until < moment),
        Notice.ask_after <= moment,
    )
    shops = session.scalars(
        select(Shop.code).join(Notice, Notice.shop_id == Shop.id).where(due).distinct().order_by(Shop.code)
    )
    asked = _under_way(session)
    for code in shops:
        if code in asked:
            continue
        yield Order("deliver", local.date(), code, f"{code}@{slot:%H%M}", why=DAYTIME)


def _under_way(session: Session) -> set[str]:
    """The shops whose last delivery nobody has finished."""
    runs = (Run.why == DAYTIME, Run.state.in_((RunState.PENDING, RunState.RUNNING)))
    return {scope.rpartition("@")[0] for scope in session.scalars(select(Run.scope).where(*runs))}
