"""Refunds that lie ready: the customer is reminded on day 7 and 30, then the money is kept as owed."""

from collections.abc import Callable
from datetime import date

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from models.entry import Movement, post
from models.notice import Notice
from models.refund import Refund
from models.shop import Setting, Shop
from models.words import EntryKind, RefundState
from models.work_order import WorkOrder
from tasks.refunds.job import compute_refunds, make_payment_file, pay_refund, remind_unclaimed
from tasks.refunds.reminding import Reminder, reminder
from tests.tasks.refunds.repairs import approve, approved, by, entries, give_account, newest
from worker.job import Night

NightOf = Callable[..., Night]

DAYS = [
    (date(2026, 11, 28), Reminder(7, is_last=False, look_again_on=date(2026, 12, 21))),
    (date(2026, 12, 20), Reminder(29, is_last=False, look_again_on=date(2026, 12, 21))),
    (date(2026, 12, 21), Reminder(30, is_last=True, look_again_on=None)),
    (date(2027, 3, 1), Reminder(100, is_last=True, look_again_on=None)),
]


@pytest.mark.parametrize(("today", "expected"), DAYS, ids=str)
def test_the_days_are_counted_from_the_approval(today: date, expected: Reminder) -> None:
    assert reminder(date(2026, 11, 21), today, 7, 30) == expected


def told(session: Session) -> list[tuple[str, str]]:
    rows = session.scalars(select(Notice).where(Notice.kind == "refund_unclaimed").order_by(Notice.id))
    return [(row.words["days"], row.words["kept"]) for row in rows if isinstance(row.words, dict)]


def lying_ready(session: Session, night: NightOf, shop: Shop) -> Refund:
    return approved(session, night(date(2026, 11, 21)), shop, account=False)


def test_the_customer_is_reminded_twice_and_the_money_is_kept(
    session: Session, shop: Shop, night: NightOf
) -> None:
    refund = lying_ready(session, night, shop)
    days = (
        date(2026, 11, 27),
        date(2026, 11, 28),
        date(2026, 11, 29),
        date(2026, 12, 21),
        date(2026, 12, 22),
    )

    counts = [remind_unclaimed(session, night(day)) for day in days]

    kept = newest(session, refund.work_order_id)
    assert counts == [0, 1, 0, 1, 0]
    assert told(session) == [("7", ""), ("30", "这笔退款一直是您的，本店为您保留，您随时可以来领取。")]
    assert (kept.state, kept.remind_on) == (RefundState.UNCLAIMED, None)
    assert entries(session, refund.work_order_id) == [("refund_reserved", 440_000)]


def test_a_night_that_comes_late_reminds_once(session: Session, shop: Shop, night: NightOf) -> None:
    lying_ready(session, night, shop)

    remind_unclaimed(session, night(date(2027, 1, 15)))

    assert [days for days, _ in told(session)] == ["55"]


def test_what_was_collected_or_has_an_account_is_not_reminded_of(
    session: Session, shop: Shop, night: NightOf
) -> None:
    tonight = night(date(2026, 11, 21))
    collected = lying_ready(session, night, shop)
    pay_refund(session, by(tonight, "钱出纳", "cashier", refund_id=collected.id, on="2026-11-21"))
    give_account(session, tonight, lying_ready(session, night, shop))

    assert remind_unclaimed(session, night(date(2026, 12, 31))) == 0


def test_an_unclaimed_refund_can_still_be_collected(session: Session, shop: Shop, night: NightOf) -> None:
    refund = lying_ready(session, night, shop)
    remind_unclaimed(session, night(date(2026, 12, 21)))

    late = night(date(2027, 5, 4))
    pay_refund(session, by(late, "钱出纳", "cashier", refund_id=refund.id, on="2027-05-04"))

    assert newest(session, refund.work_order_id).paid_on == date(2027, 5, 4)


def test_an_unclaimed_refund_can_still_be_transferred(session: Session, shop: Shop, night: NightOf) -> None:
    refund = lying_ready(session, night, shop)
    remind_unclaimed(session, night(date(2026, 12, 21)))
    late = night(date(2027, 5, 4))

    give_account(session, late, refund)

    assert make_payment_file(session, by(late, "钱出纳", "cashier")) == 1


def test_an_unclaimed_refund_whose_sum_changes_goes_back_for_approval(
    session: Session, shop: Shop, night: NightOf
) -> None:
    refund = lying_ready(session, night, shop)
    late = night(date(2026, 12, 21))
    remind_unclaimed(session, late)
    post(session, [Movement(refund.work_order_id, EntryKind.WRITE_OFF, 30_000, None, "w")], **late.trail)
    session.get_one(WorkOrder, refund.work_order_id).settle_on = late.date
    session.flush()

    compute_refunds(session, late)
    approve(session, late, refund)
    remind_unclaimed(session, night(date(2026, 12, 28)))

    assert newest(session, refund.work_order_id).amount == 470_000
    assert [days for days, _ in told(session)] == ["30", "7"]


def test_the_days_are_settings(session: Session, shop: Shop, night: NightOf) -> None:
    for key, days in (("refund_remind_days", 3), ("refund_unclaimed_days", 10)):
        session.add(
            Setting(
                scope="shop", scope_id=shop.id, key=key, value=days, valid_from=date(2026, 1, 1), set_by="王经理",
                set_at=night(date(2026, 1, 1)).at,
            )
        )  # fmt: skip
    session.flush()
    lying_ready(session, night, shop)

    counts = [remind_unclaimed(session, night(date(2026, 11, day))) for day in (23, 24, 25, 30)]
    counts.append(remind_unclaimed(session, night(date(2026, 12, 1))))

    assert counts == [0, 1, 0, 0, 1]
