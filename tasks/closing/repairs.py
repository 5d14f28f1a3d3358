"""What the checklist asks of the repairs of some cases, per work order."""

from collections import defaultdict
from collections.abc import Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models.case import Case, ExpectedLine
from models.run import SetAside
from models.words import CustomerLineKind, LineKind
from models.work_order import CustomerLine


def insured(session: Session, orders: Sequence[int]) -> dict[int, frozenset[str]]:
    """The insured of every case of each repair."""
    rows = session.execute(
        select(Case.work_order_id, Case.insured_name).where(Case.work_order_id.in_(orders))
    )
    found: defaultdict[int, set[str]] = defaultdict(set)
    for order, name in rows:
        found[order].add(name)
    return {order: frozenset(names) for order, names in found.items()}


def of_customers(session: Session, orders: Sequence[int], kind: CustomerLineKind) -> dict[int, int]:
    """Fen of one kind of customers' money per repair."""
    rows = session.execute(
        select(CustomerLine.work_order_id, func.sum(CustomerLine.amount))
        .where(CustomerLine.work_order_id.in_(orders), CustomerLine.kind == kind)
        .group_by(CustomerLine.work_order_id)
    )
    return {order: int(amount or 0) for order, amount in rows}


def set_aside(session: Session, orders: Sequence[int]) -> frozenset[int]:
    """Repairs that a step of the night could not decide, or whose money did not add up."""
    subjects = {f"work_order:{order}": order for order in orders}
    aside = session.scalars(select(SetAside.subject).where(SetAside.subject.in_(subjects)))
    return frozenset(subjects[subject] for subject in aside)


def invoices(session: Session, orders: Sequence[int]) -> dict[int, int]:
    """Fen of the invoices of each repair, over its claims; repairs without one are left out."""
    rows = session.execute(
        select(Case.work_order_id, func.sum(Case.invoice_amount))
        .where(Case.work_order_id.in_(orders), Case.invoice_amount.is_not(None))
        .group_by(Case.work_order_id)
    )
    return {order: int(amount or 0) for order, amount in rows}


def own_expected(session: Session, orders: Sequence[int]) -> dict[int, int]:
    """E_own per repair, in fen: what insurers owe for it, over all claims."""
    rows = session.execute(
        select(ExpectedLine.work_order_id, func.sum(ExpectedLine.amount))
        .where(ExpectedLine.work_order_id.in_(orders), ExpectedLine.kind == LineKind.OWN_REPAIR)
        .group_by(ExpectedLine.work_order_id)
    )
    return {order: int(amount or 0) for order, amount in rows}
