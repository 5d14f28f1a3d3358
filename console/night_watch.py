"""Watching nights that were asked for, until each has ended.

On the embedded default this process is the worker, too. With a broker, workers elsewhere do it; one that does
not answer is named, and the night stays asked for.
"""

import contextlib
import time
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from sqlalchemy import select, update

from console.output import aside, remark
from console.own_worker import own_worker
from models.run import Run
from models.values import Refusal
from models.words import RunState
from worker import db
from worker.settings import settings

ENDED = frozenset({RunState.SUCCEEDED, RunState.PARTIAL, RunState.FAILED, RunState.CANCELLED})
LOOK_EVERY = 0.2
SWEEP_AFTER = 15.0
"""Seconds without a sign of a worker after which the wake-ups are sent again."""
GIVE_UP_AFTER = 60.0


class Asked(NamedTuple):
    """A night that was asked for, how often it had been tried before, and whether anything is left to do."""

    shop: str
    run_id: int
    is_left: bool
    attempts: int


class Seen(NamedTuple):
    state: RunState
    attempts: int
    done: int
    total: int
    step: str


def watch(nights: Sequence[Asked]) -> None:
    """Wake a worker for each and show how far it is, until all have ended."""
    if not nights:
        return
    with _worker():
        _wake(nights)
        with bars() as progress:
            shown = {
                night.run_id: progress.add_task(night.shop, total=None, step="waiting") for night in nights
            }
            try:
                for seen in _until_ended(nights):
                    for run_id, now in seen.items():
                        progress.update(
                            shown[run_id], completed=now.done, total=now.total or None, step=now.step
                        )
            except KeyboardInterrupt:
                _let_go(nights)
                raise


def _worker() -> contextlib.AbstractContextManager[None]:
    return own_worker() if settings().embedded else contextlib.nullcontext()


def _wake(nights: Sequence[Asked]) -> None:
    from kombu.exceptions import OperationalError

    from worker.app import send_wake

    for night in nights:
        try:
            send_wake("night", night.run_id)
        except (OSError, OperationalError) as error:
            raise Refusal(
                f"The broker can't be reached: {error}. The night stays asked for and runs when broker "
                "and worker are "
                "back. Start it, or correct HUIKUAN_BROKER_URL. See: huikuan doctor"
            ) from None


def bars() -> Progress:
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[step]}"),
        TimeElapsedColumn(),
        console=aside(),
    )


def _until_ended(nights: Sequence[Asked]) -> Iterator[dict[int, Seen]]:
    """What is to be seen of the nights, again and again, until all have ended."""
    quiet_since, swept = time.monotonic(), False
    while True:
        seen = _look(nights)
        yield seen
        if all(_has_ended(night, seen[night.run_id]) for night in nights):
            return
        if any(seen[night.run_id].attempts > night.attempts for night in nights):
            quiet_since = time.monotonic()
        quiet = time.monotonic() - quiet_since
        if quiet > GIVE_UP_AFTER:
            raise _nobody_came(nights, seen)
        if quiet > SWEEP_AFTER and not swept:
            swept = True
            _sweep(nights)
        time.sleep(LOOK_EVERY)


def _has_ended(night: Asked, seen: Seen) -> bool:
    # A night that failed before still says so until a worker has taken it up again.
    return seen.state in ENDED and (seen.state is not RunState.FAILED or seen.attempts > night.attempts)


def _nobody_came(nights: Sequence[Asked], seen: dict[int, Seen]) -> Refusal:
    if any(seen[night.run_id].state is RunState.RUNNING for night in nights):
        return Refusal(
            "Another worker took the night up and has not let go of it; if it has died, the night is "
            "free ten minutes "
            "after it began. To watch: huikuan night status. To go on then: run the same command again."
        )
    return Refusal(
        f"No worker has answered for {GIVE_UP_AFTER:.0f} seconds. The night stays asked for and runs "
        "as soon as one "
        "starts: huikuan up (or: docker compose up -d worker). To watch: huikuan night status"
    )


def _let_go(nights: Sequence[Asked]) -> None:
    """Whoever stopped the command can start it again at once; a step still at work fails at its fence."""
    ids = [night.run_id for night in nights]
    with db.transaction() as session:
        keys = session.execute(select(Run.business_date, Run.scope).where(Run.id.in_(ids))).all()
        for key in keys:
            session.execute(
                update(Run)
                .where(
                    Run.business_date == key.business_date,
                    Run.scope == key.scope,
                    Run.state == RunState.RUNNING,
                )
                .values(lease_until=None, lease_token=None)
            )


def _sweep(nights: Sequence[Asked]) -> None:
    remark(f"No worker has answered for {SWEEP_AFTER:.0f} seconds; it is called once more. Is one running?")
    _wake(nights)


def _look(nights: Sequence[Asked]) -> dict[int, Seen]:
    ids = [night.run_id for night in nights]
    with db.reading() as session:
        rows = session.execute(
            select(Run.id, Run.state, Run.attempts, Run.progress).where(Run.id.in_(ids))
        ).all()
    return {row.id: _seen(row.state, row.attempts, row.progress) for row in rows}


def _seen(state: RunState, attempts: int, progress: object) -> Seen:
    known = progress if isinstance(progress, dict) else {}
    return Seen(
        state,
        attempts,
        int(known.get("done", 0)),
        int(known.get("total", 0)),
        str(known.get("step", "waiting")),
    )
