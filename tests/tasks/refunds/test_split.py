"""A split refund on real rows: money, a debt set off, a part for another repair."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from models.entry import Movement, post
from models.notice import Notice
from models.payment import RefundPart
from models.shop import Shop
from models.values import Refusal
from models.words import EntryKind, RefundState
from models.work_order import WorkOrder
from tasks.refunds.job import approve_refund, bounce_refund, compute_refunds, pay_refund, split_refund
from tests.tasks.refunds.repairs import approve, by, entries, newest, position, settled, waiting
from worker.job import Night

NightOf = Callable[..., Night]
PLATE = "苏G12345"


@pytest.fixture
def tonight(night: NightOf) -> Night:
    return night(date(2026, 11, 21))


def in_debt(session: Session, night: Night, shop: Shop, **facts: Any) -> WorkOrder:
    """Add a repair of the same customer on which he still owes 600.00."""
    given: dict[str, Any] = {"plate": PLATE, "deposit": 0}
    order = settled(session, night, shop, **given | facts)
    compute_refunds(session, night)
    assert position(session, order.id).topup_due == 60_000
    return order


def test_a_debt_on_another_repair_of_the_car_is_set_off(session: Session, shop: Shop, tonight: Night) -> None:
    refund = waiting(session, tonight, shop, plate=PLATE)
    debt = in_debt(session, tonight, shop)

    split_refund(session, by(tonight, "孙会计", "accountant", refund_id=refund.id, offset=60_000))
    approve(session, tonight, refund)
    pay_refund(session, by(tonight, "钱出纳", "cashier", refund_id=refund.id, on="2026-11-21"))
    compute_refunds(session, tonight)

    assert entries(session, refund.work_order_id) == [
        ("refund_reserved", 440_000), ("refund_paid", 380_000), ("refund_offset", 60_000),
    ]  # fmt: skip
    assert entries(session, debt.id) == [("refund_transfer_in", 60_000)]
    assert (position(session, debt.id).topup_due, position(session, debt.id).customer_paid) == (0, 60_000)
    own = position(session, refund.work_order_id)
    assert (own.refund_due, own.refunded, own.releasable) == (440_000, 440_000, 0)


def test_a_refund_without_money_is_paid_with_its_approval(
    session: Session, shop: Shop, tonight: Night
) -> None:
    refund = waiting(session, tonight, shop, plate=PLATE)
    other = settled(session, tonight, shop, deposit=0)
    asked = {"other_order": other.work_order_no, "other_amount": 440_000}

    split_refund(session, by(tonight, "孙会计", "accountant", refund_id=refund.id, **asked))
    approve(session, tonight, refund)

    paid = newest(session, refund.work_order_id)
    assert (paid.state, paid.paid_on, paid.remind_on) == (RefundState.PAID, date(2026, 11, 21), None)
    assert entries(session, other.id) == [("refund_transfer_in", 440_000)]
    notice = session.scalars(select(Notice).where(Notice.occasion == f"refund_ready:{refund.id}")).one()
    assert isinstance(notice.words, dict)
    assert notice.words["given"] == f"其中转作派工单{other.work_order_no}的款项4,400.00元。"
    assert "不需要到店领取" in notice.words["settled"]


def test_who_splits_a_refund_does_not_approve_it(session: Session, shop: Shop, tonight: Night) -> None:
    refund = waiting(session, tonight, shop, plate=PLATE)
    in_debt(session, tonight, shop)
    split_refund(session, by(tonight, "李审核", "reviewer", refund_id=refund.id, offset=60_000))

    with pytest.raises(Refusal, match="was prepared by 李审核; nobody approves an entry of their own"):
        approve(session, tonight, refund)


def test_a_debt_that_was_paid_meanwhile_is_not_set_off(session: Session, shop: Shop, tonight: Night) -> None:
    refund = waiting(session, tonight, shop, plate=PLATE)
    debt = in_debt(session, tonight, shop)
    split_refund(session, by(tonight, "孙会计", "accountant", refund_id=refund.id, offset=60_000))
    post(session, [Movement(debt.id, EntryKind.TOP_UP, 60_000, None, "top-up")], **tonight.trail)
    debt.settle_on = tonight.date
    session.flush()
    compute_refunds(session, tonight)

    with pytest.raises(Refusal, match="only 0.00 are owed now. Split it again: huikuan refund split"):
        approve(session, tonight, refund)


def test_a_debt_is_promised_once(session: Session, shop: Shop, tonight: Night) -> None:
    first = waiting(session, tonight, shop, plate=PLATE)
    second = waiting(session, tonight, shop, plate=PLATE)
    in_debt(session, tonight, shop)
    split_refund(session, by(tonight, "孙会计", "accountant", refund_id=first.id, offset=60_000))

    with pytest.raises(Refusal, match="the customer owes 0.00 on other repairs of this car"):
        split_refund(session, by(tonight, "孙会计", "accountant", refund_id=second.id, offset=1))


def test_splitting_again_takes_the_place_of_the_first(session: Session, shop: Shop, tonight: Night) -> None:
    refund = waiting(session, tonight, shop, plate=PLATE)
    in_debt(session, tonight, shop)

    split_refund(session, by(tonight, "孙会计", "accountant", refund_id=refund.id, offset=60_000))
    split_refund(session, by(tonight, "孙会计", "accountant", refund_id=refund.id, offset=10_000))

    amounts = session.scalars(select(RefundPart.amount).order_by(RefundPart.id))
    assert list(amounts) == [430_000, 10_000]
    split_refund(session, by(tonight, "孙会计", "accountant", refund_id=refund.id, cash=440_000))
    assert list(session.scalars(select(RefundPart))) == []


def test_parts_go_with_the_sum_they_were_made_of(session: Session, shop: Shop, tonight: Night) -> None:
    refund = waiting(session, tonight, shop, plate=PLATE)
    in_debt(session, tonight, shop)
    split_refund(session, by(tonight, "孙会计", "accountant", refund_id=refund.id, offset=60_000))
    post(session, [Movement(refund.work_order_id, EntryKind.TOP_UP, 1_000, None, "top")], **tonight.trail)
    session.get_one(WorkOrder, refund.work_order_id).settle_on = tonight.date
    session.flush()

    compute_refunds(session, tonight)

    again = newest(session, refund.work_order_id)
    assert (again.amount, again.prepared_by) == (441_000, "system")
    assert list(session.scalars(select(RefundPart))) == []


def test_only_the_money_of_a_split_refund_can_come_back(session: Session, shop: Shop, tonight: Night) -> None:
    refund = waiting(session, tonight, shop, plate=PLATE)
    in_debt(session, tonight, shop)
    split_refund(session, by(tonight, "孙会计", "accountant", refund_id=refund.id, offset=60_000))
    approve(session, tonight, refund)
    cashier = by(tonight, "钱出纳", "cashier", refund_id=refund.id, on="2026-11-21", because="户名不符")
    pay_refund(session, cashier)

    bounce_refund(session, cashier)
    compute_refunds(session, tonight)

    again = newest(session, refund.work_order_id)
    assert entries(session, refund.work_order_id)[-1] == ("refund_bounced", 380_000)
    assert (again.id != refund.id, again.amount, again.state) == (True, 380_000, RefundState.WAITING)


REFUSED = [
    ({"offset": 60_001}, "孙会计", "accountant", "are to be set off, but the customer owes 600.00"),
    ({"cash": 1}, "孙会计", "accountant", "its parts come to 0.01"),
    ({"other_order": "PG-GONE", "other_amount": 1}, "孙会计", "accountant", "There is no work order PG-GONE"),
    ({"offset": 1}, "钱出纳", "cashier", "is cashier; a refund is split by a handler, accountant, reviewer"),
    ({"offset": 1}, "周看", "viewer", "is viewer; a refund is split by"),
]


@pytest.mark.parametrize(("asked", "person", "role", "sentence"), REFUSED, ids=str)
def test_a_split_that_cannot_be_is_refused(
    session: Session,
    shop: Shop,
    tonight: Night,
    asked: dict[str, object],
    person: str,
    role: str,
    sentence: str,
) -> None:
    refund = waiting(session, tonight, shop, plate=PLATE)
    in_debt(session, tonight, shop)

    with pytest.raises(Refusal, match=sentence):
        split_refund(session, by(tonight, person, role, refund_id=refund.id, **asked))

    assert list(session.scalars(select(RefundPart))) == []


def test_money_of_one_customer_does_not_go_to_another(session: Session, shop: Shop, tonight: Night) -> None:
    refund = waiting(session, tonight, shop, plate=PLATE)
    stranger = in_debt(session, tonight, shop, name="李四")
    own = session.get_one(WorkOrder, refund.work_order_id).work_order_no

    for number, sentence in (
        (stranger.work_order_no, "is a repair of 李四, not of 王小明"),
        (own, "is the repair that the refund comes from"),
    ):
        asked = {"other_order": number, "other_amount": 10_000}
        with pytest.raises(Refusal, match=sentence):
            split_refund(session, by(tonight, "孙会计", "accountant", refund_id=refund.id, **asked))
    with pytest.raises(Refusal, match="the customer owes 0.00"):
        split_refund(session, by(tonight, "孙会计", "accountant", refund_id=refund.id, offset=1))


def test_a_refund_is_split_before_it_is_approved(session: Session, shop: Shop, tonight: Night) -> None:
    refund = waiting(session, tonight, shop, plate=PLATE)
    in_debt(session, tonight, shop)
    approve_refund(session, by(tonight, "李审核", "reviewer", refund_id=refund.id))

    with pytest.raises(Refusal, match="is approved; it is split while it waits for approval"):
        split_refund(session, by(tonight, "孙会计", "accountant", refund_id=refund.id, offset=1))
