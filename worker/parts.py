"""Long jobs in parts: each part commits, shows how far the run is, and is a place to stop (design 4).

A job that has more to do says so (`Night.go_on`) and is called again in a transaction of its own. The seat is
taken with every part and given back, so that only the last one leaves it taken: whoever stops in between, or
dies, leaves whole parts, and to go on is to run again.
"""

from sqlalchemy import bindparam, delete, select, update
from sqlalchemy.orm import Session

from models.run import Run, Seat
from models.upsert import changed_rows
from models.values import Refusal
from models.words import RunState, Why
from worker import clock, lines, log
from worker.job import Night
from worker.seat import LEASE, LeaseLost, Order


class Stopped(Refusal):
    """A person asked the run to stop; the parts that were done stay done."""


def go_on_from(before: Night, night: Night) -> None:
    """Give a part what the one before noted, set aside, decided and handed on."""
    night.notes, night.handed_on = before.notes, before.handed_on
    night.set_aside, night.decided = before.set_aside, before.decided


def end_part(session: Session, run_id: int, order: Order, night: Night, done: int) -> Stopped | None:
    """Show how far the run is and keep the lease, in the transaction of the part; says whether to stop."""
    total = done + (night.rest or 0)
    log.bind(job=order.job, shop=order.shop_code).info("part_done", done=done, total=total)
    mine = session.execute(
        update(Run)
        .where(Run.id == run_id, Run.lease_token == night.lease_token)
        .values(
            progress={"done": done, "total": total, "step": order.job},
            lease_until=clock.db_now(session) + LEASE,
            **lines.shown(),
        )
    )
    if not changed_rows(mine):
        raise LeaseLost(f"{order.job} {order.date} {order.scope}: the lease passed to another worker")
    session.execute(
        delete(Seat).where(
            Seat.job == order.job, Seat.business_date == order.date, Seat.scope == order.scope,
            Seat.lease_token == night.lease_token,
        )
    )  # fmt: skip
    if session.scalar(select(Run.state).where(Run.id == run_id)) is not RunState.CANCELLED:
        return None
    return _stopped(run_id, order, f"after {done} of {total}; these stay done")


def is_asked(session: Session, run_id: int) -> bool:
    """Whether a person asked a run to stop; who asks waits until this transaction ends."""
    state = select(Run.state).where(Run.id == run_id).with_for_update()
    return session.scalar(state) is RunState.CANCELLED


def stopped_sender(run_id: int, order: Order, count: int) -> Stopped:
    """The sentence for a sender that was asked to stop."""
    return _stopped(run_id, order, f"after {count} notices were sent; what has left has left")


def stop_if_asked(session: Session, run_id: int, order: Order, night: Night) -> None:
    """Raise Stopped where a person asked our own run to stop while its last part was at work."""
    asked = (Run.id == run_id, Run.lease_token == night.lease_token, Run.state == RunState.CANCELLED)
    found = session.execute(select(Run.id, Run.progress).where(*asked)).one_or_none()
    if found is None:
        return
    shown = found.progress if isinstance(found.progress, dict) else {}
    known = (
        f"after {shown['done']} of {shown['total']}; these stay done" if shown else "before it wrote anything"
    )
    raise _stopped(run_id, order, known)


def _stopped(run_id: int, order: Order, known: str) -> Stopped:
    go_on = f"huikuan job retry {run_id}" if order.why == Why.STARTED else "run the same command again"
    return Stopped(f"Run {run_id} ({order.job}) was stopped {known}. To go on: {go_on}.")


def at_the_end(session: Session, run_id: int, order: Order, done: int) -> dict[str, object]:
    """What a run's row says of its progress after the last part; of a single part only where people watch."""
    shown = session.scalar(_SHOWN, {"run": run_id})
    if order.why == Why.STARTED:
        shown = {"step": order.job}
    return {"progress": shown | {"done": done, "total": done}} if isinstance(shown, dict) else {}


_SHOWN = select(Run.progress).where(Run.id == bindparam("run"))
"""Made once: every step of a night asks for it."""


def ask_to_stop(session: Session, run_id: int) -> None:
    """Ask a running job to stop after the part it is at. Raises Refusal where it is not running."""
    asked = session.execute(
        update(Run).where(Run.id == run_id, Run.state == RunState.RUNNING).values(state=RunState.CANCELLED)
    )
    if not changed_rows(asked):
        state = session.scalar(select(Run.state).where(Run.id == run_id))
        what = f"Run {run_id} is {state}" if state else f"There is no run {run_id}"
        raise Refusal(f"{what}; only a running one can be stopped. See: huikuan job list")
