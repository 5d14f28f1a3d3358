"""What people of the shop should have done by now: errands, and refunds that a day was named for."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import date, timedelta
from typing import NamedTuple

from sqlalchemy import and_, select
from sqlalchemy.orm import Session

from models.business_day import load_calendar
from models.case import Case
from models.errand import Errand
from models.refund import Refund
from models.shop import Shop, whole_number
from models.words import ErrandState, RefundState, Role
from notifications import staff
from notifications.errands import TITLES
from notifications.notices import OverdueTask, OverdueTasks
from notifications.wording import day, money
from worker.job import Night

_MOST = 30
"""More than anybody reads; the rest stands on the worklist."""


class _Late(NamedTuple):
    owner: str
    due_on: date
    title: str
    claim_no: str
    amount: int | None
    command: str


def remind(session: Session, night: Night) -> int:
    """Tell everybody what of his is overdue, the longest first, on mornings that are worked."""
    if not load_calendar(session).is_workday(night.date + timedelta(days=1)):
        return 0
    shop_name = session.scalars(select(Shop.name).where(Shop.id == night.shop_id)).one()
    told = 0
    for name, late in sorted(_by_person(session, night).items()):
        words = OverdueTasks(
            date=day(night.date),
            shop_name=shop_name,
            owner=name,
            count=str(len(late)),
            tasks=tuple(_task(each, night.date) for each in late[:_MOST]),
        )
        told += staff.tell(session, night, words, f"overdue_tasks:{night.shop_id}:{night.date}", [name])
    return told


def _by_person(session: Session, night: Night) -> dict[str, list[_Late]]:
    found: defaultdict[str, list[_Late]] = defaultdict(list)
    late = sorted([*_errands(session, night), *_refunds(session, night)], key=lambda each: each.due_on)
    names = {owner: staff.holders(session, night, owner) for owner in {each.owner for each in late}}
    for each in late:
        for name in names[each.owner]:
            found[name].append(each)
    return found


def _task(late: _Late, on: date) -> OverdueTask:
    overdue = str((on - late.due_on).days)
    return OverdueTask(late.title, late.claim_no, money(late.amount), overdue, late.command)


def _days(session: Session, night: Night, key: str, default: int) -> int:
    return whole_number(session, key, default, on=night.date, shop_id=night.shop_id)


def _errands(session: Session, night: Night) -> Iterator[_Late]:
    """Errands that stand open longer than the shop gives for one."""
    days = timedelta(days=_days(session, night, "errand_days", 5))
    rows = session.execute(
        select(Errand, Case.claim_no)
        .outerjoin(Case, Case.id == Errand.case_id)
        .where(
            Errand.shop_id == night.shop_id,
            Errand.state == ErrandState.OPEN,
            Errand.opened_on < night.date - days,
        )
        .order_by(Errand.id)
    )
    for errand, claim_no in rows:
        title = TITLES[errand.kind]
        yield _Late(
            errand.owner, errand.opened_on + days, title, claim_no or "", errand.amount, errand.command
        )


def _refunds(session: Session, night: Night) -> Iterator[_Late]:
    """Refunds that were to be transferred by a day their notice named (domain 7: the shop's own promise)."""
    promise, calendar = _days(session, night, "refund_promise_workdays", 5), load_calendar(session)
    rows = session.execute(
        select(Refund.id, Refund.amount, Refund.approved_on, Case.claim_no)
        .join(Case, and_(Case.work_order_id == Refund.work_order_id, Case.is_lead))
        .where(
            Refund.shop_id == night.shop_id,
            # Without an account it waits for the customer, who is reminded of it.
            (Refund.state == RefundState.IN_FILE)
            | ((Refund.state == RefundState.APPROVED) & Refund.remind_on.is_(None)),
            Refund.approved_on < night.date - timedelta(days=promise),
        )
        .order_by(Refund.id)
    )
    for row in rows:
        assert row.approved_on is not None  # compared in the query
        due_on = calendar.add_workdays(row.approved_on, promise).day
        if due_on < night.date:
            command = f"huikuan refund show {row.id}"
            yield _Late(Role.CASHIER, due_on, "退款未按期支付", row.claim_no, row.amount, command)
