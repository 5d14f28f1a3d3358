"""What is watched beside the clocks of the night: limitations, and whether the calendar goes on."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from sqlalchemy import Executable, func, select
from sqlalchemy.orm import Session

from models.business_day import load_calendar
from models.calendar import add_months
from models.case import Case
from models.deadline import Deadline
from models.errand import NewErrand, Owners, owners
from models.shop import Shop
from models.words import DeadlineState, ErrandKind
from notifications import staff
from notifications.notices import CalendarWarning
from notifications.wording import day
from tasks.deadlines import limitation
from tasks.deadlines.rules import LIMITATIONS
from worker.job import Night

_OPEN = (DeadlineState.RUNNING, DeadlineState.RESTARTED, DeadlineState.MISSED)

# Half a year and a rest: what has reached 18 of its 24 months ends within it, wherever its end rolled to.
_LAST_MONTHS = 7


def limitation_errands(session: Session, night: Night) -> Iterator[NewErrand]:
    """An errand for every claim whose limitation has reached a mark; the same mark is one errand."""
    named = owners(session, night.shop_id, night.date)
    seen = set()
    for row in session.execute(_limitations(night)):
        months = limitation.mark(row.started_on, row.due_on, night.date)
        if months is not None and (row.case_id, row.started_on) not in seen:
            seen.add((row.case_id, row.started_on))
            yield _errand(row, months, night, named)


def _limitations(night: Night) -> Executable:
    """Limitations past their first mark, the soonest first. All limitations have the same length."""
    return (
        select(
            Deadline.case_id,
            Deadline.started_on,
            Deadline.due_on,
            Deadline.estimate,
            Deadline.source,
            Case.claim_no,
        )
        .join(Case, Case.id == Deadline.case_id)
        .where(
            Deadline.shop_id == night.shop_id,
            Deadline.state.in_(_OPEN),
            Deadline.due_on <= add_months(night.date, _LAST_MONTHS),
            Deadline.rule_code.in_(LIMITATIONS),
        )
        .order_by(Deadline.due_on, Deadline.id)
    )


def _errand(row: Any, months: int, night: Night, named: Owners) -> NewErrand:
    kind = "推算的" if row.estimate else ""
    reached = f"诉讼时效{kind}起算日 {row.started_on}，至今已满 {months} 个月，"
    ends = f"最后一日 {row.due_on} 已过" if months == limitation.LAPSED else f"最后一日 {row.due_on}"
    return NewErrand(
        shop_id=night.shop_id,
        case_id=row.case_id,
        kind=ErrandKind.LIMITATION,
        occasion=f"limitation:{row.case_id}:{row.started_on}:{months}",
        owner=named.first,
        what=f"{reached}{ends}（{row.source}）。送达催款函并留存凭证可使时效重新计算。",
        command=f"huikuan chase pack {row.claim_no} --lawyer --shop {night.shop_code}",
        amount=None,
        opened_on=night.date,
        pass_on=night.date + timedelta(days=named.days) if named.second else None,
    )


def warn_of_calendar(session: Session, night: Night) -> int:
    """Tell who leads the shop that a year's notice is missing: once from 1 October, once more as an error."""
    missing = load_calendar(session).missing_notice(night.date)
    if missing is None:
        return 0
    night.note(calendar_missing=missing.year)
    words = CalendarWarning(
        date=day(night.date),
        shop_name=session.scalars(select(Shop.name).where(Shop.id == night.shop_id)).one(),
        year=str(missing.year),
        is_error=missing.is_error,
        clocks=str(_provisional(session, night.shop_id) or ""),
        command="huikuan calendar load FILE",
    )
    kind = "calendar_error" if missing.is_error else "calendar_warning"
    occasion = f"{kind}:{night.shop_id}:{missing.year}"
    return staff.tell(session, night, words, occasion, staff.readers(session, night.shop_id, night.date))


def _provisional(session: Session, shop_id: int) -> int:
    rests = select(func.count()).where(
        Deadline.shop_id == shop_id, Deadline.provisional, Deadline.state != DeadlineState.MET
    )
    return session.execute(rests).scalar_one()
