"""The night of one shop: its steps in order, each with a seat."""

import time
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any
from uuid import uuid4

from sqlalchemy import bindparam, select, update
from sqlalchemy.orm import Session

from models.run import Run, Seat
from models.values import Refusal
from models.words import RunState, Why
from scheduler import dead_man, handing_over, pending
from scheduler.due import NIGHT, note_whole
from scheduler.timetable import STEPS, Step, check
from worker import clock, db, fault, log
from worker.app import handles
from worker.registry import load_jobs
from worker.run import run
from worker.seat import LEASE, Order, fail, lease, request, take_seat

SYSTEM = "system"

Parts = Mapping[str, Sequence[str] | None]
"""Some steps of a night, by job; each with the subjects it is about, or None for all."""


def request_night(session: Session, day: date, shop: str, *, by: str, why: str) -> tuple[int, bool]:
    """Write a shop's night down; returns (run id, whether there is anything left to do).

    A finished night is run again only when facts have come since: under a scope of its own, so that
    every step looks again.
    """
    scope = shop
    number = 1
    while _is_seated(session, day, scope):
        if not pending.facts(session, shop, day):
            return _run_id(session, day, scope), False
        number += 1
        scope = f"{shop}+{number}"
    return request(session, Order(NIGHT, day, shop, scope, by=by, why=why)), True


def request_parts(session: Session, day: date, shop: str, parts: Parts, *, by: str) -> int:
    """Write down that some steps of a night are done once more, for all or for some subjects."""
    # No running number: of two who ask at the same moment the second would get the run of the first.
    scope = f"{shop}:part+{uuid4().hex[:12]}"
    return request(
        session, Order(NIGHT, day, shop, scope, by=by, why=Why.BY_HAND, parameters={"parts": parts})
    )


@handles(NIGHT)
def run_night(run_id: int) -> None:
    """Run the night that stands in row `run_id`; finished steps are skipped, so resume is run again."""
    check(load_jobs())
    with db.transaction() as session:
        order = _order(session, run_id)
        token = _take_up(session, order, run_id)
    if token is None:
        return
    try:
        dead_man.starts(order)
        _do_steps(order, run_id, token)
    except Refusal as refusal:
        fail(run_id, token, str(refusal))
        dead_man.failed(order)
    except handing_over.HandOver as reason:
        handing_over.let_go(run_id, token, reason)
    except Exception as error:  # noqa: BLE001 - a broken shop stops nobody else; the step has logged it whole
        fail(run_id, token, f"{type(error).__name__}: {error}")
        log.bind(job=NIGHT, shop=order.shop_code, business_date=str(order.date)).error("night_failed")
        dead_man.failed(order)
    else:
        _finish(order, run_id, token)
        dead_man.ended(order)


def _order(session: Session, run_id: int) -> Order:
    row = session.execute(select(Run).where(Run.id == run_id)).scalar_one()
    given: dict[str, Any] = dict(row.parameters) if isinstance(row.parameters, dict) else {}
    shop = str(given.pop("shop"))
    return Order(
        NIGHT, row.business_date, shop, row.scope, by=row.requested_by, why=row.why, parameters=given
    )


def _take_up(session: Session, night: Order, run_id: int) -> str | None:
    """Lease a night; None where it is in other hands or done."""
    if not _is_seated(session, night.date, night.scope):
        return lease(session, run_id)
    # Who did it may have lost its lease, and another have let go of it since: nobody else would close it.
    _close(session, night, run_id)
    return None


def _do_steps(night: Order, run_id: int, token: str) -> None:
    parts, steps, began = _parts(night), _steps(night), time.monotonic()
    for number, step in enumerate(steps):
        fault.point("between_steps")
        handing_over.after(began)
        _show(run_id, token, number, len(steps), step.title)
        only = None if parts is None else parts[step.job]
        # Whoever asked for the night, its steps act as the system: it prepares and never approves.
        result = run(
            Order(
                step.job, night.date, night.shop_code, night.scope, by=SYSTEM, why=night.why,
                parameters=None if only is None else {"only": list(only)},
            )
        )  # fmt: skip
        if result.state is RunState.RUNNING:
            raise handing_over.HandOver(f"{step.title} is in other hands", pause=True)


def _parts(night: Order) -> Parts | None:
    found: Parts | None = (night.parameters or {}).get("parts")
    return found


def _steps(night: Order) -> list[Step]:
    parts = _parts(night)
    return [step for step in STEPS if parts is None or step.job in parts]


def _show(run_id: int, token: str, done: int, total: int, title: str) -> None:
    """Let whoever watches see how far it is, and keep the lease."""
    with db.transaction() as session:
        shown = {"done": done, "total": total, "step": title}
        given = {"run": run_id, "token": token, "progress": shown, "until": clock.db_now(session) + LEASE}
        session.execute(_SHOW, given)


_RUN: Any = Run.__table__
_SHOW = (
    update(_RUN)
    .where(_RUN.c.id == bindparam("run"), _RUN.c.lease_token == bindparam("token"))
    .values(progress=bindparam("progress"), lease_until=bindparam("until"))
)
"""Made once: every step of a night shows that it begins."""


def _finish(night: Order, run_id: int, token: str) -> None:
    with db.transaction() as session:
        take_seat(session, night, token)
        _close(session, night, run_id)
        note_whole(session, night.shop_code)


def _close(session: Session, night: Order, run_id: int) -> None:
    """Say of a night whose steps are all done how it went, whoever holds its lease."""
    jobs = [step.job for step in _steps(night)]
    in_part = select(Run.id).where(
        Run.job.in_(jobs), Run.business_date == night.date, Run.scope == night.scope,
        Run.state == RunState.PARTIAL,
    )  # fmt: skip
    state = RunState.PARTIAL if session.execute(in_part).first() else RunState.SUCCEEDED
    session.execute(
        update(Run)
        .where(Run.id == run_id, Run.state.not_in((RunState.SUCCEEDED, RunState.PARTIAL)))
        .values(
            state=state,
            lease_until=None,
            error=None,
            finished_at=clock.now(),
            progress={"done": len(jobs), "total": len(jobs), "step": "done"},
        )
    )


def _is_seated(session: Session, day: date, scope: str) -> bool:
    seat = select(Seat.job).where(Seat.job == NIGHT, Seat.business_date == day, Seat.scope == scope)
    return session.execute(seat).first() is not None


def _run_id(session: Session, day: date, scope: str) -> int:
    return session.execute(
        select(Run.id).where(Run.job == NIGHT, Run.business_date == day, Run.scope == scope)
    ).scalar_one()
