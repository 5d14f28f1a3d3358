"""Everybody hears once a worked day what of his is overdue."""

from collections.abc import Callable
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.errand import NewErrand, give
from models.notice import Notice
from models.shop import Shop
from models.words import ErrandKind, RefundState, Role
from notifications import job
from tests import factories
from worker.job import Night

NightOf = Callable[..., Night]
# The night of Thursday, 2026-11-19: the morning after is worked.
THURSDAY = date(2026, 11, 19)


def errand(session: Session, shop: Shop, owner: str, opened_on: date) -> None:
    given = NewErrand(
        shop_id=shop.id, case_id=None, kind=ErrandKind.REPLY, occasion=f"x:{owner}:{opened_on}", owner=owner,
        what="x", command="huikuan todo list", amount=None, opened_on=opened_on, pass_on=None,
    )  # fmt: skip
    give(session, [given])


def refund(session: Session, shop: Shop, **facts: Any) -> None:
    order = factories.add_work_order(session, shop)
    factories.add_case(session, order, claim_no=f"LP-{order.id}")
    given = {"state": RefundState.APPROVED, "approved_on": date(2026, 11, 11)}
    factories.add_refund(session, order, 440_000, **given | facts)


def told(session: Session) -> dict[str, list[tuple[str, str]]]:
    return {
        row.recipient: [(each["title"], each["overdue"]) for each in row.words["tasks"]]  # type: ignore[index]
        for row in session.scalars(select(Notice).order_by(Notice.id))
    }


def test_an_errand_is_overdue_after_the_days_the_shop_gives(
    session: Session, shop: Shop, night: NightOf
) -> None:
    errand(session, shop, "赵接待", date(2026, 11, 14))
    errand(session, shop, "孙颖", date(2026, 11, 13))

    assert [job.remind_staff(session, night(THURSDAY)) for _ in range(2)] == [1, 0]

    assert told(session) == {"孙颖": [("处理保险公司的回复", "1")]}


def test_what_a_role_owns_everybody_of_it_hears_the_oldest_first(
    session: Session, shop: Shop, night: NightOf
) -> None:
    factories.add_staff(session, "王敏", Role.MANAGER)
    errand(session, shop, Role.MANAGER, date(2026, 11, 10))
    errand(session, shop, "王敏", date(2026, 11, 3))

    job.remind_staff(session, night(THURSDAY))

    assert told(session) == {"王敏": [("处理保险公司的回复", "11"), ("处理保险公司的回复", "4")]}


def test_a_refund_not_paid_by_the_day_its_notice_named_is_the_cashiers(
    session: Session, shop: Shop, night: NightOf
) -> None:
    factories.add_staff(session, "钱出纳", Role.CASHIER)
    # Five workdays from Wednesday the 11th end on Wednesday the 18th.
    refund(session, shop)
    refund(session, shop, state=RefundState.IN_FILE)
    refund(session, shop, approved_on=date(2026, 11, 12))
    refund(session, shop, remind_on=date(2026, 11, 20))
    refund(session, shop, state=RefundState.PAID)

    job.remind_staff(session, night(THURSDAY))

    assert told(session) == {"钱出纳": [("退款未按期支付", "1"), ("退款未按期支付", "1")]}


def test_before_a_day_of_rest_nobody_is_reminded(session: Session, shop: Shop, night: NightOf) -> None:
    errand(session, shop, "孙颖", date(2026, 11, 3))

    assert job.remind_staff(session, night(date(2026, 11, 20))) == 0
