"""Which nights a shop has had, which are due, and which were left behind."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import NamedTuple

from sqlalchemy import func, or_, select, update
from sqlalchemy.orm import Session

from models.run import Run, Seat
from models.shop import Shop
from models.words import RunState
from scheduler.timetable import CATCH_UP_DAYS, MOST_ATTEMPTS, NIGHT_STARTS_AT
from worker import clock

NIGHT = "night"
_DAY = timedelta(days=1)


class Left(NamedTuple):
    """A night that was not finished: `error` is None where it was never run."""

    shop: str
    date: date
    error: str | None


def newest_night(at: datetime) -> date:
    """The newest business date whose night should have begun."""
    return clock.night_to_run(at, NIGHT_STARTS_AT)


def due_nights(session: Session, at: datetime) -> Iterator[tuple[str, date]]:
    """For every shop the oldest night that should have finished by now, has not, and was not given up."""
    newest = newest_night(at)
    window = newest - timedelta(days=CATCH_UP_DAYS - 1)
    for shop, first, finished in _behind(session, newest, window):
        over = finished.union(_given_up(session, shop, first))
        day = next((day for day in _days(first, newest) if day not in over), None)
        if day is not None:
            yield shop, day


def left_behind(session: Session, at: datetime) -> list[Left]:
    """The nights that nobody will run by himself: given up after failing, or too old. Oldest first."""
    newest = newest_night(at)
    window = newest - timedelta(days=CATCH_UP_DAYS - 1)
    left = []
    for shop, first, finished in _behind(session, newest, date.min):
        failed = _given_up(session, shop, first)
        left += [
            Left(shop, day, failed.get(day))
            for day in _days(first, newest)
            if day not in finished and (day in failed or day < window)
        ]
    return sorted(left, key=lambda each: (each.date, each.shop))


def lacking(session: Session, day: date) -> list[str]:
    """The shops whose night of a date has not finished yet."""
    done = select(Seat.scope).where(Seat.job == NIGHT, Seat.business_date == day)
    shops = select(Shop.code).where(Shop.nights_from <= day, Shop.code.not_in(done)).order_by(Shop.code)
    return list(session.scalars(shops))


def lacks_night(session: Session, shop: str, at: datetime) -> date | None:
    """The newest night that should have begun, where it has not finished for a shop; else None."""
    newest = newest_night(at)
    first = nights_from(session, [shop]).get(shop)
    if first is None or first > newest:
        return None
    seat = select(Seat.job).where(Seat.job == NIGHT, Seat.business_date == newest, Seat.scope == shop)
    return None if session.execute(seat).first() else newest


def nights_from(session: Session, shops: list[str]) -> dict[str, date]:
    """The first night of each shop that has one."""
    rows = session.execute(
        select(Shop.code, Shop.nights_from).where(Shop.code.in_(shops), Shop.nights_from.is_not(None))
    )
    return {row.code: row.nights_from for row in rows if row.nights_from}


def _behind(session: Session, newest: date, since: date) -> Iterator[tuple[str, date, set[date]]]:
    """The shops that lack a night: their first one not before `since`, and the nights that finished.

    What is known to be whole is not looked at again, and the rest is counted by the database first: a look
    costs two queries, however many shops there are and however long ago they began.
    """
    not_whole = or_(Shop.nights_whole_to.is_(None), Shop.nights_whole_to < newest)
    known = select(Shop.code, Shop.nights_from, Shop.nights_whole_to).order_by(Shop.code)
    firsts = {
        row.code: max(since, first_unknown(row.nights_from, row.nights_whole_to))
        for row in session.execute(known.where(Shop.nights_from <= newest, not_whole))
    }
    if not firsts:
        return
    seats = (Seat.job == NIGHT, Seat.business_date >= min(firsts.values()), Seat.business_date <= newest)
    counted = (
        select(Seat.scope, func.count().label("nights"))
        .join(Shop, Shop.code == Seat.scope)
        .where(*seats, not_whole, Seat.business_date >= Shop.nights_from)
        .where(or_(Shop.nights_whole_to.is_(None), Seat.business_date > Shop.nights_whole_to))
        .group_by(Seat.scope)
    )
    counts = {row.scope: row.nights for row in session.execute(counted)}
    for shop, first in firsts.items():
        if counts.get(shop, 0) < (newest - first).days + 1:
            finished = session.scalars(select(Seat.business_date).where(*seats, Seat.scope == shop))
            yield shop, first, set(finished)


def first_unknown(nights_from: date, whole_to: date | None) -> date:
    """The first night of a shop that is not known to be finished."""
    return nights_from if whole_to is None else max(nights_from, whole_to + _DAY)


def note_whole(session: Session, shop: str) -> None:
    """Note up to which date every night of a shop has finished, after one more has."""
    row = session.execute(select(Shop.nights_from, Shop.nights_whole_to).where(Shop.code == shop)).one()
    if row.nights_from is None:
        return
    first = first_unknown(row.nights_from, row.nights_whole_to)
    seats = (Seat.job == NIGHT, Seat.scope == shop, Seat.business_date >= first)
    finished = session.scalars(select(Seat.business_date).where(*seats).order_by(Seat.business_date)).all()
    whole = [day for number, day in enumerate(finished) if day == first + number * _DAY]
    if whole:
        session.execute(update(Shop).where(Shop.code == shop).values(nights_whole_to=whole[-1]))


def _given_up(session: Session, shop: str, first: date) -> dict[date, str]:
    """The nights that failed too often to be tried again by themselves, with the error."""
    rows = session.execute(
        select(Run.business_date, Run.error).where(
            Run.job == NIGHT,
            Run.scope == shop,
            Run.business_date >= first,
            Run.state == RunState.FAILED,
            Run.attempts >= MOST_ATTEMPTS,
        )
    )
    return {row.business_date: row.error or "" for row in rows}


def _days(first: date, last: date) -> Iterator[date]:
    day = first
    while day <= last:
        yield day
        day += _DAY
