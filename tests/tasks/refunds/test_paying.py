"""What becomes of a refund that is on its way out, and that it is paid once."""

import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from models.entry import Entry, Movement, post, reverse
from models.event import Event
from models.notice import Notice
from models.refund import Refund
from models.shop import Shop
from models.values import Refusal
from models.words import ContactKind, EntryKind, NoticeState, RefundState
from models.work_order import WorkOrder
from tasks.refunds.job import (
    approve_refund,
    bounce_refund,
    compute_refunds,
    decline_refund,
    fail_refund,
    make_payment_file,
    pay_refund,
)
from tests import factories
from tests.tasks.refunds.repairs import approve, approved, by, entries, in_file, newest, position, waiting
from worker import db
from worker.job import Night
from worker.run import run
from worker.seat import Order

NightOf = Callable[..., Night]


@pytest.fixture
def tonight(night: NightOf) -> Night:
    return night(date(2026, 11, 21))


def cashier(night: Night, refund: Refund, **parameters: object) -> Night:
    given = {"on": "2026-11-21", "because": "户名不符"}
    return by(night, "钱出纳", "cashier", refund_id=refund.id, **given | parameters)


def test_a_refund_paid_in_cash_is_posted_on_its_day(session: Session, shop: Shop, tonight: Night) -> None:
    refund = approved(session, tonight, shop, account=False)

    later = replace(tonight, date=date(2026, 11, 23))
    pay_refund(session, cashier(later, refund, on="2026-11-22"))
    compute_refunds(session, later)

    paid = newest(session, refund.work_order_id)
    entry = session.scalars(select(Entry).where(Entry.kind == EntryKind.REFUND_PAID)).one()
    assert (paid.state, paid.paid_on, entry.value_date) == (
        RefundState.PAID,
        date(2026, 11, 22),
        date(2026, 11, 22),
    )
    assert entries(session, refund.work_order_id) == [("refund_reserved", 440_000), ("refund_paid", 440_000)]
    assert (
        position(session, refund.work_order_id).refunded,
        position(session, refund.work_order_id).releasable,
    ) == (
        440_000,
        0,
    )


def test_a_refund_is_paid_once(session: Session, shop: Shop, tonight: Night) -> None:
    refund = approved(session, tonight, shop)
    pay_refund(session, cashier(tonight, refund))

    with pytest.raises(Refusal, match=f"Refund {refund.id} was paid on 2026-11-21; it is paid once only"):
        pay_refund(session, cashier(tonight, refund))

    assert entries(session, refund.work_order_id)[1:] == [("refund_paid", 440_000)]


def test_a_payment_that_was_taken_back_can_be_posted_again(
    session: Session, shop: Shop, tonight: Night
) -> None:
    refund = in_file(session, tonight, shop)
    when: dict[str, Any] = {"business_date": tonight.date, "by": "周会计", "at": tonight.at}
    for _ in range(2):
        pay_refund(session, cashier(tonight, refund))
        newer = select(Entry.id).where(Entry.kind == EntryKind.REFUND_PAID).order_by(Entry.id.desc())
        reverse(session, session.scalars(newer).first() or 0, **when)
        session.execute(update(Refund).where(Refund.id == refund.id).values(state=RefundState.IN_FILE))

    pay_refund(session, cashier(tonight, refund))

    occasions = session.scalars(select(Entry.occasion).where(Entry.kind == EntryKind.REFUND_PAID))
    stem = f"refund_paid:{refund.id}"
    assert sorted(occasions) == [stem, f"{stem}:2", f"{stem}:3"]


def test_a_bounced_refund_waits_for_approval_again(session: Session, shop: Shop, tonight: Night) -> None:
    refund = in_file(session, tonight, shop)
    pay_refund(session, cashier(tonight, refund))

    bounce_refund(session, cashier(tonight, refund))
    compute_refunds(session, tonight)

    again = newest(session, refund.work_order_id)
    bounced = session.get_one(Refund, refund.id)
    assert (bounced.state, bounced.bounced_on) == (RefundState.BOUNCED, date(2026, 11, 21))
    assert (again.number, again.amount, again.state) == (2, 440_000, RefundState.WAITING)
    approve_refund(session, by(tonight, "李审核", "reviewer", refund_id=again.id))
    assert make_payment_file(session, by(tonight, "钱出纳", "cashier")) == 1


