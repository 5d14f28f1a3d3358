"""The job of the follow-ups room."""

from datetime import date

from sqlalchemy.orm import Session

from models.business_day import load_calendar
from models.errand import NewErrand, give
from models.shop import whole_number
from models.words import Audience, ErrandKind, Role
from notifications import errands, outbox
from notifications.addresses import Recipient, has_opted_out
from notifications.choices import chosen, news_key
from notifications.heading import heading
from notifications.notices import SatisfactionCall
from notifications.wording import day
from tasks.followups import queries, rules
from tasks.followups.queries import Closed
from worker.job import Night, job

WORKDAYS = 3
"""After closing (setting `callback_after_days`; 0 = nobody is called)."""


@job
def announce_callbacks(session: Session, night: Night) -> int:
    """Announce one call to each customer whose repair was closed, and give it to whoever handled it."""
    if chosen(session, news_key("satisfaction_call"), shop_id=night.shop_id, on=night.date) == "no":
        return 0
    asked = whole_number(session, "callback_after_days", WORKDAYS, on=night.date, shop_id=night.shop_id)
    on = rules.call_on(night.date, asked, load_calendar(session))
    if on is None:
        return 0
    found = queries.closed_tonight(session, night.shop_id, night.date)
    return sum(_announce(session, night, closed, on) for closed in found if _may(session, night, closed))


def _may(session: Session, night: Night, closed: Closed) -> bool:
    who = Recipient(night.shop_id, Audience.CUSTOMER, closed.insured_name, closed.case.id)
    return not has_opted_out(session, who)


def _announce(session: Session, night: Night, closed: Closed, on: date) -> bool:
    case = closed.case
    occasion = f"satisfaction_call:{case.work_order_id}"
    words = SatisfactionCall(
        **heading(session, night, closed, f"HF{night.date:%Y%m%d}-{case.id}"),
        closed_on=day(night.date),
        call_on=day(on),
    )
    given = give(session, [_errand(night, closed, on, occasion)])
    errands.tell(session, night, given)
    return outbox.put(
        session, words, occasion=occasion, recipient=closed.insured_name, night=night, case_id=case.id
    )


def _errand(night: Night, closed: Closed, on: date, occasion: str) -> NewErrand:
    case = closed.case
    owner = case.insurance_receptionist if closed.handler_is_active else Role.MANAGER
    return NewErrand(
        shop_id=night.shop_id,
        case_id=case.id,
        kind=ErrandKind.CALLBACK,
        occasion=occasion,
        owner=owner,
        what=f"{case.claim_no} 已于 {night.date} 结案，请在 {on} 前后电话回访一次：维修质量和办理速度。",
        command=f"huikuan case show {case.claim_no} --shop {night.shop_code}",
        amount=None,
        opened_on=night.date,
        pass_on=None,
    )
