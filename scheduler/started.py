"""Jobs that a person starts, cancels and starts again: what is to be done is a row first, a wake-up second.

The sweep of `scheduler.tick` wakes a worker for every such row that nobody holds, so neither a lost message
nor a restart of anything loses one.
"""

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import uuid4

from sqlalchemy import and_, or_, select, update
from sqlalchemy.orm import Session

from models.run import Run, SetAside
from models.shop import Shop
from models.upsert import changed_rows
from models.values import Refusal
from models.words import RunState, Why
from scheduler.due import NIGHT
from worker import clock, parts
from worker.seat import Order, request

KIND = "job"
"""Of the wake-up."""

OPEN = (RunState.PENDING, RunState.RUNNING)


def start(session: Session, wanted: Order) -> int:
    """Write a run down; returns its id. Raises Refusal where the same is already waiting or being done."""
    given = {**(wanted.parameters or {}), "shop": wanted.shop_code}
    same = select(Run).where(
        Run.job == wanted.job, Run.business_date == wanted.date, Run.why == Why.STARTED, Run.state.in_(OPEN)
    )
    for other in session.scalars(same):
        if _asked(other.parameters) == _asked(given):
            raise Refusal(
                f"Run {other.id} by {other.requested_by} is the very same and has not ended. To watch it: "
                f"huikuan job follow {other.id}"
            )
    return request(session, wanted)


def order(job: str, day: date, shop: str, by: str, parameters: dict[str, Any]) -> Order:
    """An order of its own: what is started twice is done twice, one after the other."""
    scope = f"{shop}:started+{uuid4().hex[:12]}"
    return Order(job, day, shop, scope, by=by, why=Why.STARTED, parameters=parameters)


def _asked(parameters: object) -> dict[str, Any]:
    known = parameters if isinstance(parameters, dict) else {}
    return {name: value for name, value in known.items() if name not in ("role", "because", "retry_of")}


def find(session: Session, run_id: int) -> Run:
    """The row of a run. Raises Refusal."""
    row = session.get(Run, run_id, populate_existing=True)
    if row is None:
        raise Refusal(f"There is no run {run_id}. See: huikuan job list --all")
    return row


def cancel(session: Session, run_id: int) -> RunState:
    """Cancel what waits at once; ask what runs to stop at its next safe point. Raises Refusal.

    A safe point is the end of a part, and for the last or only part the moment before it is committed; where
    notices are sent, before each of them.
    Returns CANCELLED, or RUNNING where it is still to stop.
    """
    row = find(session, run_id)
    if row.why != Why.STARTED:
        if row.job == NIGHT:
            # Nobody would take it up again: a night is woken while it is not ended, and stopped is an end.
            raise Refusal(
                f"Run {run_id} is a night, which lets go between its steps by itself; a step that goes in "
                "parts is a run of its own. See: huikuan job list --all"
            )
        parts.ask_to_stop(session, run_id)
        return RunState.RUNNING
    moment = clock.db_now(session)
    abandoned = and_(Run.state == RunState.RUNNING, Run.lease_until < moment)
    ended = session.execute(
        update(Run)
        .where(Run.id == run_id, or_(Run.state == RunState.PENDING, abandoned))
        .values(state=RunState.CANCELLED, lease_until=None, finished_at=moment, error="cancelled")
    )
    if changed_rows(ended):
        return RunState.CANCELLED
    parts.ask_to_stop(session, run_id)
    return RunState.RUNNING


def retry(session: Session, run_id: int, by: str, role: str) -> int:
    """Start again what failed of a run, and nothing else; returns the id of the run that does it.

    A run that failed or was cancelled goes on as itself; of one that set cases aside, a new run does those
    that are still aside. Raises Refusal where nothing of it failed.
    """
    row = find(session, run_id)
    if row.why != Why.STARTED:
        raise Refusal(f"Run {run_id} was not started with huikuan job start. {_otherwise(row)}")
    if row.state is RunState.PARTIAL:
        subjects = [each.subject for each in left(session, row)]
        if not subjects:
            raise Refusal(f"What run {run_id} had set aside has gone well since: nothing is left to retry.")
        given = {**_asked(row.parameters), "role": role, "only": subjects, "retry_of": run_id}
        shop = str(given.pop("shop"))
        return start(session, order(row.job, row.business_date, shop, by, given))
    again = {**row.parameters, "role": role} if isinstance(row.parameters, dict) else row.parameters
    done = session.execute(
        update(Run)
        .where(Run.id == run_id, Run.state.in_((RunState.FAILED, RunState.CANCELLED)))
        .where(Run.lease_until.is_(None) | (Run.lease_until < clock.db_now(session)))
        .values(
            state=RunState.PENDING, attempts=0, error=None, lease_until=None, requested_by=by,
            parameters=again, requested_at=clock.now(), started_at=None, finished_at=None, woken_at=None,
        )
    )  # fmt: skip
    if not changed_rows(done):
        raise Refusal(f"Run {run_id} {_why_not(row)} See: huikuan job show {run_id}")
    return run_id


def _why_not(row: Run) -> str:
    if row.state is RunState.CANCELLED:
        return "was asked to stop and has not stopped yet; wait for it."
    if row.state is RunState.SUCCEEDED:
        return "succeeded: nothing of it failed."
    return f"is {row.state.value}, so nothing of it has failed yet."


def _otherwise(row: Run) -> str:
    if row.job == NIGHT:
        return "What failed of nights: huikuan night retry --failed"
    return "Run the command it came from again."


def left(session: Session, row: Run) -> Sequence[SetAside]:
    """What a run set aside and is still aside: in its step, or in all steps of a night."""
    given = row.parameters if isinstance(row.parameters, dict) else {}
    wanted = (
        select(SetAside)
        .join(Shop, Shop.id == SetAside.shop_id)
        .where(Shop.code == given.get("shop"), SetAside.first_on <= row.business_date)
        .order_by(SetAside.step, SetAside.subject)
    )
    if row.job != NIGHT:
        wanted = wanted.where(SetAside.step == row.job)
    rows = session.scalars(wanted).all()
    only = given.get("only")
    return [each for each in rows if only is None or each.subject in only]


def let_go(session: Session, run_id: int) -> None:
    """Give back the lease of a run whose worker ends with this process; its uncommitted work is gone."""
    session.execute(
        update(Run)
        .where(Run.id == run_id, Run.state == RunState.RUNNING)
        .values(state=RunState.PENDING, lease_until=None, attempts=Run.attempts - 1)
    )
