"""Two workers on the same repair at the same moment, on a real PostgreSQL: nothing is promised or paid twice."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from functools import partial
from threading import Barrier
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models.entry import Entry, Movement, balances, post
from models.payment import PayeeAccount, PaymentItem
from models.refund import Refund
from models.shop import Shop
from models.values import Refusal
from models.words import EntryKind, RefundState
from models.work_order import WorkOrder
from tests import factories
from worker import clock, db
from worker.run import run
from worker.seat import Order

DAY = date(2026, 11, 21)
ROUNDS = 2
pytestmark = pytest.mark.parametrize("database", ["postgres"], indirect=True)


def at_once(acts: Sequence[Callable[[], Any]]) -> list[Any]:
    """Do the acts in as many threads, let go at one moment; what each returned, or the Refusal it met."""
    barrier = Barrier(len(acts))

    def start(act: Callable[[], Any]) -> Any:
        barrier.wait(timeout=30)
        try:
            return act()
        except Refusal as refusal:
            return refusal

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(start, acts))


def refused(results: Sequence[Any]) -> list[str]:
    return [str(each) for each in results if isinstance(each, Refusal)]


def a_waiting_refund() -> tuple[int, int]:
    """A repair with 4,400.00 for the customer, computed by a night; returns the refund and the repair."""
    with db.transaction() as session:
        shop = session.scalar(select(Shop)) or factories.add_shop(session, code="FUYUAN")
        order = factories.add_work_order(session, shop, repair_net_amount=1_240_000, settle_on=DAY)
        line = factories.add_expected_line(session, factories.add_case(session, order), 1_180_000)
        factories.add_customer_line(session, order, 500_000)
        factories.add_payout(session, line)
        add_money(session, order.id, shop.id)
        session.add(PayeeAccount(
            shop_id=shop.id, payee="王小明", plate_no=order.plate_no, number="6222021107001234567",
            bank_name="中国工商银行", recorded_by="孙行政", recorded_on=DAY,
        ))  # fmt: skip
        order_id = order.id
    do("compute_refunds", "system", f"{order_id}", role="system")
    with db.reading() as session:
        return session.scalars(select(Refund.id).where(Refund.work_order_id == order_id)).one(), order_id


def add_money(session: Session, order_id: int, shop_id: int) -> None:
    moved = ((EntryKind.BILL, 1_240_000), (EntryKind.DEPOSIT, 500_000), (EntryKind.PAYOUT, 1_180_000))
    movements = [Movement(order_id, kind, amount, DAY, f"test:{order_id}:{kind}") for kind, amount in moved]
    post(session, movements, shop_id=shop_id, business_date=DAY, by="system", at=clock.now())


def do(job: str, by: str, scope: str, **parameters: Any) -> Any:
    """Run a job as the console does, under a scope of its own: another process, another person."""
    return run(Order(job, DAY, "FUYUAN", scope, by=by, why="by_hand", parameters=parameters))


def count(kind: EntryKind, order_id: int) -> int:
    with db.reading() as session:
        of = (Entry.kind == kind, Entry.work_order_id == order_id)
        return session.execute(select(func.count()).where(*of)).scalar_one()


def state_of(refund_id: int) -> RefundState:
    with db.reading() as session:
        return session.get_one(Refund, refund_id).state


def test_two_reviewers_approve_at_once_and_one_is_refused(database: str) -> None:
    for turn in range(ROUNDS):
        refund_id, order_id = a_waiting_refund()

        results = at_once([
            partial(do, "approve_refund", who, f"{turn}:{who}", role="reviewer", refund_id=refund_id)
            for who in ("李审核", "周审核", "吴审核")
        ])  # fmt: skip

        assert len(refused(results)) == 2
        assert all("is approved, not waiting" in said for said in refused(results))
        assert count(EntryKind.REFUND_RESERVED, order_id) == 1


def test_two_cashiers_pay_at_once_and_one_is_refused(database: str) -> None:
    for turn in range(ROUNDS):
        refund_id, order_id = a_waiting_refund()
        do("approve_refund", "李审核", f"approve:{turn}", role="reviewer", refund_id=refund_id)

        results = at_once([
            partial(do,
                "pay_refund", who, f"{turn}:{who}", role="cashier", refund_id=refund_id, on=DAY.isoformat()
            )
            for who in ("钱会", "郑会")
        ])  # fmt: skip

        assert len(refused(results)) == 1
        assert count(EntryKind.REFUND_PAID, order_id) == 1
        assert state_of(refund_id) is RefundState.PAID


def test_a_refund_stands_in_one_of_two_files_made_at_once(database: str) -> None:
    refunds = [a_waiting_refund()[0] for _ in range(3)]
    for refund_id in refunds:
        do("approve_refund", "李审核", f"approve:{refund_id}", role="reviewer", refund_id=refund_id)

    results = at_once([
        partial(do, "make_payment_file", who, who, role="cashier") for who in ("钱会", "郑会")
    ])  # fmt: skip

    assert len(refused(results)) == 1
    with db.reading() as session:
        assert sorted(session.scalars(select(PaymentItem.refund_id))) == refunds


def test_paying_and_declining_at_once_ends_in_one_of_them(database: str) -> None:
    for turn in range(ROUNDS):
        refund_id, order_id = a_waiting_refund()
        do("approve_refund", "李审核", f"approve:{turn}", role="reviewer", refund_id=refund_id)

        results = at_once([
            partial(do, "pay_refund", "钱会", f"p{turn}", role="cashier", refund_id=refund_id, on=DAY.isoformat()),
            partial(do, "decline_refund", "周审核", f"d{turn}", role="reviewer", refund_id=refund_id, because="等"),
        ])  # fmt: skip

        assert len(refused(results)) == 1
        assert count(EntryKind.REFUND_PAID, order_id) + count(EntryKind.REFUND_RELEASED, order_id) == 1


def test_a_night_and_a_reviewer_at_once_do_not_wait_for_each_other_for_ever(database: str) -> None:
    for turn in range(ROUNDS):
        refund_id, order_id = a_waiting_refund()
        do("approve_refund", "李审核", f"approve:{turn}", role="reviewer", refund_id=refund_id)
        with db.transaction() as session:
            order = session.get_one(WorkOrder, order_id)
            order.settle_on = DAY
            factories.add_customer_line(session, order, 10_000)
            more = Movement(order_id, EntryKind.DEPOSIT, 10_000, DAY, f"more:{order_id}")
            post(session, [more], shop_id=order.shop_id, business_date=DAY, by="system", at=clock.now())

        at_once([
            partial(do, "compute_refunds", "system", f"night:{turn}", role="system"),
            partial(do, "decline_refund", "周审核", f"d{turn}", role="reviewer", refund_id=refund_id, because="等"),
            partial(do, "pay_refund", "钱会", f"p{turn}", role="cashier", refund_id=refund_id, on=DAY.isoformat()),
        ])  # fmt: skip

        gone = count(EntryKind.REFUND_PAID, order_id) + count(EntryKind.REFUND_RELEASED, order_id)
        assert gone == 1, "the money that was laid aside went one way"


def reserve(order_id: int, occasion: str) -> None:
    with db.transaction() as session:
        shop_id = session.scalars(select(Shop.id)).one()
        wish = Movement(order_id, EntryKind.REFUND_RESERVED, 300_000, DAY, occasion)
        post(session, [wish], shop_id=shop_id, business_date=DAY, by="甲", at=clock.now())


def test_the_database_lets_only_one_of_two_take_the_same_money(database: str) -> None:
    """Past every job: two sessions that both saw enough before the other one took it."""
    for turn in range(ROUNDS):
        _, order_id = a_waiting_refund()

        results = at_once([partial(reserve, order_id, f"{who}:{turn}") for who in ("甲", "乙", "丙")])

        assert len(refused(results)) == 2
        assert all("more than" in said for said in refused(results))
        with db.reading() as session:
            lies = balances(session, [order_id])[order_id]
        assert sum(lies.values()) == 0
        assert count(EntryKind.REFUND_RESERVED, order_id) == 1
