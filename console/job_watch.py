"""Watching one started run until it ends; who stops watching does not stop the run."""

import contextlib
import time
from collections.abc import Iterator
from typing import NamedTuple

from rich.progress import Progress, TaskID
from sqlalchemy.exc import OperationalError as DatabaseBusy

from console import house, night_watch
from console.output import remark
from console.own_worker import own_worker
from models.run import Run
from models.values import Refusal
from models.words import RunState, Why
from scheduler import started
from worker import clock, db
from worker.run import HERE
from worker.settings import settings


class Seen(NamedTuple):
    job: str
    state: RunState
    is_held: bool
    done: int
    total: int | None
    step: str
    is_started: bool
    """Not a night or a command's: those have wake-ups and workers of their own."""


def call(run_id: int) -> None:
    """Wake a worker elsewhere; where the broker is away the sweep does it later."""
    from kombu.exceptions import OperationalError

    from worker.app import send_wake

    try:
        send_wake(started.KIND, run_id)
    except (OSError, OperationalError) as error:
        remark(
            f"The broker can't be reached: {error}. Run {run_id} stays asked for and is done when it is back."
        )


def follow(run_id: int) -> bool:
    """Show how far a run is until it has ended; False where the person stopped watching and it has not.

    On the embedded default this process is a worker, too. Raises Refusal where no worker answers.
    """
    seen = _look(run_id)
    if seen.state not in started.OPEN:
        return True
    try:
        with own_worker() if settings().embedded and seen.is_started else contextlib.nullcontext():
            if seen.is_started:
                call(run_id)
            with night_watch.bars() as progress:
                _show(progress, run_id)
        return True
    except KeyboardInterrupt:
        return _leave(run_id)


def _show(progress: Progress, run_id: int) -> None:
    bar: TaskID | None = None
    for seen in _until_ended(run_id):
        if bar is None:
            bar = progress.add_task(seen.job, total=None, step=seen.step)
        progress.update(bar, completed=seen.done, total=seen.total, step=seen.step)


def _until_ended(run_id: int) -> Iterator[Seen]:
    quiet_since, called = time.monotonic(), False
    while True:
        seen = _look(run_id)
        yield seen
        if seen.state not in started.OPEN and not seen.is_held:
            return
        if seen.is_held:
            quiet_since, called = time.monotonic(), False
        quiet = time.monotonic() - quiet_since
        if quiet > night_watch.GIVE_UP_AFTER:
            raise Refusal(
                f"No worker has answered for {night_watch.GIVE_UP_AFTER:.0f} seconds. Run {run_id} stays "
                "asked for and is done as soon as one starts: huikuan up (or: docker compose up -d worker). "
                f"To watch: huikuan job follow {run_id}"
            )
        if quiet > night_watch.SWEEP_AFTER and not called and seen.is_started:
            called = True
            call(run_id)
        time.sleep(night_watch.LOOK_EVERY)


def _look(run_id: int) -> Seen:
    with db.reading() as session:
        row = started.find(session, run_id)
        held = row.lease_until is not None and row.lease_until > clock.db_now(session)
    return _seen(row, held)


def _seen(row: Run, held: bool) -> Seen:
    known = row.progress if isinstance(row.progress, dict) else {}
    step = "waiting" if row.state is RunState.PENDING else row.state.value
    step = "stopping" if row.state is RunState.CANCELLED and held else step
    total = known.get("total")
    if row.state is RunState.SUCCEEDED:
        total = total or 1
    done = int(known.get("done", 0)) if known else int(row.state is RunState.SUCCEEDED)
    return Seen(
        row.job,
        row.state,
        held,
        done,
        total,
        str(known.get("step", step)) if held else step,
        row.why == Why.STARTED,
    )


def _leave(run_id: int) -> bool:
    """What this process was working on itself is given back, so that the next worker goes on at once."""
    if _look(run_id).state not in started.OPEN:
        return True
    if run_id in HERE:
        with contextlib.suppress(DatabaseBusy), house.writing() as session:
            started.let_go(session, run_id)
    remark(
        f"Run {run_id} goes on where a worker is (huikuan up). To watch: huikuan job follow {run_id}; "
        f"to stop it: huikuan job cancel {run_id}"
    )
    return False
