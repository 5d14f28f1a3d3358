"""Runs and seats: who may do a piece of work, and that it is done once (design 4).

A run is leased in a short transaction of its own; a seat is inserted first in the transaction of the
work. Who does not get the seat leaves.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

from sqlalchemy import bindparam, case, func, or_, select, update
from sqlalchemy.orm import Session

from models.run import Run, Seat
from models.upsert import add_new, new_id
from models.words import RunState, Why
from worker import clock, db

LEASE = timedelta(seconds=600)
"""Longer than the hard time limit of a task (300 s): a lease that ran out means a dead worker."""


@dataclass(frozen=True)
class Order:
    """What is asked for. `scope` makes it happen once: the shop's code for a night, else the caller's key."""

    job: str
    date: date
    shop_code: str
    scope: str
    by: str = "system"
    why: str = "schedule"
    parameters: Mapping[str, Any] | None = None


def request(session: Session, order: Order) -> int:
    """Write the run down, if it is not there yet; returns its id."""
    new = new_id(session, Run, {
        "job": order.job, "business_date": order.date, "scope": order.scope, "state": RunState.PENDING,
        "parameters": dict(order.parameters or {}) | {"shop": order.shop_code}, "requested_by": order.by,
        "why": order.why, "attempts": 0, "requested_at": clock.now(),
    })  # fmt: skip
    return (
        new
        or session.execute(
            select(Run.id).where(
                Run.job == order.job, Run.business_date == order.date, Run.scope == order.scope
            )
        ).scalar_one()
    )


def lease(session: Session, run_id: int) -> str | None:
    """Lease a run that nobody holds; None where somebody does."""
    moment = clock.db_now(session)
    given = {"run": run_id, "moment": moment, "until": moment + LEASE, "new": str(uuid4())}
    token: str | None = session.scalar(_LEASE, given)
    return token


_RUN: Any = Run.__table__
_SEAT: Any = Seat.__table__
# The statements that every step of every night asks for are made once: to make them costs more than to ask.
_ENDED = _RUN.c.state.in_((RunState.CANCELLED, RunState.FAILED, RunState.PENDING))
_LEASE = (
    update(_RUN)
    .where(
        _RUN.c.id == bindparam("run"),
        or_(_RUN.c.lease_until.is_(None), _RUN.c.lease_until < bindparam("moment")),
        # One that a person cancelled, or that failed, is taken up again when he says so and not before:
        # a message may come late or twice.
        or_(_RUN.c.why != Why.STARTED, _RUN.c.state.in_((RunState.PENDING, RunState.RUNNING))),
    )
    .values(
        state=RunState.RUNNING,
        # What its own worker ended before it was done goes on as the same run.
        lease_token=case(
            (_ENDED, func.coalesce(_RUN.c.lease_token, bindparam("new"))), else_=bindparam("new")
        ),
        lease_until=bindparam("until"),
        attempts=_RUN.c.attempts + 1,
        started_at=bindparam("moment"),
        error=None,
    )
    .returning(_RUN.c.lease_token)
)
_SEATED = select(_SEAT.c.result).where(
    *(_SEAT.c[name] == bindparam(name) for name in ("job", "business_date", "scope"))
)


def seat_of(session: Session, order: Order) -> int | None:
    """What the seat of an order holds; None where nobody has taken it."""
    found: int | None = session.scalar(
        _SEATED, {"job": order.job, "business_date": order.date, "scope": order.scope}
    )
    return found


def take_seat(session: Session, order: Order, token: str) -> bool:
    seat = {
        "job": order.job, "business_date": order.date, "scope": order.scope, "lease_token": token,
        "result": 0, "taken_at": clock.now(),
    }  # fmt: skip
    return add_new(session, Seat, [seat]) == 1


class LeaseLost(Exception):
    """Another worker took the run over while this one was away; its work is rolled back."""


def fail(run_id: int, token: str, error: str, state: RunState = RunState.FAILED) -> None:
    """Leave a trace of the failure (or of a stop), in a transaction of its own.

    What was committed is done, also where the connection was lost before the database could say so.
    """
    done = (RunState.SUCCEEDED, RunState.PARTIAL)
    with db.transaction() as session:
        session.execute(
            update(Run)
            .where(Run.id == run_id, Run.lease_token == token, Run.state.not_in(done))
            .values(state=state, error=error, lease_until=None, finished_at=clock.now())
        )


PUT_OFF = timedelta(seconds=60)


def put_off(run_id: int, token: str, error: str) -> None:
    """Leave a run whose database went away under it for a minute; the sweep wakes it then."""
    with db.transaction() as session:
        session.execute(
            update(Run)
            # What was asked to stop meanwhile stays stopped.
            .where(Run.id == run_id, Run.lease_token == token, Run.state == RunState.RUNNING)
            .values(state=RunState.PENDING, error=error, lease_until=clock.db_now(session) + PUT_OFF)
        )


def hand_back(session: Session, run_id: int, token: str) -> None:
    """The seat was taken while we leased the run: its work is done, so it is not running."""
    session.execute(
        update(Run)
        .where(Run.id == run_id, Run.lease_token == token)
        .values(state=RunState.SUCCEEDED, lease_until=None)
    )