def test_a_payment_the_bank_refused_gives_the_money_back(
    session: Session, shop: Shop, tonight: Night
) -> None:
    refund = in_file(session, tonight, shop)

    fail_refund(session, cashier(tonight, refund))
    compute_refunds(session, tonight)

    assert session.get_one(Refund, refund.id).state is RefundState.FAILED
    assert entries(session, refund.work_order_id) == [
        ("refund_reserved", 440_000),
        ("refund_released", 440_000),
    ]
    assert (newest(session, refund.work_order_id).number, newest(session, refund.work_order_id).state) == (
        2,
        RefundState.WAITING,
    )


def test_declined_the_money_is_free_again_and_the_notice_stays(
    session: Session, shop: Shop, tonight: Night
) -> None:
    refund = waiting(session, tonight, shop)
    order = session.get_one(WorkOrder, refund.work_order_id)
    factories.add_contact(session, shop, ContactKind.CUSTOMER, "王小明", plate_no=order.plate_no)
    approve(session, tonight, refund)

    decline_refund(session, by(tonight, "王经理", "manager", refund_id=refund.id, because="重复"))

    notice = session.scalars(select(Notice).where(Notice.occasion == f"refund_ready:{refund.id}")).one()
    assert notice.state is NoticeState.SUPPRESSED
    assert entries(session, refund.work_order_id)[-1] == ("refund_released", 440_000)


PAYING = [
    ("李审核", "reviewer", "is reviewer; a refund is paid by a cashier, manager or admin"),
    ("李审核", "manager", "was approved by 李审核; who approves does not pay. Ask the cashier"),
]


@pytest.mark.parametrize(("person", "role", "sentence"), PAYING, ids=str)
def test_who_must_not_pay_does_not(
    session: Session, shop: Shop, tonight: Night, person: str, role: str, sentence: str
) -> None:
    refund = approved(session, tonight, shop, account=False)

    with pytest.raises(Refusal, match=sentence):
        pay_refund(session, by(tonight, person, role, refund_id=refund.id, on="2026-11-21"))

    assert entries(session, refund.work_order_id) == [("refund_reserved", 440_000)]


def test_a_day_that_has_not_come_is_refused(session: Session, shop: Shop, tonight: Night) -> None:
    refund = approved(session, tonight, shop)

    with pytest.raises(Refusal, match="2026-11-22 is after 2026-11-21. Record it once it has happened"):
        pay_refund(session, cashier(tonight, refund, on="2026-11-22"))


def test_what_did_not_happen_is_refused(session: Session, shop: Shop, tonight: Night) -> None:
    refund = waiting(session, tonight, shop)

    with pytest.raises(Refusal, match="waits for approval first: huikuan refund approve"):
        pay_refund(session, cashier(tonight, refund))
    with pytest.raises(Refusal, match="is waiting; only money that was paid comes back"):
        bounce_refund(session, cashier(tonight, refund))
    with pytest.raises(Refusal, match="is waiting, not in a payment file: there is no payment to fail"):
        fail_refund(session, cashier(tonight, refund))
    with pytest.raises(Refusal, match="Say why: huikuan refund failed"):
        fail_refund(session, cashier(tonight, refund, because=" "))
    with pytest.raises(Refusal, match="There is no refund 4711"):
        pay_refund(session, by(tonight, "钱出纳", "cashier", refund_id=4711, on="2026-11-21"))


def test_what_is_in_a_file_bounces_only_once_it_was_paid(
    session: Session, shop: Shop, tonight: Night
) -> None:
    refund = in_file(session, tonight, shop)

    with pytest.raises(Refusal, match="in a payment file and not known as paid. If the bank never paid it"):
        bounce_refund(session, cashier(tonight, refund))
    pay_refund(session, cashier(tonight, refund))
    with pytest.raises(Refusal, match="was paid on 2026-11-21 and can't have come back on 2026-11-20"):
        bounce_refund(session, cashier(tonight, refund, on="2026-11-20"))


# ------------------------------------------------------------------ limits, and what changed since


