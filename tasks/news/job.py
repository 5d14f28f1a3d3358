"""The job of the news room."""

from collections.abc import Iterable

from sqlalchemy.orm import Session

from models.shop import whole_number
from notifications import outbox
from notifications.choices import chosen, news_key
from notifications.notices import kind_of
from tasks.news import queries, rules, stale
from tasks.news.facts import News
from tasks.news.repairs import Found, repairs
from tasks.news.telling import Teller
from worker import aside
from worker.job import Night, job

DAYS = 7
"""How old a fact may be to be news (setting `news_days`; 0 = nobody is told any news)."""


@job
def tell_customers(session: Session, night: Night) -> int:
    """Tell customers what happened to their repair: money taken, a claim on its way, a payout."""
    days = _number(session, night, "news_days", DAYS)
    patience = _number(session, night, "difference_after_days", 7)
    stale.withdraw_stale(session, night, days)
    told = 0
    for page in queries.repairs_in_the_news(session, night.shop_id, night.date):
        found = list(repairs(session, page, patience))
        stale.withdraw_outdated(session, found)
        decided = night.decide(
            found,
            lambda each: rules.news(each.repair, night.date, days),
            subject=_name,
        )
        told += aside.write(
            session,
            night,
            list(decided),
            lambda some: sum(_tell(session, night, each, news) for each, news in some),
            lambda each: _name(each[0]),
        ).done
    return told


def _name(found: Found) -> str:
    return f"work_order:{found.repair.work_order_id}"


def _number(session: Session, night: Night, key: str, default: int) -> int:
    return whole_number(session, key, default, on=night.date, shop_id=night.shop_id)


def _tell(session: Session, night: Night, found: Found, news: Iterable[News]) -> int:
    # Nothing goes out about a claim that nobody vouches for (domain 2.3), and news is not worth holding.
    if any(case.is_agency_claim and not case.authorised_by for case in found.row.cases):
        return 0
    teller = Teller(session, night, found.row, found.position)
    said = [each for each in map(teller.say, news) if _is_wanted(session, night, kind_of(type(each.words)))]
    return sum(
        outbox.put(
            session,
            each.words,
            occasion=each.occasion,
            recipient=found.row.insured_name,
            night=night,
            case_id=each.case_id,
        )
        for each in said
    )


def _is_wanted(session: Session, night: Night, kind: str) -> bool:
    return chosen(session, news_key(kind), shop_id=night.shop_id, on=night.date) != "no"
