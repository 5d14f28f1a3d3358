"""What people close: cases, and months with what is left of their transfers; a month is opened again at times."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import select

from models.case import Case
from models.values import Period
from models.words import Role
from tasks.ledgers import closing_queries
from tests.simulation.line_acts import clear_month
from worker import db

if TYPE_CHECKING:
    from tests.simulation.shop_days import ShopDays


def close_cases(days: ShopDays, day: date) -> None:
    """The reviewer closes what he can; the checklist keeps him from the rest."""
    of = (Case.shop_id == days.shop.id, Case.closed_date.is_(None))
    with db.reading() as session:
        found = session.scalars(select(Case.id).where(*of).order_by(Case.id)).all()
    for case_id in found:
        if days.lot(0.05):
            days.hands.do("close_case", Role.REVIEWER, case_id=case_id)


def close_month(days: ShopDays, day: date) -> None:
    """The first month that is open: whoever wants it closed says at last what each of its transfers is."""
    first = days.life.months[0]
    closed = [each for each, is_open in _months(days).items() if not is_open]
    month = max(closed).next() if closed else first
    if month.last >= day:
        return
    if days.lot(0.5):
        clear_month(days, month)
    days.hands.do("close_period", Role.MANAGER, month=str(month), is_first=month == first)


def reopen_month(days: ShopDays, day: date) -> None:
    """The newest closed month is opened again for some days; it is closed as another revision."""
    closed = [each for each, is_open in _months(days).items() if not is_open]
    if closed:
        until = str(day + timedelta(days=3))
        given = {"month": str(max(closed)), "because": "漏记一笔", "until": until}
        days.hands.do("reopen_period", Role.MANAGER, **given)


def _months(days: ShopDays) -> dict[Period, bool]:
    """The months that were closed, and whether each is open again."""
    with db.reading() as session:
        return {each.month: each.reopened for each in closing_queries.standing(session, days.shop.id)}
