"""Run a job: lease its run, take its seat, do the work, and finish all in one transaction (design 4).

Two workers that were woken for the same run meet at the lease; two that both hold one (a frozen
worker that thawed) meet at the seat and at the fence before the commit. Either way the work is
there once or not at all.
"""

import gc
import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from typing import Any

from sqlalchemy import bindparam, select, update
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from models import past
from models.run import Run, Seat
from models.shop import Shop
from models.upsert import changed_rows
from models.values import Refusal
from models.words import RunState, Why
from worker import aside, clock, db, fault, log, parts
from worker.job import Job, Night
from worker.parts import Stopped
from worker.registry import find_job
from worker.seat import LeaseLost, Order, fail, hand_back, lease, put_off, request, seat_of, take_seat

_MANY = 50_000


HERE: set[int] = set()
"""The runs that this process works on at this moment."""


@dataclass(frozen=True)
class Result:
    """What came of a run: `fresh` is False where its seat had been taken before."""

    state: RunState
    fresh: bool
    count: int = 0
    notes: Mapping[str, Any] | None = None
    error: str | None = None


def run(order: Order) -> Result:
    """Do what is ordered, unless it was done. A Refusal is raised again after the run has recorded it."""
    wanted = find_job(order.job)
    fault.point("before_lease")
    run_id, token = _lease(order)
    fault.point("leased")
    if token is None:
        return _finished_before(run_id)
    bound = log.bind(job=order.job, business_date=str(order.date), shop=order.shop_code)
    bound.info("run_started", run=run_id)
    HERE.add(run_id)
    try:
        with _few_searches_for_cycles():
            how = _send if wanted.is_sender else _work
            result = how(wanted, order, run_id, token)
    except Stopped as stop:
        fail(run_id, token, str(stop), RunState.CANCELLED)
        raise
    except Refusal as refusal:
        fail(run_id, token, str(refusal))
        raise
    except Exception as error:
        bound.exception("run_failed", error=type(error).__name__)
        _broke(order, run_id, token, error)
        raise
    finally:
        HERE.discard(run_id)
    fault.point("committed")
    bound.info("run_finished", count=result.count, fresh=result.fresh)
    return result


@contextmanager
def _few_searches_for_cycles() -> Iterator[None]:
    """A job holds plain rows by the hundred thousand, none of them in cycles: a search at every 700th costs a
    third of a large matching run. Afterwards the process, which may be up for months, is as it was."""
    before = gc.get_threshold()
    if before[0] >= _MANY:  # a job in another thread of this process has raised it, and puts it back
        yield
        return
    gc.set_threshold(_MANY, *before[1:])
    try:
        yield
    finally:
        gc.set_threshold(*before)


def _broke(order: Order, run_id: int, token: str, error: Exception) -> None:
    """A started run whose database was away for a moment goes on by itself; all else waits for a person."""
    goes_on = order.why == Why.STARTED and isinstance(error, OperationalError)
    (put_off if goes_on else fail)(run_id, token, f"{type(error).__name__}: {error}")


def _lease(order: Order) -> tuple[int, str | None]:
    """Take the run for ourselves; no token means that it is finished or in other hands."""
    with db.transaction() as session:
        run_id = request(session, order)
        if seat_of(session, order) is not None:
            return run_id, None
        return run_id, lease(session, run_id)


def _work(wanted: Job, order: Order, run_id: int, token: str) -> Result:
    """Do it, part by part where it is long."""
    done, before = 0, Night(order.date, 0, order.shop_code, order.by, clock.now())
    while True:
        with db.transaction() as session:
            night = night_of(session, order, token)
            night.resting = aside.resting(session, wanted.name, night, order)
            parts.go_on_from(before, night)
            if not take_seat(session, order, token):
                hand_back(session, run_id, token)
                return Result(RunState.SUCCEEDED, fresh=False)
            past.record_on(session, order.date)
            done += wanted.function(session, night)  # type: ignore[call-arg, arg-type] # a sender was told apart before
            if night.rest is None:
                aside.keep(session, wanted.name, night)
                return _finish(session, run_id, night, done, order)
            stop = parts.end_part(session, run_id, order, night, done)
            fault.point("before_part_commit")
            before = night
        if stop:
            raise stop


def _send(wanted: Job, order: Order, run_id: int, token: str) -> Result:
    with db.transaction() as session:
        night = night_of(session, order, token)
    if order.why == Why.STARTED:  # nobody would take a night up again that was stopped
        night.stop_asked = partial(parts.is_asked, run_id=run_id)
    count = wanted.function(night)  # type: ignore[call-arg, arg-type] # only a sender comes here
    with db.transaction() as session:
        if night.stop_asked(session):
            raise parts.stopped_sender(run_id, order, count)
        take_seat(session, order, token)
        return _finish(session, run_id, night, count, order)


def night_of(session: Session, order: Order, token: str, *, dry_run: bool = False) -> Night:
    """What the job is told of its run. Raises Refusal for a shop that does not exist."""
    shop_id = session.scalar(_SHOP, {"code": order.shop_code})
    if shop_id is None:
        raise Refusal(
            f"There is no shop {order.shop_code}. A shop is created by its first ledger: "
            f"huikuan intake ledger FILE --shop {order.shop_code}"
        )
    return Night(
        date=order.date, shop_id=shop_id, shop_code=order.shop_code, by=order.by, at=clock.now(),
        lease_token=token, parameters=order.parameters or {}, dry_run=dry_run,
    )  # fmt: skip


def _finish(session: Session, run_id: int, night: Night, count: int, order: Order) -> Result:
    """Mark the run finished, in the transaction of its work; who lost the lease must not commit."""
    fault.point("before_commit")
    left = night.set_aside or night.resting - night.decided
    state = RunState.PARTIAL if left else RunState.SUCCEEDED
    notes = json.loads(json.dumps(night.notes, ensure_ascii=False, default=str))
    changed = {
        "state": state, "result": {"count": count, **notes}, "lease_until": None, "finished_at": clock.now(),
        **parts.at_the_end(session, run_id, order, count),
    }  # fmt: skip
    # The last safe point: what was asked to stop until now is not committed.
    mine = _STARTED if order.why == Why.STARTED else _MINE
    if not changed_rows(session.execute(mine, {"run": run_id, "token": night.lease_token, **changed})):
        parts.stop_if_asked(session, run_id, order, night)
        raise LeaseLost(f"{order.job} {order.date} {order.scope}: the lease passed to another worker")
    session.execute(_SEAT, {"of": order.job, "on": order.date, "in": order.scope, "result": count})
    return Result(state, fresh=True, count=count, notes=notes)


_RUN: Any = Run.__table__
_SEATS: Any = Seat.__table__
# Made once: every step of a night asks for them, and to make them costs more than to ask.
_SHOP = select(Shop.id).where(Shop.code == bindparam("code"))
_MINE = update(_RUN).where(_RUN.c.id == bindparam("run"), _RUN.c.lease_token == bindparam("token"))
_STARTED = _MINE.where(_RUN.c.state == RunState.RUNNING)
_SEAT = update(_SEATS).where(
    _SEATS.c.job == bindparam("of"),
    _SEATS.c.business_date == bindparam("on"),
    _SEATS.c.scope == bindparam("in"),
)


def _finished_before(run_id: int) -> Result:
    with db.reading() as session:
        row = session.execute(select(Run.state, Run.result, Run.error).where(Run.id == run_id)).one()
    notes = row.result if isinstance(row.result, dict) else {}
    return Result(row.state, fresh=False, count=int(notes.get("count", 0)), notes=notes, error=row.error)
