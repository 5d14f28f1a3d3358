"""The rows and entries of one repair that make up a figure, for naming what was changed."""

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from sqlalchemy import String, select, type_coerce
from sqlalchemy.orm import Session, aliased

from models.case import ExpectedLine
from models.difference import Difference
from models.entry import Entry
from models.payment import RefundPart
from models.payout import Payout
from models.refund import Refund
from models.values import yuan
from models.words import CustomerLineKind, DifferenceState, PartKind, PayoutState, RefundState
from models.work_order import CustomerLine, WorkOrder
from tasks.proof.figures import BOOKED, Figure
from tasks.proof.naming import Booking, Row, culprits
from tasks.proof.queries import BORNE, RESERVED


def named(session: Session, figure: Figure | None, order_id: int) -> list[str]:
    """The rows and entries behind a figure that is off."""
    if figure is None:
        return []
    rows = list(_ROWS[figure](session, order_id))
    return culprits(rows, list(_bookings(session, figure, order_id)))


def _bookings(session: Session, figure: Figure, order_id: int) -> Iterator[Booking]:
    undone, signs = aliased(Entry), {str(kind): sign for kind, sign in BOOKED[figure].items()}
    kind, was = type_coerce(Entry.kind, String), type_coerce(undone.kind, String)
    rows = session.execute(
        select(Entry.id, kind.label("kind"), was.label("was"), Entry.occasion, Entry.amount, undone.occasion)
        .outerjoin(undone, Entry.reverses_id == undone.id)
        .where(Entry.work_order_id == order_id)
        .order_by(Entry.id)
    )
    for ident, kind_, was_, occasion, amount, of in rows:
        sign = signs.get(was_ or kind_, 0)
        if sign:
            yield Booking(
                f"entry {ident} ({occasion})", of or occasion, -sign * amount if was_ else sign * amount
            )


def _bill(session: Session, order_id: int) -> Iterator[Row]:
    row = session.execute(
        select(WorkOrder.work_order_no, WorkOrder.repair_net_amount).where(WorkOrder.id == order_id)
    ).one()
    yield Row(f"work order {row.work_order_no}", (f"bill:{order_id}",), row.repair_net_amount or 0)


def _receipts(*kinds: CustomerLineKind) -> Callable[[Session, int], Iterator[Row]]:
    def rows(session: Session, order_id: int) -> Iterator[Row]:
        found = session.scalars(
            select(CustomerLine)
            .where(CustomerLine.work_order_id == order_id, CustomerLine.kind.in_(kinds))
            .order_by(CustomerLine.id)
        )
        for each in found:
            yield Row(f"customer line {each.id} ({each.origin})", (each.origin,), each.amount)

    return rows


def _payouts(session: Session, order_id: int) -> Iterator[Row]:
    found = session.scalars(
        select(Payout)
        .join(ExpectedLine, ExpectedLine.id == Payout.expected_line_id)
        .where(ExpectedLine.work_order_id == order_id)
        .order_by(Payout.id)
    )
    for each in found:
        counts = each.state is not PayoutState.REVERSED
        name = f"payout {each.id} ({each.origin}, {each.state})"
        yield Row(name, (each.origin,), each.amount if counts else 0)


def _expected(session: Session, order_id: int) -> Iterator[Row]:
    found = session.scalars(
        select(ExpectedLine).where(ExpectedLine.work_order_id == order_id).order_by(ExpectedLine.id)
    )
    for each in found:
        yield Row(f"expected line {each.id} ({each.kind})", (f"line:{each.id}",), each.amount)


def _write_offs(session: Session, order_id: int) -> Iterator[Row]:
    found = session.scalars(
        select(Difference)
        .where(Difference.work_order_id == order_id, Difference.resolution.in_(BORNE))
        .order_by(Difference.id)
    )
    for each in found:
        is_borne = each.state is DifferenceState.RESOLVED
        key = f"difference:{each.id}:write_off"
        yield Row(f"difference {each.id} ({each.state})", (key,), each.amount if is_borne else 0)


def _refunds(*states: RefundState, keys: Iterable[str]) -> Callable[[Session, int], Iterator[Row]]:
    def rows(session: Session, order_id: int) -> Iterator[Row]:
        found = session.scalars(select(Refund).where(Refund.work_order_id == order_id).order_by(Refund.id))
        for each in found:
            occasions = (each.origin, *(f"{key}:{each.id}" for key in keys))
            yield Row(
                f"refund {each.id} ({each.state})", occasions, each.amount if each.state in states else 0
            )

    return rows


def _parts(session: Session, order_id: int) -> Iterator[Row]:
    found: Iterable[Any] = session.execute(
        select(RefundPart.id, RefundPart.refund_id, RefundPart.amount, Refund.state)
        .join(Refund, Refund.id == RefundPart.refund_id)
        .where(RefundPart.other_work_order_id == order_id, RefundPart.kind != PartKind.CASH)
        .order_by(RefundPart.id)
    )
    for each in found:
        gone = each.state in (RefundState.PAID, RefundState.BOUNCED)
        key = f"refund_transfer_in:{each.refund_id}:{each.id}"
        yield Row(f"refund part {each.id}", (key,), each.amount if gone else 0)


_PAID = ("refund_paid", "refund_offset", "refund_bounced")
_KEPT = ("refund_reserved", "refund_released", "refund_paid", "refund_offset")

_ROWS: dict[Figure, Callable[[Session, int], Iterator[Row]]] = {
    Figure.BILL: _bill,
    Figure.DEPOSIT: _receipts(CustomerLineKind.DEPOSIT),
    Figure.SELF_PAY: _receipts(
        CustomerLineKind.SELF_PAY, CustomerLineKind.PRICE_GAP, CustomerLineKind.NON_CLAIM
    ),
    Figure.TOP_UP: _receipts(CustomerLineKind.SUPPLEMENT),
    Figure.TRANSFERRED_IN: _parts,
    Figure.RECEIVED: _payouts,
    Figure.OVER_RECEIPT: _expected,
    Figure.THIRD_PARTY: _expected,
    Figure.WRITE_OFF: _write_offs,
    Figure.REFUNDED: _refunds(RefundState.PAID, keys=_PAID),
    Figure.RESERVED: _refunds(*RESERVED, keys=_KEPT),
}


def lines_of(session: Session, order_id: int) -> str:
    """The expected lines of a repair, for a sentence about what is expected."""
    lines = [f"{each.name} {yuan(each.amount)}" for each in _expected(session, order_id)]
    return " and ".join(lines) or "no line"
