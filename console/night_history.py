"""What became of every night: all ok, some failed, failed, missed; and what was left behind, and why."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from console import night_view
from models.run import Run, SetAside
from models.shop import Shop
from models.words import RunState
from scheduler.due import NIGHT, newest_night, nights_from

OK, SOME_FAILED, FAILED, MISSED = "all ok", "some failed", "failed", "missed"
_UNDER_WAY = {RunState.PENDING: "waiting", RunState.RUNNING: "running"}


class Left(NamedTuple):
    """One thing that a night left behind: the step, what, since when, and why."""

    step: str
    subject: str
    since: date
    error: str


def history(session: Session, shops: Sequence[str], first: date, last: date) -> list[dict[str, Any]]:
    """Every night of these shops from `first` to `last` (both included), newest first."""
    begins = nights_from(session, list(shops))
    runs = _runs(session, first, last)
    left = {shop: _set_aside(session, shop) for shop in shops}
    rows = []
    for day in _days(first, last):
        for shop in shops:
            run = runs.get((shop, day))
            if run is not None:
                rows.append(_as_shown(run, left[shop]))
            elif shop in begins and day >= begins[shop]:
                rows.append(_missed(shop, day))
    return rows[::-1]


def latest(session: Session, shops: Sequence[str], at: datetime) -> list[dict[str, Any]]:
    """The newest night of every shop, and each of the month before it that did not go well."""
    last = newest(session, at)
    asked = session.execute(select(func.max(Run.business_date)).where(Run.job == NIGHT)).scalar()
    first = last - timedelta(days=30)
    found = history(session, shops, min(asked or first, first), max(asked or last, last))
    shown: list[dict[str, Any]] = []
    seen: set[str] = set()
    for each in found:
        if each["shop"] not in seen or each["night"] != OK:
            shown.append(each)
        seen.add(each["shop"])
    return shown


def newest(session: Session, at: datetime) -> date:
    """The newest night there is: the last one that should have run, or a later one that was run by hand."""
    return max(filter(None, (night_view.newest_date(session), newest_night(at))))


def _runs(session: Session, first: date, last: date) -> dict[tuple[str, date], Run]:
    """The newest whole run of every night; one of some parts only does not speak for the night."""
    rows = session.scalars(
        select(Run)
        .where(Run.job == NIGHT, Run.business_date.between(first, last), ~Run.scope.contains(":part"))
        .order_by(Run.id)
    )
    return {(night_view.shop_of(row), row.business_date): row for row in rows}


def _set_aside(session: Session, shop: str) -> list[Left]:
    rows = session.execute(
        select(SetAside.step, SetAside.subject, SetAside.first_on, SetAside.error)
        .join(Shop, Shop.id == SetAside.shop_id)
        .where(Shop.code == shop)
        .order_by(SetAside.first_on, SetAside.step, SetAside.subject)
    )
    return [Left(row.step, row.subject, row.first_on, row.error) for row in rows]


def _as_shown(run: Run, aside: list[Left]) -> dict[str, Any]:
    shown = night_view.as_shown(run)
    left = (
        [each for each in aside if each.since <= run.business_date] if run.state is RunState.PARTIAL else []
    )
    if run.state is RunState.FAILED:
        left = [Left(str(shown["step"]), "the steps from here on", run.business_date, run.error or "")]
    return shown | {"night": _word(run.state, left), "left": [each._asdict() for each in left]}


def _word(state: RunState, left: list[Left]) -> str:
    if state in _UNDER_WAY:
        return _UNDER_WAY[state]
    if state is RunState.FAILED:
        return FAILED
    # What was set aside then and has been put right since is no longer left behind.
    return SOME_FAILED if left else OK


def _missed(shop: str, day: date) -> dict[str, Any]:
    return {"shop": shop, "date": day, "night": MISSED, "steps": "", "left": [], "state": MISSED}


def _days(first: date, last: date) -> Iterator[date]:
    for number in range((last - first).days + 1):
        yield first + timedelta(days=number)
