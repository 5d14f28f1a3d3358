"""Payment files and the parts of refunds as control totals of what is paid out."""

from collections.abc import Iterator

from sqlalchemy import and_, case, func, or_, select
from sqlalchemy.orm import Session

from models.payment import PaymentFile, PaymentItem, RefundPart
from models.refund import Refund
from models.values import yuan
from models.words import PartKind, RefundState
from tasks.proof.fault import Fault


def parts_of_refunds(session: Session, shop_id: int) -> Iterator[Fault]:
    """Refunds whose parts do not add up to them."""
    rows = session.execute(
        select(Refund.work_order_id, Refund.id, Refund.amount, func.sum(RefundPart.amount).label("parts"))
        .join(RefundPart, RefundPart.refund_id == Refund.id)
        .where(Refund.shop_id == shop_id)
        .group_by(Refund.id)
        .having(func.sum(RefundPart.amount) != Refund.amount)
        .order_by(Refund.id)
    )
    for row in rows:
        sentence = f"refund {row.id} is {yuan(row.amount)} yuan, its parts come to {yuan(int(row.parts))}"
        yield Fault((row.work_order_id,), "", sentence)


def items_of_files(session: Session, shop_id: int) -> Iterator[Fault]:
    """Refunds in a payment file that are not what the file pays, or say they are in one and are not."""
    elsewhere = (
        select(
            RefundPart.refund_id,
            func.sum(case((RefundPart.kind != PartKind.CASH, RefundPart.amount), else_=0)).label("amount"),
        )
        .group_by(RefundPart.refund_id)
        .subquery()
    )
    cash = Refund.amount - func.coalesce(elsewhere.c.amount, 0)
    wrong = or_(
        PaymentItem.amount != cash,
        and_(Refund.state == RefundState.IN_FILE, PaymentItem.refund_id.is_(None)),
    )
    rows = session.execute(
        select(
            Refund.work_order_id, Refund.id, cash.label("cash"), PaymentItem.amount.label("item"),
            PaymentItem.payment_file_id,
        )
        .outerjoin(PaymentItem, PaymentItem.refund_id == Refund.id)
        .outerjoin(elsewhere, elsewhere.c.refund_id == Refund.id)
        .where(Refund.shop_id == shop_id, wrong)
        .order_by(Refund.id)
    )  # fmt: skip
    for row in rows:
        in_file = (
            f"payment file {row.payment_file_id} pays {yuan(row.item)}" if row.item else "it is in no file"
        )
        sentence = f"refund {row.id} goes out with {yuan(int(row.cash))} yuan, {in_file}"
        yield Fault((row.work_order_id,), "", sentence)


def totals_of_files(session: Session, shop_id: int) -> Iterator[Fault]:
    """Payment files whose items are not what the file was made with."""
    total, count = func.coalesce(func.sum(PaymentItem.amount), 0), func.count(PaymentItem.refund_id)
    rows = session.execute(
        select(PaymentFile.id, PaymentFile.number, PaymentFile.total, PaymentFile.count, total, count)
        .outerjoin(PaymentItem, PaymentItem.payment_file_id == PaymentFile.id)
        .where(PaymentFile.shop_id == shop_id)
        .group_by(PaymentFile.id)
        .having(or_(total != PaymentFile.total, count != PaymentFile.count))
        .order_by(PaymentFile.id)
    ).all()
    for ident, number, made, lines, found, items in rows:
        orders = session.scalars(
            select(Refund.work_order_id)
            .join(PaymentItem, PaymentItem.refund_id == Refund.id)
            .where(PaymentItem.payment_file_id == ident)
            .order_by(Refund.work_order_id)
        ).all()
        sentence = (
            f"payment file {number} was made for {lines} refunds of {yuan(made)} yuan, "
            f"it now holds {items} of {yuan(int(found))}"
        )
        yield Fault(tuple(orders), f"payment_file:{ident}", sentence)
