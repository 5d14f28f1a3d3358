"""Tell the customer what comes back: the words of the notice, masked (domain 3.2)."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from sqlalchemy import or_, update
from sqlalchemy.orm import Session

from models.business_day import load_calendar
from models.calendar import Calendar
from models.notice import Notice
from models.shop import setting
from models.values import in_words, mask_account
from models.words import HeldBecause, NoticeState, PartKind
from notifications.heading import heading
from notifications.notices import RefundReady, RefundUnclaimed
from notifications.reckoning import reckoning
from notifications.wording import day, money
from tasks.refunds import notice_queries, part_queries
from tasks.refunds.notice_queries import Told
from tasks.refunds.reminding import Reminder
from worker.job import Night

_PROMISE_WORKDAYS = 5
_OBJECT_DAYS = 7
_KEPT = "这笔退款一直是您的，本店为您保留，您随时可以来领取。"
_SETTLED = "本次退款已全部按上面的方式办理，您不需要到店领取。"


@dataclass(frozen=True)
class Telling:
    """A notice, whom it is for, and why it is kept back if it is."""

    notice: RefundReady | RefundUnclaimed
    recipient: str
    case_id: int
    hold: HeldBecause | None


def refund_ready(session: Session, night: Night, refund_id: int) -> Telling:
    """The 退款通知 of an approved refund; held for a case that nobody vouches for (domain 2.3)."""
    told = notice_queries.refund_told(session, refund_id)
    hold = None if told.authorised else HeldBecause.NO_AUTHORISATION
    parts = part_queries.parts_of(session, refund_id)
    words = replace(
        _words(session, night, told),
        account_tail=_account_tail(session, night, refund_id),
        given=how_given(parts),
        settled=_SETTLED if parts and all(part.kind is not PartKind.CASH for part in parts) else "",
    )
    return Telling(words, told.insured_name, told.case_id, hold)


def refund_unclaimed(
    session: Session, night: Night, refund_id: int, cash: int, since: date, reminder: Reminder
) -> Telling:
    """The 待领退款提醒 of a refund that has been lying ready since a day; `cash` in fen."""
    told = notice_queries.refund_told(session, refund_id)
    notice = RefundUnclaimed(
        **heading(session, night, told, f"DL{night.date:%Y%m%d}-{refund_id}"),
        amount=money(cash), amount_in_words=in_words(cash), ready_since=day(since), days=str(reminder.days),
        kept=_KEPT if reminder.is_last else "",
    )  # fmt: skip
    hold = None if told.authorised else HeldBecause.NO_AUTHORISATION
    return Telling(notice, told.insured_name, told.case_id, hold)


def _account_tail(session: Session, night: Night, refund_id: int) -> str:
    account = part_queries.account_of(session, night.shop_id, part_queries.payee_of(session, refund_id))
    return mask_account(account.number) if account else ""


def how_given(parts: Sequence[part_queries.Part]) -> str:
    """The parts of a split refund as one sentence; '' where all of it is money."""
    words = {
        PartKind.CASH: "付给您{}元",
        PartKind.OFFSET: "抵减您在派工单{}的应付款{}元",
        PartKind.OTHER_ORDER: "转作派工单{}的款项{}元",
    }
    shown = [
        words[part.kind].format(*filter(None, (part.work_order_no, money(part.amount)))) for part in parts
    ]
    return f"其中{'，'.join(shown)}。" if shown else ""


def take_back(session: Session, refund_id: int) -> None:
    """A notice of a refund that is not approved any more does not go out, unless it has gone."""
    own = or_(
        Notice.occasion == f"refund_ready:{refund_id}",
        Notice.occasion.startswith(f"refund_ready:{refund_id}:"),
    )
    session.execute(
        update(Notice)
        .where(own, Notice.state.in_((NoticeState.WAITING, NoticeState.HELD)))
        .values(state=NoticeState.SUPPRESSED)
        .execution_options(synchronize_session="fetch")
    )


def _words(session: Session, night: Night, told: Told) -> RefundReady:
    def chosen(key: str, default: object) -> str:
        return str(setting(session, key, on=night.date, default=default, shop_id=night.shop_id))

    promise = int(chosen("refund_promise_workdays", _PROMISE_WORKDAYS))
    return RefundReady(
        **heading(session, night, told, f"TK{night.date:%Y%m%d}-{told.refund_id}"),
        **reckoning(session, told.position),
        amount=money(told.amount),
        amount_in_words=in_words(told.amount),
        refund_due=money(told.position.refund_due),
        account_tail="",
        expected_on=day(_workdays_after(load_calendar(session), night, promise)),
        object_days=chosen("refund_object_days", _OBJECT_DAYS),
    )


def _workdays_after(calendar: Calendar, night: Night, workdays: int) -> date:
    current = night.date
    while workdays:
        current += timedelta(days=1)
        workdays -= calendar.is_workday(current)
    return current
