"""What people do with refunds: approved, declined, held, paid over the counter or sent by file, and come back."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import select

from models.case import Case
from models.payment import PaymentItem
from models.refund import Refund
from models.secrecy import encrypt
from models.words import RefundState, Role
from tests.generated.facts import Move
from tests.generated.words import Tier
from worker import db

if TYPE_CHECKING:
    from tests.simulation.shop_days import ShopDays


def _refunds(days: ShopDays, *states: RefundState) -> Sequence[Refund]:
    of = (Refund.shop_id == days.shop.id, Refund.state.in_(states))
    with db.reading() as session:
        return session.scalars(select(Refund).where(*of).order_by(Refund.id)).all()


def approve_refunds(days: ShopDays, day: date) -> None:
    """Whoever may not approve is refused; some are declined; the reviewer approves the rest."""
    for refund in _refunds(days, RefundState.WAITING):
        given = {"refund_id": refund.id}
        if days.lot(0.15):
            wrong = days.hands.house.chance.choice((Role.HANDLER, Role.CASHIER, Role.ACCOUNTANT))
            days.hands.must_refuse("approve_refund", wrong, **given)
        if days.lot(0.05):
            days.hands.do("decline_refund", Role.REVIEWER, **given, because="客户另有欠款")
        elif days.lot(0.7):
            days.hands.do("approve_refund", Role.MANAGER, **given)


def pay_refunds(days: ShopDays, day: date) -> None:
    """Customers come for their money late or never; some have it sent."""
    for refund in _refunds(days, RefundState.APPROVED, RefundState.UNCLAIMED):
        if refund.id % 5 == 0:
            continue  # never collected
        if refund.id % 5 == 1:
            days.hands.do(
                "record_payee", Role.HANDLER, refund_id=refund.id, account=encrypt(f"62220211{refund.id:011}"),
                bank="中国工商银行连云港分行",
            )  # fmt: skip
        elif days.lot(0.2):
            if days.lot(0.2):
                days.hands.must_refuse("pay_refund", Role.HANDLER, refund_id=refund.id, on=str(day))
            days.hands.do("pay_refund", Role.CASHIER, refund_id=refund.id, on=str(day))


def send_refunds(days: ShopDays, day: date) -> None:
    """A payment file is made, and the bank books its transfers the next day; some come back later."""
    if not days.hands.do("make_payment_file", Role.CASHIER):
        return
    with db.reading() as session:
        items = session.execute(
            select(PaymentItem.refund_id, PaymentItem.payee, PaymentItem.amount, Case.claim_no)
            .join(Refund, Refund.id == PaymentItem.refund_id)
            .join(Case, (Case.work_order_id == Refund.work_order_id) & Case.is_lead)
            .where(Refund.shop_id == days.shop.id, Refund.state == RefundState.IN_FILE)
            .order_by(PaymentItem.payment_file_id, PaymentItem.position)
        ).all()
    for item in items:
        if item.refund_id not in days.sent_refunds:
            days.sent_refunds.add(item.refund_id)
            _order(days, item.payee, item.amount, item.claim_no, day + timedelta(days=1))


def _order(days: ShopDays, payee: str, amount: int, claim_no: str, on: date) -> None:
    lot = days.hands.house.chance.random()
    if lot < 0.1:
        return  # the bank never does it; in the end the cashier says that it failed
    days.bank.order(Move(on, -amount, payee, "客户退款", Tier.OTHER))
    if lot < 0.3:
        back = on + timedelta(days=2)
        days.bank.order(Move(back, amount, payee, "退票 账号不符 退汇", Tier.KEY, refund=claim_no))


def settle_files(days: ShopDays, day: date) -> None:
    """What is still in a file after two weeks is said to have failed; at times what was paid comes back."""
    for refund in _refunds(days, RefundState.IN_FILE):
        if refund.approved_on and day - refund.approved_on > timedelta(days=14):
            days.hands.do("fail_refund", Role.CASHIER, refund_id=refund.id, because="账号不存在")


def hold_refunds(days: ShopDays, day: date) -> None:
    """The manager holds a refund, and lets it go on another day."""
    for refund in _refunds(days, RefundState.WAITING, RefundState.APPROVED):
        with db.reading() as session:
            case_id = session.scalar(
                select(Case.id).where(Case.work_order_id == refund.work_order_id, Case.is_lead)
            )
        if case_id and days.lot(0.1):
            days.hands.do("hold_refund", Role.MANAGER, case_id=case_id, because="客户投诉")
        elif case_id and days.lot(0.3):
            days.hands.do("unhold_refund", Role.MANAGER, case_id=case_id)
