"""Rows of a repair as the facts that the rules of news are given."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any, NamedTuple

from sqlalchemy.orm import Session

from models.refund import Position
from models.words import DifferenceState, Stage
from tasks.news import money_queries
from tasks.news.facts import Claim, Money, Payment, Repair, Returned, Short
from tasks.news.queries import RepairRow
from worker.clock import SHANGHAI

_HOLDS = ("payout_expected", "dispute_open", "reclaim_open")
"""Why the customer's money stays until the insurer's is settled, as positions say it."""


class Found(NamedTuple):
    """A repair as rows and as facts; `position` is there where its money can be told."""

    row: RepairRow
    repair: Repair
    position: Position | None


def repairs(session: Session, page: list[RepairRow], patience: int) -> Iterator[Found]:
    """A page of repairs; `patience` in days makes a payout that is short a difference."""
    ids = [row.order.id for row in page]
    payments, rest = money_queries.payments(session, ids), money_queries.still_expected(session, ids)
    refunds, positions = money_queries.refunds(session, ids), money_queries.positions(session, ids)
    differences, last = money_queries.differences(session, ids), money_queries.last_payouts(session, ids)
    for row in page:
        order, position = row.order.id, positions.get(row.order.id)
        last_on, open_or_settled = last.get(order), differences[order]
        repair = Repair(
            work_order_id=order,
            lead_case_id=row.cases[0].id,
            claims=tuple(_claim(case, row.rounds.get(case.id)) for case in row.cases),
            deposits=row.deposits,
            told_deposits=row.told_deposits,
            payments=tuple(_payment(each, rest.get(each.case_id, 0)) for each in payments[order]),
            refunds=tuple(_returned(each) for each in refunds[order]),
            shorts=tuple(_shorts(open_or_settled, last_on, patience)),
            money=_money(position, row, rest, open_or_settled, last_on) if position else None,
            told_on=row.told_at.astimezone(SHANGHAI).date() if row.told_at else None,
        )
        yield Found(row, repair, position)


def _payment(row: Any, still_expected: int) -> Payment:
    return Payment(row.case_id, row.match_id, row.received_on, int(row.amount), still_expected)


def _returned(row: Any) -> Returned:
    return Returned(row.id, int(row.cash), row.paid_on, row.number or "", row.signed_by or "")


def _claim(case: Any, back: Any) -> Claim:
    return Claim(
        case_id=case.id, is_agency=case.is_agency_claim,
        goes_to_insurer=bool(case.is_agency_claim or case.shop_submits_documents),
        is_closed=case.stage is Stage.CLOSED, accepted_on=case.insurer_accepted_date,
        round_no=back.round_no if back else 0, returned_on=back.returned_on if back else None,
        reason=(back.reason or "") if back else "",
    )  # fmt: skip


def _shorts(differences: list[Any], last_on: date | None, patience: int) -> Iterator[Short]:
    for each in differences:
        if each.state is DifferenceState.OPEN and each.amount > 0:
            since = each.payment_final_on or (last_on and last_on + timedelta(days=patience))
            yield Short(each.id, each.amount, each.resolution, since)


def _money(position: Any, row: RepairRow, rest: dict[int, int], differences: list[Any], last: Any) -> Money:
    settled = [each.resolved_on for each in differences if each.resolved_on]
    is_open = any(each.state is DifferenceState.OPEN for each in differences)
    return Money(
        received=position.received, topup_due=position.topup_due,
        refund_open=position.refund_due - position.refunded, customer_paid=position.customer_paid,
        over_receipt=position.over_receipt, is_held_back=position.hold_reason in _HOLDS,
        insurer_is_done=not is_open and not any(rest.get(case.id) for case in row.cases),
        last_on=max([day for day in (last, *settled) if day], default=None),
    )  # fmt: skip