LIMITS = [
    ("reviewer", "李审核", 5_000_000, True),
    ("reviewer", "李审核", 5_000_001, False),
    ("manager", "王经理", 5_000_001, True),
    ("admin", "管理员", 99_000_000, True),
]


@pytest.mark.parametrize(("role", "person", "amount", "allowed"), LIMITS, ids=str)
def test_above_the_limit_the_manager_approves(
    session: Session, shop: Shop, tonight: Night, role: str, person: str, amount: int, allowed: bool
) -> None:
    refund = waiting(session, tonight, shop, deposit=amount + 60_000)
    asked = by(tonight, person, role, refund_id=refund.id)

    if allowed:
        assert approve_refund(session, asked) == 1
        return
    with pytest.raises(
        Refusal, match=r"50000.01 yuan is above the limit of 50000.00 yuan; 李审核 is reviewer"
    ):
        approve_refund(session, asked)
    assert newest(session, refund.work_order_id).state is RefundState.WAITING


def test_an_approved_refund_says_what_changed(session: Session, shop: Shop, tonight: Night) -> None:
    refund = approved(session, tonight, shop)
    post(session, [Movement(refund.work_order_id, EntryKind.WRITE_OFF, 30_000, None, "w")], **tonight.trail)
    session.get_one(WorkOrder, refund.work_order_id).settle_on = tonight.date
    session.flush()

    compute_refunds(session, tonight)

    again = newest(session, refund.work_order_id)
    event = session.scalars(select(Event).where(Event.kind == "refund_ask_again")).one()
    assert (again.state, again.amount, again.approved_by) == (RefundState.WAITING, 470_000, None)
    assert again.changed == (
        "批准后有变：本店承担 0.00→300.00，本次应退 4,400.00→4,700.00。"
        "Changed since it was approved: written off 0.00 -> 300.00, refund 4,400.00 -> 4,700.00."
    )
    assert isinstance(event.inputs, dict)
    assert event.inputs["changed"] == again.changed


def test_approved_again_with_another_sum_the_customer_is_told_again(
    session: Session, shop: Shop, tonight: Night
) -> None:
    refund = approved(session, tonight, shop)
    post(session, [Movement(refund.work_order_id, EntryKind.WRITE_OFF, 30_000, None, "w")], **tonight.trail)
    session.get_one(WorkOrder, refund.work_order_id).settle_on = tonight.date
    session.flush()
    compute_refunds(session, tonight)

    approve(session, tonight, refund)

    found = session.execute(select(Notice.occasion, Notice.words, Notice.state).order_by(Notice.id)).all()
    assert [(row.occasion, row.words["amount"]) for row in found] == [
        (f"refund_ready:{refund.id}", "4,400.00"), (f"refund_ready:{refund.id}:2", "4,700.00"),
    ]  # fmt: skip
    assert found[0].state is NoticeState.SUPPRESSED


# ------------------------------------------------------------------ two at once


@pytest.mark.parametrize(
    "ways", [("pay_refund", "pay_refund"), ("make_payment_file", "make_payment_file")], ids=str
)
def test_two_at_once_pay_a_refund_once(database: str, ways: tuple[str, str]) -> None:
    with db.transaction() as session:
        shop = factories.add_shop(session, code="FUYUAN")
        at = factories.LONG_AGO
        tonight = Night(date(2026, 11, 21), shop.id, "FUYUAN", "system", at)
        refund = approved(session, tonight, shop)
        refund_id = refund.id
    start, outcomes = threading.Barrier(2), list[str]()

    def pay(number: int, job: str) -> None:
        given = {"refund_id": refund_id, "on": "2026-11-21", "role": "cashier"}
        order = Order(job, date(2026, 11, 21), "FUYUAN", f"try:{number}", by="钱出纳", parameters=given)
        start.wait()
        try:
            outcomes.append("paid" if run(order).count else "nothing")
        except Refusal:
            outcomes.append("refused")

    threads = [threading.Thread(target=pay, args=each) for each in enumerate(ways)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    with db.reading() as session:
        paid = select(func.count()).select_from(Entry).where(Entry.kind == EntryKind.REFUND_PAID)
        assert sorted(outcomes) == ["paid", "refused"]
        assert session.scalar(paid) == (1 if ways[0] == "pay_refund" else 0)
