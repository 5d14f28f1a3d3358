"""What the gates room reads: open cases that may lack something, and one case that a fact is recorded of."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import and_, func, select
from sqlalchemy.orm import Session

from models.blocker import Blocker
from models.case import Case, ExpectedLine, SubmissionRound
from models.entry import balances
from models.payout import Payout
from models.refund import Refund
from models.words import OPEN_STAGES, Account, CustomerLineKind, Gate, LineKind, PayoutState, RefundState
from models.work_order import CustomerLine, WorkOrder
from tasks.gates.prefilter import blocked, may_lack

_PAGE = 500
_CASE = (
    Case.id, Case.claim_no, Case.stage, Case.is_lead, Case.is_agency_claim, Case.shop_submits_documents,
    Case.insurance_receptionist, Case.stage1_reviewer, Case.stage1_review_date, Case.dispatch_date,
    Case.invoice_date, Case.invoice_amount, Case.file_handover_date, Case.file_receiver,
    Case.insurer_accepted_date, Case.report_no, Case.accident_liability, Case.authorised_by,
    Case.authorisation_valid_to, Case.work_order_id, WorkOrder.vehicle_release_date,
    WorkOrder.repair_net_amount, WorkOrder.customer_payable_amount, WorkOrder.deposit_receipt_back_on,
)  # fmt: skip


class Invoiced(NamedTuple):
    """Invoices of a repair over all its claims: the first day and the fen; one may be for several claims."""

    on: date | None = None
    amount: int = 0


@dataclass(frozen=True)
class GateRow:
    """A case with its repair's columns, its rounds in order, and the money that bears the bill."""

    facts: Any
    rounds: tuple[tuple[date | None, date | None], ...]
    owed: int
    """What insurers still owe on the case, in fen."""
    has_expected: bool
    own: int | None
    """E_own of the repair; None while an agency claim on it has no line."""
    write_off: int
    customer_lines: tuple[tuple[CustomerLineKind, int, bool], ...]
    invoiced: Invoiced


def cases_to_look_at(session: Session, shop_id: int, on: date, case_id: int | None) -> Iterator[GateRow]:
    """Open cases that may lack something on a day, by id, a page at a time; or the one of that id."""
    after = 0
    sieve = may_lack(on) if case_id is None else Case.id == case_id
    is_open = select(Case.id).where(Case.shop_id == shop_id, Case.stage.in_(OPEN_STAGES))
    of_shop = (Case.shop_id == shop_id, Case.id.in_(is_open.union(blocked(shop_id))))
    while True:
        page = session.execute(
            select(*_CASE)
            .join(WorkOrder, WorkOrder.id == Case.work_order_id)
            .where(*of_shop, sieve, Case.id > after)
            .order_by(Case.id)
            .limit(_PAGE)
        ).all()
        if not page:
            return
        yield from _with_money(session, page)
        after = page[-1].id


def newest_since(session: Session, shop_id: int) -> date | None:
    """The newest day since which something is missing: a night run late does not undo a later one."""
    return session.scalar(
        select(func.max(Blocker.since)).where(Blocker.shop_id == shop_id, Blocker.gate == Gate.STAGE)
    )


def case_to_record(session: Session, shop_id: int, case_id: int) -> GateRow:
    """The case, open or closed, locked until the transaction ends."""
    mine = (Case.id == case_id, Case.shop_id == shop_id)
    session.execute(select(Case.id).where(*mine).with_for_update()).one()
    rows = session.execute(
        select(*_CASE).join(WorkOrder, WorkOrder.id == Case.work_order_id).where(*mine)
    ).all()
    return next(_with_money(session, rows))


def insured_names(session: Session, work_order_id: int) -> frozenset[str]:
    """The insured of every case of the repair."""
    return frozenset(session.scalars(select(Case.insured_name).where(Case.work_order_id == work_order_id)))


def unsigned_refunds(session: Session, work_order_id: int) -> list[tuple[int, date | None]]:
    """Paid refunds of the repair that nobody has signed for, oldest first: (id, paid on)."""
    rows = session.execute(
        select(Refund.id, Refund.paid_on)
        .where(
            Refund.work_order_id == work_order_id,
            Refund.state == RefundState.PAID,
            Refund.signed_by.is_(None),
        )
        .order_by(Refund.number)
    )
    return [(row.id, row.paid_on) for row in rows]


