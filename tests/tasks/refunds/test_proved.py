"""Whatever becomes of a refund, the proof of the next night finds nothing."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models.entry import Entry, balances
from models.refund import Refund
from models.secrecy import encrypt
from models.shop import Shop
from models.values import Refusal
from models.words import Account, EntryKind, RefundState
from tasks.proof.job import prove_money
from tasks.refunds import job
from tests.tasks.refunds.repairs import BANK, by, settled
from worker.job import Night

NightOf = Callable[..., Night]
PLATE = "苏G12345"

STEPS = ("split", "approve", "decline", "account", "file", "pay", "bounce", "fail", "compute", "remind")
_MOSTLY = {
    RefundState.WAITING: ("approve", "split", "account", "approve"),
    RefundState.APPROVED: ("file", "pay", "account", "remind", "file", "decline"),
    RefundState.UNCLAIMED: ("pay", "account", "file"),
    RefundState.IN_FILE: ("pay", "fail"),
    RefundState.PAID: ("compute", "bounce"),
}  # fmt: skip
_WHO = {
    "split": ("孙会计", "accountant"), "approve": ("王经理", "manager"), "decline": ("王经理", "manager"),
    "account": ("赵接待", "handler"), "file": ("钱出纳", "cashier"), "pay": ("钱出纳", "cashier"),
    "bounce": ("钱出纳", "cashier"), "fail": ("钱出纳", "cashier"), "compute": ("system", "system"),
    "remind": ("system", "system"),
}  # fmt: skip
_JOB = {
    "split": job.split_refund, "approve": job.approve_refund, "decline": job.decline_refund,
    "account": job.record_payee, "file": job.make_payment_file, "pay": job.pay_refund,
    "bounce": job.bounce_refund, "fail": job.fail_refund, "compute": job.compute_refunds,
    "remind": job.remind_unclaimed,
}  # fmt: skip


def take(session: Session, night: Night, step: str, refund_id: int) -> None:
    """Try a step; one that the business does not allow is refused and writes nothing."""
    given: dict[str, Any] = {"refund_id": refund_id, "on": str(night.date), "because": "试", "offset": 25_000}
    given |= {"account": encrypt("6222021107001234567"), "bank": BANK} if step == "account" else {}
    try:
        with session.begin_nested():
            _JOB[step](session, by(night, *_WHO[step], **given))
    except Refusal:
        session.expire_all()


def chosen(state: RefundState, number: int) -> str:
    """Mostly what comes next in this state; every fourth time anything at all."""
    likely = _MOSTLY.get(state, ("compute",))
    return STEPS[number // 4 % len(STEPS)] if number % 4 == 0 else likely[number // 4 % len(likely)]


@given(numbers=st.lists(st.integers(0, 239), min_size=8, max_size=25))
@settings(
    max_examples=15, deadline=None, database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)  # fmt: skip
def test_in_any_order_the_money_adds_up(
    session: Session, shop: Shop, night: NightOf, numbers: list[int]
) -> None:
    with session.begin_nested() as undo:
        day = night(date(2026, 11, 21))
        orders = [
            settled(session, day, shop, plate=PLATE),
            settled(session, day, shop, plate=PLATE, deposit=0),
        ]
        job.compute_refunds(session, day)
        for number in numbers:
            newest = session.scalars(select(Refund).order_by(Refund.id.desc()).limit(1)).one()
            step = chosen(newest.state, number)
            day = night(day.date + timedelta(days=16 if step == "remind" else 0))
            take(session, day, step, newest.id)
            _adds_up(session, day, [order.id for order in orders])
        undo.rollback()
    session.expire_all()


def _adds_up(session: Session, day: Night, orders: list[int]) -> None:
    check = by(day, "system", "system")
    prove_money(session, check)
    assert check.set_aside == []
    reserved = select(func.coalesce(func.sum(Refund.amount), 0)).where(
        Refund.state.in_((RefundState.APPROVED, RefundState.IN_FILE, RefundState.UNCLAIMED))
    )
    lies = balances(session, orders)
    assert sum(each[Account.REFUND_RESERVED] for each in lies.values()) == session.scalar(reserved)
    assert sum(each[Account.TRANSFER] for each in lies.values()) == 0
    gone = session.scalar(select(func.sum(Entry.amount)).where(Entry.kind == EntryKind.REFUND_PAID)) or 0
    back = session.scalar(select(func.sum(Entry.amount)).where(Entry.kind == EntryKind.REFUND_BOUNCED)) or 0
    assert gone - back <= 440_000
