"""What is news to a customer, and what is not."""

from dataclasses import replace
from datetime import date

import pytest

from models.words import Resolution
from tasks.news.facts import Claim, Deposit, Missing, Money, Payment, Repair, Returned, Short, TopUp, Waiting
from tasks.news.papers import of_the_customer
from tasks.news.rules import news

TONIGHT = date(2026, 11, 21)
CLAIM = Claim(1, is_agency=True, goes_to_insurer=True, is_closed=False, accepted_on=None)
ACCEPTED = replace(CLAIM, accepted_on=date(2026, 11, 20))
BACK = replace(CLAIM, round_no=1, returned_on=date(2026, 11, 20), reason="缺行驶证、驾驶证，维修发票不清")
PAYMENT = Payment(1, 14, date(2026, 11, 20), 200_000, 980_000)
RETURNED = Returned(9, 440_000, date(2026, 11, 20), "6222021107001234567", "")
SHORT = Short(4, 80_000, None, date(2026, 11, 20))
# Scenario 4 of domain 1.8 with 11,000.00 paid: 3,600.00 would go back.
HELD = Money(
    received=1_100_000, topup_due=0, refund_open=360_000, customer_paid=500_000, over_receipt=0,
    is_held_back=True, insurer_is_done=False, last_on=date(2026, 11, 13),
)  # fmt: skip
OWING = replace(
    HELD,
    topup_due=60_000,
    refund_open=0,
    is_held_back=False,
    insurer_is_done=True,
    last_on=date(2026, 11, 20),
)
REPAIR = Repair(work_order_id=7, lead_case_id=1, claims=(CLAIM,), deposits={})


NEWS = [
    (replace(REPAIR, deposits={date(2026, 11, 20): 500_000}), (Deposit,)),
    (replace(REPAIR, claims=(ACCEPTED,)), (Claim,)),
    (replace(REPAIR, payments=(PAYMENT,)), (Payment,)),
    (replace(REPAIR, refunds=(RETURNED,)), (Returned,)),
    (replace(REPAIR, claims=(BACK,)), (Missing,)),
    (replace(REPAIR, money=HELD, shorts=(SHORT,)), (Waiting,)),
    (replace(REPAIR, money=OWING), (TopUp,)),
    # Of the same money nothing is said twice.
    (replace(REPAIR, money=OWING, payments=(PAYMENT,)), (TopUp,)),
    (replace(REPAIR, payments=(PAYMENT,), told_on=date(2026, 11, 20)), ()),
    (replace(REPAIR, payments=(PAYMENT,), told_on=date(2026, 11, 19)), (Payment,)),
    (replace(REPAIR, claims=(ACCEPTED,), payments=(PAYMENT,)), (Payment,)),
]


@pytest.mark.parametrize("repair, kinds", NEWS)
def test_what_has_just_happened_is_told_once(repair: Repair, kinds: tuple[type, ...]) -> None:
    assert tuple(map(type, news(repair, TONIGHT, days=7))) == kinds


SILENCE = [
    ("taken in cash, then nothing", replace(REPAIR, deposits={date(2026, 11, 20): 0})),
    ("not claimed for the customer", replace(REPAIR, claims=(replace(ACCEPTED, goes_to_insurer=False),))),
    ("a payout to a customer who claims himself",
     replace(REPAIR, claims=(replace(CLAIM, is_agency=False),), payments=(PAYMENT,))),
    ("a closed case", replace(
        REPAIR, claims=(replace(ACCEPTED, is_closed=True),), payments=(PAYMENT,), money=OWING, shorts=(SHORT,),
        deposits={date(2026, 11, 20): 500_000})),
    ("papers of the shop alone", replace(REPAIR, claims=(replace(BACK, reason="维修发票不清"),))),
    ("handed in again", replace(REPAIR, claims=(replace(BACK, round_no=0),))),
    ("accepted, and back since", replace(REPAIR, claims=(
        replace(BACK, accepted_on=date(2026, 11, 18), reason="发票不清"),))),
    ("nothing paid, nothing to wait for",
     replace(REPAIR, money=replace(HELD, refund_open=0), shorts=(SHORT,))),
    ("a difference nobody holds anything back for",
     replace(REPAIR, money=replace(HELD, is_held_back=False), shorts=(SHORT,))),
    ("money still to come", replace(REPAIR, money=replace(OWING, insurer_is_done=False))),
    ("too much from the insurer is not looked into", replace(REPAIR, money=replace(OWING, over_receipt=100))),
    ("no insurer has paid: the bill is paid at the counter",
     replace(REPAIR, money=replace(OWING, received=0))),
    ("set off, not paid out", replace(REPAIR, refunds=(RETURNED._replace(amount=0),))),
    ("figures that do not hold", replace(REPAIR, money=None, shorts=(SHORT,))),
]  # fmt: skip


@pytest.mark.parametrize("why, repair", SILENCE)
def test_what_is_no_news_is_not_told(why: str, repair: Repair) -> None:
    assert news(repair, TONIGHT, days=7) == ()


def everything(day: date) -> Repair:
    """Say that all of it happened on a day."""
    return Repair(
        work_order_id=7,
        lead_case_id=1,
        claims=(replace(ACCEPTED, accepted_on=day), replace(BACK, case_id=2, returned_on=day)),
        deposits={day: 500_000},
        payments=(PAYMENT._replace(case_id=2, received_on=day),),
        refunds=(RETURNED._replace(paid_on=day),),
        shorts=(SHORT._replace(since=day),),
        money=replace(HELD, topup_due=1, insurer_is_done=True, last_on=day),
    )


DAYS = [(date(2026, 11, 21), 6), (date(2026, 11, 15), 6), (date(2026, 11, 14), 0), (date(2026, 3, 1), 0),
        (date(2026, 11, 22), 0)]  # fmt: skip


@pytest.mark.parametrize("day, count", DAYS)
def test_an_old_ledger_brought_for_the_first_time_tells_nobody(day: date, count: int) -> None:
    assert len(news(everything(day), TONIGHT, days=7)) == count


def test_a_shop_may_tell_no_news_at_all() -> None:
    assert news(everything(TONIGHT), TONIGHT, days=0) == ()


def test_a_result_of_the_difference_is_known_to_the_notice() -> None:
    [waiting] = news(
        replace(REPAIR, money=HELD, shorts=(SHORT._replace(resolution=Resolution.DISPUTE),)), TONIGHT, days=7
    )

    assert isinstance(waiting, Waiting)
    assert waiting.short.resolution is Resolution.DISPUTE


PAPERS = [
    ("缺行驶证、驾驶证", ["行驶证", "驾驶证"]),
    ("缺三者行驶证", ["对方车辆的行驶证复印件"]),
    ("缺三者行驶证和本车行驶证", ["对方车辆的行驶证复印件", "行驶证"]),
    ("索赔申请书 未盖章；保险单 模糊", ["索赔申请书", "保险单"]),
    ("交警事故认定书、责任认定书缺", ["事故认定书"]),
    ("维修发票、定损单", []),
    ("<b>身份证</b> http://evil.example 速打 13800000000", ["被保险人身份证"]),
    ("", []),
]


@pytest.mark.parametrize("reason, names", PAPERS)
def test_of_the_insurers_reason_only_known_papers_reach_the_customer(reason: str, names: list[str]) -> None:
    assert [name for name, _ in of_the_customer(reason)] == names
