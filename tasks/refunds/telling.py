"""Tell the customer what comes back: the words of the notice, masked (domain 3.2)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy.orm import Session

from models.business_day import load_calendar
from models.calendar import Calendar
from models.shop import setting
from models.values import in_words, mask_name, mask_plate, mask_report_no
from models.words import CustomerLineKind, HeldBecause
from notifications.notices import Arrival, RefundReady
from notifications.wording import day, money
from tasks.refunds import notice_queries
from tasks.refunds.notice_queries import Told
from worker.job import Night

_PROMISE_WORKDAYS = 5
_OBJECT_DAYS = 7


@dataclass(frozen=True)
class Telling:
    """A notice, whom it is for, and why it is kept back if it is."""

    notice: RefundReady
    recipient: str
    case_id: int
    hold: HeldBecause | None


def refund_ready(session: Session, night: Night, refund_id: int) -> Telling:
    """The 退款通知 of an approved refund; held for a case that nobody vouches for (domain 2.3)."""
    told = notice_queries.refund_told(session, refund_id)
    arrivals = notice_queries.arrivals(session, told.work_order_id)
    hold = None if told.authorised else HeldBecause.NO_AUTHORISATION
    return Telling(_words(session, night, told, arrivals), told.insured_name, told.case_id, hold)


def _words(
    session: Session, night: Night, told: Told, arrivals: Sequence[notice_queries.Arrived]
) -> RefundReady:
    def chosen(key: str, default: object) -> str:
        return str(setting(session, key, on=night.date, default=default, shop_id=night.shop_id))

    promise = int(chosen("refund_promise_workdays", _PROMISE_WORKDAYS))
    parts = told.customer_lines
    return RefundReady(
        notice_no=f"TK{night.date:%Y%m%d}-{told.refund_id}",
        date=day(night.date),
        shop_name=told.shop_name,
        shop_contact=chosen("shop_phone", ""),
        customer=mask_name(told.insured_name),
        claim_no="、".join(told.claim_nos),
        work_order_no=told.work_order_no,
        vehicle_series=told.vehicle_series or "",
        plate=mask_plate(told.plate_no),
        report_no=mask_report_no(told.report_no or "") if told.report_no else "",
        bill=money(told.bill),
        received=money(told.received),
        customer_paid=money(told.customer_paid),
        deposit=_shown(parts.get(CustomerLineKind.DEPOSIT)),
        self_pay=_shown(parts.get(CustomerLineKind.SELF_PAY)),
        price_gap=_shown(parts.get(CustomerLineKind.PRICE_GAP)),
        non_claim=_shown(parts.get(CustomerLineKind.NON_CLAIM)),
        third_party=_shown(told.third_party),
        over_receipt=_shown(told.over_receipt),
        write_off=_shown(told.write_off),
        refunded=_shown(told.refunded),
        amount=money(told.amount),
        amount_in_words=in_words(told.amount),
        resolution=told.resolution,
        arrivals=tuple(Arrival(each.insurer, day(each.received_on), money(each.amount)) for each in arrivals),
        refund_due=money(told.refund_due),
        account_tail="",
        expected_on=day(_workdays_after(load_calendar(session), night, promise)),
        object_days=chosen("refund_object_days", _OBJECT_DAYS),
    )


def _shown(amount: int | None) -> str:
    return money(amount) if amount else ""


def _workdays_after(calendar: Calendar, night: Night, workdays: int) -> date:
    current = night.date
    while workdays:
        current += timedelta(days=1)
        workdays -= calendar.is_workday(current)
    return current