def _with_money(session: Session, page: Sequence[Any]) -> Iterator[GateRow]:
    cases, orders = [row.id for row in page], sorted({row.work_order_id for row in page})
    rounds, owed, own = _rounds(session, cases), _owed(session, cases), _own(session, orders)
    money, lies, invoices = (
        _customer_lines(session, orders),
        balances(session, orders),
        _invoices(session, orders),
    )
    for row in page:
        yield GateRow(
            facts=row,
            rounds=tuple(rounds[row.id]),
            owed=owed.get(row.id, 0),
            has_expected=row.id in owed,
            own=own.get(row.work_order_id),
            write_off=-lies[row.work_order_id][Account.WRITTEN_OFF],
            customer_lines=tuple(money[row.work_order_id]),
            invoiced=invoices.get(row.work_order_id, Invoiced()),
        )


def _rounds(session: Session, cases: Sequence[int]) -> dict[int, list[tuple[date | None, date | None]]]:
    found: defaultdict[int, list[tuple[date | None, date | None]]] = defaultdict(list)
    rows = session.execute(
        select(SubmissionRound.case_id, SubmissionRound.returned_on, SubmissionRound.resubmitted_on)
        .where(SubmissionRound.case_id.in_(cases))
        .order_by(SubmissionRound.case_id, SubmissionRound.round_no)
    )
    for case_id, returned_on, resubmitted_on in rows:
        found[case_id].append((returned_on, resubmitted_on))
    return found


def _owed(session: Session, cases: Sequence[int]) -> dict[int, int]:
    """Per case with expected lines: fen still open on those without a result."""
    came = and_(Payout.expected_line_id == ExpectedLine.id, Payout.state != PayoutState.REVERSED)
    rows = session.execute(
        select(
            ExpectedLine.case_id, ExpectedLine.amount, ExpectedLine.resolution,
            func.coalesce(func.sum(Payout.amount), 0).label("received"),
        )
        .outerjoin(Payout, came)
        .where(ExpectedLine.case_id.in_(cases))
        .group_by(ExpectedLine.id)
    )  # fmt: skip
    found: defaultdict[int, int] = defaultdict(int)
    for row in rows:
        found[row.case_id] += 0 if row.resolution else max(0, row.amount - int(row.received))
    return found


def _own(session: Session, orders: Sequence[int]) -> dict[int, int]:
    """Per repair: what insurers owe for it, over all claims; left out while a claim of ours has no line."""
    line = (ExpectedLine.work_order_id == WorkOrder.id, ExpectedLine.kind == LineKind.OWN_REPAIR)
    total = select(func.coalesce(func.sum(ExpectedLine.amount), 0)).where(*line).scalar_subquery()
    bare = (
        select(Case.id)
        .where(
            Case.work_order_id == WorkOrder.id,
            Case.is_agency_claim,
            ~select(ExpectedLine.id).where(ExpectedLine.case_id == Case.id).exists(),
        )
        .exists()
    )
    rows = session.execute(select(WorkOrder.id, total).where(WorkOrder.id.in_(orders), ~bare))
    return {ident: int(amount) for ident, amount in rows}


def _invoices(session: Session, orders: Sequence[int]) -> dict[int, Invoiced]:
    rows = session.execute(
        select(Case.work_order_id, func.min(Case.invoice_date), func.sum(Case.invoice_amount))
        .where(Case.work_order_id.in_(orders), Case.invoice_date.is_not(None))
        .group_by(Case.work_order_id)
    )
    return {order: Invoiced(on, int(amount or 0)) for order, on, amount in rows}


def _customer_lines(
    session: Session, orders: Sequence[int]
) -> dict[int, list[tuple[CustomerLineKind, int, bool]]]:
    found: defaultdict[int, list[tuple[CustomerLineKind, int, bool]]] = defaultdict(list)
    rows = session.execute(
        select(CustomerLine.work_order_id, CustomerLine.kind, CustomerLine.amount, CustomerLine.inferred)
        .where(CustomerLine.work_order_id.in_(orders))
        .order_by(CustomerLine.id)
    )
    for order_id, kind, amount, inferred in rows:
        found[order_id].append((kind, amount, inferred))
    return found
