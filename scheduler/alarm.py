"""A night that should be done by the morning and is not: who leads the shop is told, once a morning."""

from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.run import Run
from models.shop import Shop
from notifications import staff
from notifications.notices import NightNotRun
from notifications.wording import day
from scheduler.due import NIGHT, due_nights
from scheduler.timetable import NIGHT_STARTS_AT
from worker import clock
from worker.job import Night

GRACE = timedelta(hours=4)
"""A night of 02:00 is missed at 06:00."""

TIME_TO_RUN = timedelta(minutes=30)
"""A machine that was off over night catches up by itself: only what it does not manage is told."""


def tell_of_missed_nights(session: Session, moment: datetime) -> int:
    """Tell who leads each shop that owes a night; returns how many notices were written."""
    newest = clock.night_to_run(moment - GRACE, NIGHT_STARTS_AT)
    return sum(
        _tell(session, code, oldest, newest, moment)
        for code, oldest in due_nights(session, moment - GRACE)
        if _had_its_time(session, code, oldest, moment)
    )


def _asked(code: str, night: date) -> tuple[object, ...]:
    return Run.job == NIGHT, Run.business_date == night, Run.scope == code


def _had_its_time(session: Session, code: str, night: date, moment: datetime) -> bool:
    asked = session.scalar(select(Run.requested_at).where(*_asked(code, night)))  # type: ignore[arg-type]
    return asked is not None and asked <= moment - TIME_TO_RUN


def _tell(session: Session, code: str, oldest: date, newest: date, moment: datetime) -> int:
    shop = session.execute(select(Shop).where(Shop.code == code)).scalar_one()
    today = moment.astimezone(clock.SHANGHAI).date()
    error = session.scalar(select(Run.error).where(*_asked(code, oldest)))  # type: ignore[arg-type]
    words = NightNotRun(
        date=day(today),
        shop_name=shop.name,
        night=day(oldest),
        missed=str((newest - oldest).days + 1),
        error=(error or "").splitlines()[0][:200] if error else "",
        command=f"huikuan night run --date {oldest} --shop {code}",
    )
    night = Night(date=today, shop_id=shop.id, shop_code=code, by="system", at=moment)
    occasion = f"night_not_run:{shop.id}:{newest}"
    return staff.tell(session, night, words, occasion, staff.readers(session, shop.id, today))
