"""What the ledgers room reads: the cases of a month with all their facts, as plain rows in bulk."""

from collections.abc import Iterator
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, select, union
from sqlalchemy.orm import InstrumentedAttribute, Session

from models import bulk
from models.case import CLOSED_CASE_DATES, Case, SubmissionRound
from models.insurer import Insurer, InsurerGroup
from models.ledger import LedgerBuild
from models.payout import Payout
from models.refund import Refund
from models.shop import Shop
from models.words import OPEN_STAGES, Stage
from models.work_order import CustomerLine, WorkOrder
from tasks.ledgers import facts
from tasks.ledgers.repair_queries import lines, rounds, work_orders
from tasks.ledgers.spans import Repairs, Span
from tasks.ledgers.then import changed_later, then

_CASE_TEXTS = (
    "insurance_receptionist", "insured_name", "plate_no", "accident_liability", "stage1_reviewer",
    "file_receiver", "closed_by", "difference_note",
)  # fmt: skip
_CASE_VALUES = (
    "claim_no", "is_lead", "dispatch_date", "is_agency_claim", "shop_submits_documents", "stage1_review_date",
    "invoice_amount", "invoice_date", "file_handover_date", "insurer_accepted_date", "closed_date",
)  # fmt: skip


class Build(NamedTuple):
    """A workbook that was written: its place below HUIKUAN_HOME and the hash of its bytes."""

    path: str
    sha256: str


def cases_of_month(
    session: Session, shop_id: int, span: Span, among: Repairs | None = None
) -> list[facts.Case]:
    """Every case that may stand in the ledger, with the other claims on the same repair, by claim number.

    A coarse choice by SQL: the rules decide which of them do. `among` looks at those repairs alone.
    """
    repairs = _repairs(session, shop_id, span, among)
    known = then(session, repairs, span)
    orders = work_orders(session, repairs, span, known)
    expected, turned = lines(session, repairs, known), rounds(session, repairs, known)
    branches = _insurers(session)
    found = session.execute(
        select(
            Case.id,
            Case.work_order_id,
            Case.stage,
            Case.report_no,
            Case.policy_no,
            Case.insurer_id,
            *(getattr(Case, name) for name in (*_CASE_VALUES, *_CASE_TEXTS)),
        )
        .where(Case.work_order_id.in_(repairs))
        .order_by(Case.claim_no)
    )
    return [
        _case(row, orders[row.work_order_id], expected[row.id], turned[row.id], branches[row.insurer_id])
        for row in known.rows("claim_case", found)
    ]


class Branch(NamedTuple):
    """An insurer, and the group it belongs to."""

    name: str = ""
    group: str = ""


def _insurers(session: Session) -> dict[int | None, Branch]:
    found = session.execute(
        select(Insurer.id, Insurer.name, InsurerGroup.name)
        .outerjoin(InsurerGroup, InsurerGroup.id == Insurer.group_id)
        .order_by(Insurer.id)
    )
    return {None: Branch(), **{ident: Branch(name, group or "") for ident, name, group in found}}


def _repairs(session: Session, shop_id: int, span: Span, among: Repairs | None) -> Repairs:
    """Work orders with an open case, or with anything dated in the month, or closed in it or later.

    As known on a day: also those of which anything was recorded after it. Each condition is asked by itself,
    by an index: in one OR the database would look at every case that the shop ever had.
    """
    chosen = union(*(each if among is None else _within(each, among) for each in _choices(shop_id, span)))
    return bulk.listed(session, session.scalars(chosen).all())


def _within(choice: Select[int], among: Repairs) -> Select[int]:
    found = choice.subquery()
    return select(found.c.work_order_id).where(found.c.work_order_id.in_(among))


def _choices(shop_id: int, span: Span) -> Iterator[Select[int]]:
    def dated(column: InstrumentedAttribute[date | None]) -> ColumnElement[bool]:
        return column.between(span.first, span.as_of)

    of_shop = select(Case.work_order_id).where(Case.shop_id == shop_id)
    yield of_shop.where(Case.stage.in_(OPEN_STAGES))
    closed = of_shop.where(Case.stage == Stage.CLOSED)
    yield closed.where(Case.closed_date >= span.first)
    for column in CLOSED_CASE_DATES:
        yield closed.where(dated(getattr(Case, column)))
    repair = of_shop.join(WorkOrder, WorkOrder.id == Case.work_order_id)
    yield repair.where(WorkOrder.shop_id == shop_id, dated(WorkOrder.vehicle_release_date))
    for turned in (SubmissionRound.returned_on, SubmissionRound.resubmitted_on):
        yield of_shop.join(SubmissionRound, SubmissionRound.case_id == Case.id).where(dated(turned))
    yield of_shop.join(Payout, Payout.case_id == Case.id).where(dated(Payout.received_on))
    received = CustomerLine.work_order_id == Case.work_order_id
    yield of_shop.join(CustomerLine, received).where(dated(CustomerLine.received_on))
    for gone in (Refund.paid_on, Refund.bounced_on):
        refund = of_shop.join(Refund, Refund.work_order_id == Case.work_order_id)
        yield refund.where(Refund.shop_id == shop_id, dated(gone))
    if span.known_on is not None:
        yield of_shop.where(Case.work_order_id.in_(changed_later(span)))


def _case(
    row: Any, order: facts.WorkOrder, expected: list[facts.Line], turned: list[facts.Round], insurer: Branch
) -> facts.Case:
    texts: dict[str, Any] = {name: str(getattr(row, name) or "") for name in _CASE_TEXTS}
    return facts.Case(
        **{name: getattr(row, name) for name in _CASE_VALUES},
        **texts,
        work_order=order,
        insurer_name=insurer.name,
        insurer_group=insurer.group,
        report_no=row.report_no or row.policy_no or "",
        lines=tuple(expected),
        rounds=tuple(turned),
        closed=row.stage is Stage.CLOSED,
    )


def shop_name(session: Session, shop_id: int) -> str:
    return session.execute(select(Shop.name).where(Shop.id == shop_id)).scalar_one()


def builds(session: Session, shop_id: int, month: str, built_on: date) -> list[Build]:
    """The workbooks of a month already built on a day, in their order."""
    found = session.execute(
        select(LedgerBuild.path, LedgerBuild.sha256)
        .where(LedgerBuild.shop_id == shop_id, LedgerBuild.month == month, LedgerBuild.built_on == built_on)
        .order_by(LedgerBuild.id)
    )
    return [Build(*row) for row in found]
