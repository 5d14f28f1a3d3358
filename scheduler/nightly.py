"""The night of one shop: its steps in order, each with a seat; and which nights are still to be run."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from models.run import Run, Seat
from models.shop import Shop
from models.values import Refusal
from models.words import RunState
from scheduler import pending
from scheduler.timetable import CATCH_UP_DAYS, NIGHT_STARTS_AT, STEPS, check
from worker import clock, db, log
from worker.app import handles
from worker.registry import load_jobs
from worker.run import Result, run
from worker.seat import LEASE, Order, fail, lease, request, take_seat

NIGHT = "night"
SYSTEM = "system"


def request_night(session: Session, day: date, shop: str, *, by: str, why: str) -> tuple[int, bool]:
    """Write a shop's night down; returns (run id, whether there is anything left to do).

    A finished night is run again only when facts have come since: under a scope of its own, so that
    every step looks again.
    """
    scope = shop
    number = 1
    while _is_seated(session, NIGHT, day, scope):
        if not pending.facts(session, shop, day):
            return _run_id(session, day, scope), False
        number += 1
        scope = f"{shop}+{number}"
    return request(session, Order(NIGHT, day, shop, scope, by=by, why=why)), True


@handles(NIGHT)
def run_night(run_id: int) -> None:
    """Run the night that stands in row `run_id`; finished steps are skipped, so resume is run again."""
    check(load_jobs())
    with db.transaction() as session:
        token = lease(session, run_id)
        row = session.execute(select(Run).where(Run.id == run_id)).scalar_one()
    if token is None or row.state in (RunState.SUCCEEDED, RunState.PARTIAL):
        return
    order = Order(NIGHT, row.business_date, _shop_of(row), row.scope, by=row.requested_by, why=row.why)
    try:
        results = list(_steps(order, run_id, token))
    except Refusal as refusal:
        fail(run_id, token, str(refusal))
    except Exception as error:  # noqa: BLE001 - a broken shop stops nobody else; the step has logged it whole
        fail(run_id, token, f"{type(error).__name__}: {error}")
        log.bind(job=NIGHT, shop=order.shop_code, business_date=str(order.date)).error("night_failed")
    else:
        _finish(order, run_id, token, results)


def _shop_of(row: Run) -> str:
    parameters = row.parameters if isinstance(row.parameters, dict) else {}
    return str(parameters["shop"])


def _steps(night: Order, run_id: int, token: str) -> Iterator[Result]:
    for number, step in enumerate(STEPS):
        _show(run_id, token, number, step.title)
        # Whoever asked for the night, its steps act as the system: it prepares and never approves.
        yield run(Order(step.job, night.date, night.shop_code, night.scope, by=SYSTEM, why=night.why))
    _show(run_id, token, len(STEPS), "done")


def _show(run_id: int, token: str, done: int, title: str) -> None:
    """Let whoever watches see how far it is, and keep the lease."""
    with db.transaction() as session:
        session.execute(
            update(Run)
            .where(Run.id == run_id, Run.lease_token == token)
            .values(
                progress={"done": done, "total": len(STEPS), "step": title},
                lease_until=clock.db_now(session) + LEASE,
            )
        )


def _finish(night: Order, run_id: int, token: str, results: list[Result]) -> None:
    state = (
        RunState.PARTIAL if any(each.state is RunState.PARTIAL for each in results) else RunState.SUCCEEDED
    )
    with db.transaction() as session:
        take_seat(session, night, token)
        session.execute(
            update(Run)
            .where(Run.id == run_id, Run.lease_token == token)
            .values(state=state, lease_until=None, finished_at=clock.now())
        )


def due_nights(session: Session, at: datetime) -> Iterator[tuple[str, date]]:
    """For every shop the oldest night that should have finished by now and has not."""
    newest = clock.night_to_run(at, NIGHT_STARTS_AT)
    shops = session.execute(select(Shop.code, Shop.nights_from).order_by(Shop.code)).all()
    for shop in shops:
        if shop.nights_from is None:
            continue
        day = max(shop.nights_from, newest - timedelta(days=CATCH_UP_DAYS - 1))
        while day <= newest and _is_seated(session, NIGHT, day, shop.code):
            day += timedelta(days=1)
        if day <= newest:
            yield shop.code, day


def _is_seated(session: Session, job: str, day: date, scope: str) -> bool:
    seat = select(Seat.job).where(Seat.job == job, Seat.business_date == day, Seat.scope == scope)
    return session.execute(seat).first() is not None


def _run_id(session: Session, day: date, scope: str) -> int:
    return session.execute(
        select(Run.id).where(Run.job == NIGHT, Run.business_date == day, Run.scope == scope)
    ).scalar_one()
