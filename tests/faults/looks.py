"""What is looked at while a world lives on."""

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from models.notice import Notice
from models.run import Run, Seat
from models.sign_of_life import TICKER, SignOfLife
from models.words import NoticeState, RunState
from tests.faults import story

_UNDER_WAY = (RunState.PENDING, RunState.RUNNING)
_UNSENT = (NoticeState.WAITING, NoticeState.SENDING)


def has_nights(session: Session, days: Sequence[date]) -> bool:
    """Whether every shop has the nights of these days, and nothing at all waits or runs."""
    seats = select(func.count()).where(
        Seat.job == "night", Seat.business_date.in_(days), Seat.scope.in_(story.SHOPS)
    )
    under_way = select(func.count()).where(Run.state.in_(_UNDER_WAY))
    done = session.execute(seats).scalar_one() == len(days) * len(story.SHOPS)
    return done and session.execute(under_way).scalar_one() == 0


def mail_waits(session: Session, moment: datetime) -> bool:
    """Whether mail that may go out has not."""
    due = (Notice.state.in_(_UNSENT), Notice.send_after <= moment)
    return bool(session.scalar(select(func.count()).where(*due)))


def last_tick(session: Session) -> datetime | None:
    return session.scalar(select(SignOfLife.seen_at).where(SignOfLife.name == TICKER))


def is_held_up(session: Session) -> bool:
    """Whether somebody waits for what another has locked."""
    waits = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
    return bool(session.scalar(text(waits)))


def under_way(session: Session) -> list[str]:
    """What has not ended well, runs and mail."""
    runs = session.scalars(select(Run).where(Run.state != RunState.SUCCEEDED).order_by(Run.id))
    mail = session.scalars(select(Notice).where(Notice.state.in_(_UNSENT)).order_by(Notice.id))
    return [
        f"{row.job} {row.business_date} {row.scope} {row.state} {row.attempts} {row.error}"
        for row in runs.fetchmany(12)
    ] + [
        f"{row.occasion} {row.state} {row.send_after} {row.lease_until} {row.attempts} {row.error}"
        for row in mail.fetchmany(12)
    ]
