"""Repairs with a refund, for the tests of what becomes of it."""

from dataclasses import replace
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.entry import Entry, Movement, post
from models.refund import Position, Refund
from models.secrecy import encrypt
from models.shop import Shop
from models.words import EntryKind
from models.work_order import WorkOrder
from tasks.refunds.job import approve_refund, compute_refunds, make_payment_file, record_payee
from tests import factories
from worker.job import Night

ACCOUNT = "6222021107001234567"
BANK = "中国工商银行连云港分行"


def by(night: Night, person: str, role: str, **parameters: object) -> Night:
    """Say who asks."""
    return replace(night, by=person, parameters={"role": role, **parameters}, notes={})


def settled(
    session: Session,
    night: Night,
    shop: Shop,
    *,
    deposit: int = 500_000,
    paid: int = 1_180_000,
    plate: str | None = None,
    name: str = "王小明",
) -> WorkOrder:
    """Add a repair of 12,400.00 yuan of which the insurer owes 11,800.00 (domain 1.8, scenario 4)."""
    facts = {"plate_no": plate} if plate else {}
    order = factories.add_work_order(
        session,
        shop,
        repair_gross_amount=1_240_000,
        repair_net_amount=1_240_000,
        settle_on=night.date,
        **facts,
    )
    line = factories.add_expected_line(
        session, factories.add_case(session, order, insured_name=name), 1_180_000
    )
    movements = [Movement(order.id, EntryKind.BILL, 1_240_000, None, f"bill:{order.id}")]
    if deposit:
        factories.add_customer_line(session, order, deposit)
        movements.append(Movement(order.id, EntryKind.DEPOSIT, deposit, None, f"deposit:{order.id}"))
    if paid:
        factories.add_payout(session, line, paid)
        movements.append(Movement(order.id, EntryKind.PAYOUT, paid, None, f"payout:{order.id}"))
    post(session, movements, **night.trail)
    return order


def waiting(session: Session, night: Night, shop: Shop, **facts: Any) -> Refund:
    """Add a refund of 4,400.00 yuan that waits."""
    order = settled(session, night, shop, **facts)
    compute_refunds(session, night)
    return newest(session, order.id)


def approved(session: Session, night: Night, shop: Shop, *, account: bool = True, **facts: Any) -> Refund:
    """Add a refund that 李审核 has approved, with an account to pay it to."""
    refund = waiting(session, night, shop, **facts)
    approve(session, night, refund)
    if account:
        give_account(session, night, refund)
    return newest(session, refund.work_order_id)


def approve(session: Session, night: Night, refund: Refund) -> None:
    approve_refund(session, by(night, "李审核", "reviewer", refund_id=refund.id))


def give_account(session: Session, night: Night, refund: Refund, number: str = ACCOUNT) -> None:
    given = {"account": encrypt(number), "bank": BANK}
    record_payee(session, by(night, "赵接待", "handler", refund_id=refund.id, **given))


def in_file(session: Session, night: Night, shop: Shop, **facts: Any) -> Refund:
    """Add a refund that the cashier has put into a payment file."""
    refund = approved(session, night, shop, **facts)
    make_payment_file(session, by(night, "钱出纳", "cashier"))
    return newest(session, refund.work_order_id)


def newest(session: Session, work_order_id: int) -> Refund:
    session.expire_all()
    found = select(Refund).where(Refund.work_order_id == work_order_id).order_by(Refund.number.desc())
    return session.scalars(found).first()  # type: ignore[return-value] # a test that finds none fails next


def entries(session: Session, work_order_id: int) -> list[tuple[str, int]]:
    """Say which entries of refunds stand on a repair."""
    rows = session.scalars(select(Entry).where(Entry.work_order_id == work_order_id).order_by(Entry.id))
    return [(row.kind.value, row.amount) for row in rows if row.kind.value.startswith("refund")]


def position(session: Session, work_order_id: int) -> Position:
    session.expire_all()
    return session.get_one(Position, work_order_id)
