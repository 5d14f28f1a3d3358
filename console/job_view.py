"""What stands in the row of a run that was started by hand: who, why, what, how far, how it ended."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from console import job_kinds, night_view
from models.run import Run
from models.words import RunState, Why
from scheduler import started
from worker import clock
from worker.log import mask

_SHOWN = 30
_OF_THE_HOUSE = {"shop", "role", "because", "retry_of", "asked_by"}


def newest(
    session: Session, shops: Sequence[str], state: RunState | None, *, everything: bool
) -> list[dict[str, Any]]:
    """The newest runs of these shops, newest first; started ones, or `everything`."""
    wanted = select(Run).order_by(Run.id.desc())
    if not everything:
        wanted = wanted.where(Run.why == Why.STARTED)
    if state is not None:
        wanted = wanted.where(Run.state == state)
    found = []
    for row in session.scalars(wanted.execution_options(yield_per=_SHOWN)):
        if night_view.shop_of(row) in shops:
            found.append(as_shown(row))
        if len(found) == _SHOWN:
            break
    return found


def as_shown(row: Run) -> dict[str, Any]:
    """A run as the list shows it; waiting and running in whole seconds, times in Asia/Shanghai."""
    shown = night_view.as_shown(row)
    began, ended = row.started_at, row.finished_at
    given = row.parameters if isinstance(row.parameters, dict) else {}
    return {
        "run": row.id, "job": row.job, "shop": shown["shop"], "date": row.business_date,
        "state": "stopping" if _is_stopping(row) else row.state.value, "by": row.requested_by,
        "why": given.get("because") or row.why, "done": shown["done"], "total": shown["total"],
        "step": shown["step"], "count": _count(row), "asked_at": night_view.local(row.requested_at),
        "started_at": shown["started_at"], "finished_at": shown["finished_at"],
        "waited": _seconds(row.requested_at, began or ended or clock.now()),
        "took": _seconds(began, ended or clock.now()) if began else None, "attempts": row.attempts,
        "error": mask(row.error) if row.error else None,
    }  # fmt: skip


def whole(session: Session, run_id: int) -> dict[str, Any]:
    """All that is known of a run. Raises Refusal where there is none."""
    row = started.find(session, run_id)
    generic = job_kinds.can_be_started(row.job)
    return as_shown(row) | {
        "inputs": _inputs(row) if generic else {},
        "result": row.result if generic else {"count": _count(row)},
        "left": len(started.left(session, row)) if row.state is RunState.PARTIAL else 0,
        "retry_of": row.parameters.get("retry_of") if isinstance(row.parameters, dict) else None,
        "lines": [_local(line) for line in row.lines] if isinstance(row.lines, list) else [],
    }


def _local(line: str) -> str:
    """A log line, which begins with its moment in UTC, in Asia/Shanghai like all else that is shown."""
    moment, _, rest = line.partition(" ")
    return f"{night_view.local(datetime.fromisoformat(moment))} {rest}"


def _inputs(row: Run) -> dict[str, Any]:
    given = row.parameters if isinstance(row.parameters, dict) else {}
    return {name: value for name, value in given.items() if name not in _OF_THE_HOUSE}


def _is_stopping(row: Run) -> bool:
    held = row.lease_until is not None and row.lease_until > clock.now()
    return row.state is RunState.CANCELLED and held


def _count(row: Run) -> int | None:
    return row.result.get("count") if isinstance(row.result, dict) else None


def _seconds(first: datetime | None, last: datetime) -> int | None:
    return max(0, round((last - first).total_seconds())) if first else None
