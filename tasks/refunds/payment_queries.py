"""What a payment file is made from, and the files that were made."""

from datetime import date
from typing import NamedTuple

from sqlalchemy import and_, func, select
from sqlalchemy.orm import Session

from models.bank import BankAccount
from models.case import Case
from models.payment import PayeeAccount, PaymentFile, PaymentItem
from models.refund import Refund
from models.refund_paying import cash_of
from models.run import not_proven
from models.shop import Shop
from models.words import RefundState
from models.work_order import WorkOrder
from tasks.refunds.payment_rules import Ready

_READY = (RefundState.APPROVED, RefundState.UNCLAIMED)


class Account(NamedTuple):
    """An account of the shop that can pay."""

    id: int
    number: str
    holder: str


class FileMade(NamedTuple):
    """A payment file as it was made; `total` in fen."""

    number: str
    made_on: date
    made_by: str
    refunds: int
    total: int
    path: str


def lock_ready(session: Session, shop_id: int) -> list[int]:
    """Approved refunds in no file, locked until the transaction ends: two files never take the same one."""
    return list(
        session.scalars(
            select(Refund.id)
            .where(Refund.shop_id == shop_id, Refund.state.in_(_READY))
            .order_by(Refund.id)
            .with_for_update()
        )
    )


def ready(session: Session, refund_ids: list[int]) -> list[Ready]:
    """These refunds with payee, account and case, in their order; those without a fen of money left out."""
    payee = func.coalesce(Refund.payee, Case.insured_name)
    at = and_(
        PayeeAccount.shop_id == Refund.shop_id,
        PayeeAccount.payee == payee,
        PayeeAccount.plate_no == WorkOrder.plate_no,
    )
    rows = session.execute(
        select(Refund.id, Refund.work_order_id, Refund.approved_by, payee.label("payee"), Case.claim_no,
               WorkOrder.work_order_no, WorkOrder.manual_hold, PayeeAccount)
        .join(WorkOrder, WorkOrder.id == Refund.work_order_id)
        .join(Case, and_(Case.work_order_id == WorkOrder.id, Case.is_lead))
        .outerjoin(PayeeAccount, at)
        .where(Refund.id.in_(refund_ids))
        .order_by(Refund.id)
    ).all()  # fmt: skip
    cash = cash_of(session, refund_ids)
    unproven = not_proven(session, {row.work_order_id for row in rows})
    return [
        Ready(
            row.id, cash[row.id], row.payee, row.claim_no, row.work_order_no, row.approved_by,
            row.PayeeAccount.number if row.PayeeAccount else None,
            row.PayeeAccount.bank_name if row.PayeeAccount else "",
            row.PayeeAccount.recorded_by if row.PayeeAccount else None,
            row.work_order_id not in unproven, row.manual_hold,
        )
        for row in rows
        if cash[row.id] > 0
    ]  # fmt: skip


def accounts(session: Session, shop_id: int) -> list[Account]:
    """The shop's confirmed accounts; the shop's name where the holder is not known."""
    rows = session.execute(
        select(BankAccount.id, BankAccount.number, func.coalesce(BankAccount.holder, Shop.name))
        .join(Shop, Shop.id == BankAccount.shop_id)
        .where(BankAccount.shop_id == shop_id, BankAccount.provisional.is_(False))
        .order_by(BankAccount.number)
    )
    return [Account(*row) for row in rows]


def shop_name(session: Session, shop_id: int) -> str:
    return session.execute(select(Shop.name).where(Shop.id == shop_id)).scalar_one()


def newest_file(session: Session, shop_id: int) -> FileMade | None:
    """The payment file made last."""
    row = session.execute(
        select(
            PaymentFile.number, PaymentFile.made_on, PaymentFile.made_by, PaymentFile.count,
            PaymentFile.total, PaymentFile.path,
        )
        .where(PaymentFile.shop_id == shop_id)
        .order_by(PaymentFile.id.desc())
    ).first()  # fmt: skip
    return FileMade(*row) if row else None


def file_of(session: Session, refund_id: int) -> FileMade | None:
    """The payment file a refund stands in."""
    row = session.execute(
        select(
            PaymentFile.number, PaymentFile.made_on, PaymentFile.made_by, PaymentFile.count,
            PaymentFile.total, PaymentFile.path,
        )
        .join(PaymentItem, PaymentItem.payment_file_id == PaymentFile.id)
        .where(PaymentItem.refund_id == refund_id)
    ).first()  # fmt: skip
    return FileMade(*row) if row else None


def claims_in(session: Session, shop_id: int, number: str, most: int) -> list[str]:
    """The first cases of a payment file, as they stand in it."""
    rows = session.scalars(
        select(Case.claim_no)
        .join(Refund, and_(Refund.work_order_id == Case.work_order_id, Case.is_lead))
        .join(PaymentItem, PaymentItem.refund_id == Refund.id)
        .join(PaymentFile, PaymentFile.id == PaymentItem.payment_file_id)
        .where(PaymentFile.shop_id == shop_id, PaymentFile.number == number)
        .order_by(PaymentItem.position)
        .limit(most)
    )
    return list(rows)
