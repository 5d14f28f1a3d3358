"""What can be measured of a running house, in Prometheus' words; nothing personal, only counts and ages."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from enum import StrEnum
from typing import Any

from prometheus_client import CollectorRegistry
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector
from sqlalchemy import Select, and_, func, select
from sqlalchemy.orm import Session

from console.house import reading
from models.bank import BankLine
from models.notice import Notice
from models.run import Run, SetAside
from models.shop import Shop
from models.sign_of_life import SignOfLife
from models.words import NoticeState, Outcome, RunState, Why
from scheduler.due import NIGHT, left_behind
from scheduler.timetable import STEPS
from worker import clock

_ENDED_WELL = (RunState.SUCCEEDED, RunState.PARTIAL)
_UNDER_WAY = (RunState.PENDING, RunState.RUNNING, RunState.FAILED)
_UNSENT = (
    NoticeState.WAITING, NoticeState.SENDING, NoticeState.UNCERTAIN, NoticeState.HELD, NoticeState.DEAD,
)  # fmt: skip

_UNEXPLAINED = (Outcome.OPEN, Outcome.PROPOSED, Outcome.UNMATCHED)


def registry() -> CollectorRegistry:
    """Everything measured anew at each scrape, from the rows."""
    found = CollectorRegistry()
    found.register(_House())
    return found


class _House(Collector):
    def collect(self) -> Iterator[GaugeMetricFamily]:
        with reading() as session:
            moment = clock.db_now(session)
            yield from (
                _last_success(session, moment), _backlog(session), _left_behind(session, moment),
                _set_aside(session), _unsent(session), _oldest_unsent(session, moment),
                _unmatched(session), _signs(session, moment),
            )  # fmt: skip

    def describe(self) -> Iterator[GaugeMetricFamily]:
        """Nothing is measured to say what is measured."""
        return iter(())


def _gauge(name: str, what: str, *labels: str) -> GaugeMetricFamily:
    return GaugeMetricFamily(f"huikuan_{name}", what, labels=labels)


def _seconds(moment: datetime, since: datetime) -> float:
    return max(0.0, (moment - since).total_seconds())


def _last_success(session: Session, moment: datetime) -> GaugeMetricFamily:
    metric = _gauge(
        "job_last_success_age_seconds", "Seconds since each job last succeeded for a shop.", "job", "shop"
    )
    for job in (NIGHT, *sorted(step.job for step in STEPS)):
        for shop, at in session.execute(_last_ends(job)):
            if at is not None:
                metric.add_metric([job, shop], _seconds(moment, at))
    return metric


def _last_ends(job: str) -> Select[str, datetime | None]:
    """When a job last went well for each shop: one look into an index for each, of however many runs."""
    last = select(func.max(Run.finished_at)).where(
        Run.job == job, Run.scope == Shop.code, Run.state.in_(_ENDED_WELL)
    )
    return select(Shop.code, last.scalar_subquery()).order_by(Shop.code)


def _backlog(session: Session) -> GaugeMetricFamily:
    metric = _gauge("runs", "Runs that are asked for and not finished, by state.", "state")
    # What a person asked for and was refused he was told; nobody is to be woken for it.
    told = and_(Run.state == RunState.FAILED, Run.job != NIGHT, Run.why.in_((Why.BY_HAND, Why.STARTED)))
    return _by_state(session, metric, Run.state, _UNDER_WAY, ~told)


def _by_state(
    session: Session, metric: GaugeMetricFamily, column: Any, states: Sequence[StrEnum], *but: Any
) -> GaugeMetricFamily:
    """How many rows there are in each of these states, none of them left out."""
    rows = session.execute(select(column, func.count()).where(column.in_(states), *but).group_by(column))
    counts = {row[0]: row[1] for row in rows}
    for state in states:
        metric.add_metric([state.value], counts.get(state, 0))
    return metric


def _left_behind(session: Session, moment: datetime) -> GaugeMetricFamily:
    metric = _gauge("nights_left_behind", "Nights that nobody will run by himself any more.", "shop")
    counts: dict[str, int] = dict.fromkeys(session.scalars(select(Shop.code).order_by(Shop.code)), 0)
    for each in left_behind(session, moment):
        counts[each.shop] += 1
    for shop, count in counts.items():
        metric.add_metric([shop], count)
    return metric


def _set_aside(session: Session) -> GaugeMetricFamily:
    metric = _gauge("set_aside", "What a step could not decide and looks at again.", "shop", "step")
    rows = session.execute(
        select(Shop.code, SetAside.step, func.count())
        .join(Shop, Shop.id == SetAside.shop_id)
        .group_by(Shop.code, SetAside.step)
        .order_by(Shop.code, SetAside.step)
    )
    for shop, step, count in rows:
        metric.add_metric([shop, step], count)
    return metric


def _unsent(session: Session) -> GaugeMetricFamily:
    metric = _gauge("notices_unsent", "Notices that have not gone, by state.", "state")
    return _by_state(session, metric, Notice.state, _UNSENT)


def _oldest_unsent(session: Session, moment: datetime) -> GaugeMetricFamily:
    metric = _gauge("notice_oldest_due_age_seconds", "Age of the oldest notice due and not gone.")
    due = (Notice.state == NoticeState.WAITING, Notice.send_after <= moment)
    oldest = session.scalars(
        select(Notice.send_after).where(*due).order_by(Notice.send_after).limit(1)
    ).first()
    metric.add_metric([], _seconds(moment, oldest) if oldest else 0.0)
    return metric


def _unmatched(session: Session) -> GaugeMetricFamily:
    metric = _gauge("unmatched_fen", "Money on bank lines not yet explained, in fen.", "shop")
    rows = session.execute(
        select(Shop.code, func.coalesce(func.sum(func.abs(BankLine.amount)), 0))
        .outerjoin(BankLine, (BankLine.shop_id == Shop.id) & (BankLine.outcome.in_(_UNEXPLAINED)))
        .group_by(Shop.code)
        .order_by(Shop.code)
    )
    for shop, amount in rows:
        metric.add_metric([shop], int(amount))
    return metric


def _signs(session: Session, moment: datetime) -> GaugeMetricFamily:
    metric = _gauge("sign_of_life_age_seconds", "Seconds since the ticker or a queue last gave a sign.", "of")
    for row in session.scalars(select(SignOfLife).order_by(SignOfLife.name)):
        metric.add_metric([row.name], _seconds(moment, row.seen_at or row.asked_at))
    return metric
