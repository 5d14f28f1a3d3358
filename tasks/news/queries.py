"""What the news room reads: the repairs that something happened to on a business date, whole."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import and_, func, select
from sqlalchemy.orm import Session

from models.case import Case, SubmissionRound
from models.event import Event
from models.insurer import Insurer
from models.notice import Notice
from models.shop import Shop
from models.values import fen
from models.words import CustomerLineKind
from models.work_order import CustomerLine, WorkOrder

_PAGE = 500


@dataclass(frozen=True)
class RepairRow:
    """A repair with its claims, the one it is shown on first; what a heading needs, and more."""

    order: Any
    shop_name: str
    cases: tuple[Any, ...]
    rounds: dict[int, Any]
    """The round whose file is back with the shop, by case."""
    deposits: dict[date, int]
    told_deposits: dict[date, list[int]]
    told_at: Any

    def case(self, case_id: int) -> Any:
        """The claim with this id."""
        return next(case for case in self.cases if case.id == case_id)

    @property
    def insured_name(self) -> str:
        return str(self.cases[0].insured_name)

    @property
    def claim_nos(self) -> tuple[str, ...]:
        return tuple(case.claim_no for case in self.cases)

    @property
    def work_order_no(self) -> str:
        return str(self.order.work_order_no)

    @property
    def vehicle_series(self) -> str | None:
        return self.order.vehicle_series  # type: ignore[no-any-return]  # a column of a plain row

    @property
    def plate_no(self) -> str:
        return str(self.order.plate_no)

    @property
    def report_no(self) -> str | None:
        return self.cases[0].report_no  # type: ignore[no-any-return]  # a column of a plain row


def repairs_in_the_news(session: Session, shop_id: int, on: date) -> Iterator[list[RepairRow]]:
    """The repairs that an event of this business date is about, by id, a page at a time."""
    shop_name = session.execute(select(Shop.name).where(Shop.id == shop_id)).scalar_one()
    ids = _named(session, shop_id, on)
    for start in range(0, len(ids), _PAGE):
        page = ids[start : start + _PAGE]
        cases, rounds = _cases(session, page), _rounds(session, page)
        deposits, told = _deposits(session, page), _told(session, page)
        told_deposits = _told_deposits(session, page)
        orders = session.execute(
            select(WorkOrder.id, WorkOrder.work_order_no, WorkOrder.plate_no, WorkOrder.vehicle_series)
            .where(WorkOrder.id.in_(page))
            .order_by(WorkOrder.id)
        )
        yield [
            RepairRow(
                order,
                shop_name,
                tuple(cases[order.id]),
                rounds,
                deposits[order.id],
                told_deposits[order.id],
                told.get(order.id),
            )
            for order in orders
            if cases[order.id]
        ]


def _named(session: Session, shop_id: int, on: date) -> list[int]:
    today = and_(Event.shop_id == shop_id, Event.business_date == on)
    of_cases = select(Case.work_order_id).join(Event, Event.case_id == Case.id).where(today)
    of_orders = select(Event.work_order_id).where(today, Event.work_order_id.is_not(None))
    return sorted({ident for query in (of_cases, of_orders) for ident in session.scalars(query) if ident})


def _cases(session: Session, orders: Sequence[int]) -> defaultdict[int, list[Any]]:
    found = defaultdict(list)
    rows = session.execute(
        select(
            Case.id, Case.work_order_id, Case.claim_no, Case.insured_name, Case.report_no, Case.stage,
            Case.is_agency_claim, Case.shop_submits_documents, Case.insurer_accepted_date,
            Case.insurance_receptionist, Case.authorised_by, Insurer.name.label("insurer"),
        )
        .outerjoin(Insurer, Insurer.id == Case.insurer_id)
        .where(Case.work_order_id.in_(orders))
        .order_by(Case.is_lead.desc(), Case.id)
    )  # fmt: skip
    for row in rows:
        found[row.work_order_id].append(row)
    return found


def _rounds(session: Session, orders: Sequence[int]) -> dict[int, Any]:
    rows = session.execute(
        select(SubmissionRound.case_id, SubmissionRound.round_no, SubmissionRound.returned_on,
               SubmissionRound.reason)
        .join(Case, Case.id == SubmissionRound.case_id)
        .where(Case.work_order_id.in_(orders), SubmissionRound.resubmitted_on.is_(None))
        .order_by(SubmissionRound.case_id, SubmissionRound.round_no)
    )  # fmt: skip
    return {row.case_id: row for row in rows}


def _deposits(session: Session, orders: Sequence[int]) -> defaultdict[int, dict[date, int]]:
    found: defaultdict[int, dict[date, int]] = defaultdict(dict)
    rows = session.execute(
        select(CustomerLine.work_order_id, CustomerLine.received_on, func.sum(CustomerLine.amount))
        .where(CustomerLine.work_order_id.in_(orders), CustomerLine.kind == CustomerLineKind.DEPOSIT)
        .group_by(CustomerLine.work_order_id, CustomerLine.received_on)
    )
    for order_id, day, amount in rows:
        if day is not None:
            found[order_id][day] = int(amount)
    return found


def _told_deposits(session: Session, orders: Sequence[int]) -> defaultdict[int, dict[date, list[int]]]:
    """Fen of the notices of deposits, by the day that their occasions name (`telling`)."""
    found: defaultdict[int, dict[date, list[int]]] = defaultdict(dict)
    rows = session.execute(
        select(Case.work_order_id, Notice.occasion, Notice.words)
        .join(Notice, Notice.case_id == Case.id)
        .where(Case.work_order_id.in_(orders), Notice.kind == "deposit_received")
        .order_by(Notice.id)
    )
    for order_id, occasion, words in rows:
        assert isinstance(words, dict), f"not the words of a notice: {words!r}"
        day = date.fromisoformat(occasion.split(":")[2])
        found[order_id].setdefault(day, []).append(fen(words["amount"]))
    return found


_TELL_OF_PAYOUTS = ("refund_ready", "refund_waiting", "top_up_asked")


def _told(session: Session, orders: Sequence[int]) -> dict[int, Any]:
    """When a notice last named the payouts of a repair together with what becomes of them."""
    rows = session.execute(
        select(Case.work_order_id, func.max(Notice.written_at))
        .join(Notice, Notice.case_id == Case.id)
        .where(Case.work_order_id.in_(orders), Notice.kind.in_(_TELL_OF_PAYOUTS))
        .group_by(Case.work_order_id)
    )
    return {ident: newest for ident, newest in rows}  # noqa: C416 - a result has keys() of its own
