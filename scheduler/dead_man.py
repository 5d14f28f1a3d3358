"""Telling the dead man's switch how the nights go: that one starts, that all went well, that one failed."""

from datetime import date

from sqlalchemy import func, select

from models.run import Run
from models.values import Refusal
from models.words import Why
from notifications.channels.ping import Call, ping
from scheduler.due import NIGHT, lacking
from worker import db, log
from worker.seat import Order
from worker.settings import settings


def starts(night: Order) -> None:
    """The first shop's night of a date starts."""
    if not _is_told(night):
        return
    with db.reading() as session:
        begun = session.execute(
            select(func.count()).where(
                Run.job == NIGHT, Run.business_date == night.date, Run.started_at.is_not(None)
            )
        ).scalar_one()
    if begun <= 1:
        _call(Call.START, night.date, "the night starts")


def ended(night: Order) -> None:
    """A shop's night went well; with the last shop's, all did."""
    if not _is_told(night):
        return
    with db.reading() as session:
        lack = lacking(session, night.date)
    if not lack:
        _call(Call.WELL, night.date, "every shop's night is finished")


def failed(night: Order) -> None:
    """A shop's night stopped. It is tried again; the switch is told each time."""
    if _is_told(night):
        _call(Call.FAIL, night.date, f"the night stopped for {night.shop_code}: huikuan night status")


def _is_told(night: Order) -> bool:
    return settings().ping_url is not None and night.why != Why.BY_HAND


def _call(call: Call, day: date, what: str) -> None:
    url = settings().ping_url
    assert url is not None
    try:
        wrong = ping(url.get_secret_value(), call, f"{day}: {what}")
    except (Refusal, ValueError):  # no address at all: whoever watches must not stop the night
        wrong = "HUIKUAN_PING_URL is of no use; see huikuan doctor"
    if wrong:
        log.bind(job=NIGHT, business_date=str(day)).warning("ping_failed", call=call.name, error=wrong)
