"""A night that should be done by the morning and is not: who leads the shop is told, once a morning."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models.run import Run, Seat
from models.shop import Shop
from notifications import staff
from notifications.notices import NightNotRun
from notifications.wording import day
from scheduler.due import NIGHT, due_nights, lacking, left_behind, newest_night
from worker import clock
from worker.job import Night

GRACE = timedelta(hours=4)
"""A night of 02:00 is missed at 06:00."""

TIME_TO_RUN = timedelta(minutes=30)
"""A machine that was off over night catches up by itself: only what it does not manage is told."""


def tell_of_missed_nights(session: Session, moment: datetime) -> int:
    """Tell who leads each shop that owes its newest night; returns how many notices were written."""
    return sum(_tell(session, code, oldest, moment) for code, oldest in _owed(session, moment))


def _owed(session: Session, moment: datetime) -> Iterator[tuple[str, date]]:
    """Shops that owe their newest night, with the oldest they owe; what was given up is owed all the same."""
    at = moment - GRACE
    # Nearly every tick ends here: what was left behind is looked for among all nights there ever were.
    lack = set(lacking(session, newest_night(at)))
    if not lack:
        return
    owed = dict(due_nights(session, at))
    for left in left_behind(session, at):
        if left.error is not None:
            owed[left.shop] = min(left.date, owed.get(left.shop, left.date))
    for code in sorted(owed.keys() & lack):
        asked = _run(session, code, owed[code])
        if asked and asked.requested_at <= moment - TIME_TO_RUN:
            yield code, owed[code]


def _run(session: Session, code: str, night: date) -> Run | None:
    own = select(Run).where(Run.job == NIGHT, Run.business_date == night, Run.scope == code)
    return session.execute(own).scalar_one_or_none()


def _tell(session: Session, code: str, oldest: date, moment: datetime) -> int:
    shop = session.execute(select(Shop).where(Shop.code == code)).scalar_one()
    newest, today = newest_night(moment - GRACE), moment.astimezone(clock.SHANGHAI).date()
    run = _run(session, code, oldest)
    words = NightNotRun(
        date=day(today),
        shop_name=shop.name,
        night=day(oldest),
        missed=str(_missed(session, code, oldest, newest)),
        error=(run.error or "").partition("\n")[0][:200] if run else "",
        command=f"huikuan night run --date {oldest} --shop {code}",
    )
    night = Night(date=today, shop_id=shop.id, shop_code=code, by="system", at=moment)
    occasion = f"night_not_run:{shop.id}:{newest}"
    return staff.tell(session, night, words, occasion, staff.readers(session, shop.id, today))


def _missed(session: Session, code: str, oldest: date, newest: date) -> int:
    done = select(func.count()).where(
        Seat.job == NIGHT, Seat.scope == code, Seat.business_date >= oldest, Seat.business_date <= newest
    )
    return (newest - oldest).days + 1 - session.execute(done).scalar_one()
