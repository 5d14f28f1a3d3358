"""What stands in the rows about nights: which there were, how far they are, how they ended."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models.run import Run
from models.words import RunState
from worker import clock

_SHOWN = 30


def latest(session: Session) -> list[dict[str, Any]]:
    """The latest nights, newest first."""
    rows = session.scalars(
        select(Run).where(Run.job == "night").order_by(Run.business_date.desc(), Run.id.desc()).limit(_SHOWN)
    )
    return [as_shown(row) for row in rows]


def of(session: Session, day: date, shops: Sequence[str]) -> list[dict[str, Any]]:
    """The newest night of each shop on a business date."""
    rows = session.scalars(select(Run).where(Run.job == "night", Run.business_date == day).order_by(Run.id))
    newest = {shop_of(row): as_shown(row) for row in rows}
    return [newest[shop] for shop in shops if shop in newest]


def as_shown(row: Run) -> dict[str, Any]:
    progress = row.progress if isinstance(row.progress, dict) else {}
    return {
        "run": row.id,
        "shop": shop_of(row),
        "date": row.business_date,
        "state": row.state.value,
        "done": progress.get("done", 0),
        "total": progress.get("total", 0),
        "step": progress.get("step", ""),
        "steps": f"{progress.get('done', 0)}/{progress.get('total', 0)}",
        "by": row.requested_by,
        "attempts": row.attempts,
        "started_at": local(row.started_at),
        "finished_at": local(row.finished_at),
        "error": row.error,
        "scope": row.scope,
    }


def local(moment: Any) -> str | None:
    return moment.astimezone(clock.SHANGHAI).strftime("%Y-%m-%d %H:%M:%S") if moment else None


def shop_of(row: Run) -> str:
    return str(row.parameters["shop"]) if isinstance(row.parameters, dict) else ""


def newest_date(session: Session) -> date | None:
    """The business date of the newest night that finished: what is open is as old as it is on that day."""
    finished = (RunState.SUCCEEDED, RunState.PARTIAL)
    return session.execute(
        select(func.max(Run.business_date)).where(Run.job == "night", Run.state.in_(finished))
    ).scalar_one()


def step_results(session: Session, day: date, scope: str) -> dict[str, dict[str, Any]]:
    """What each step of a night noted, by job."""
    rows = session.execute(
        select(Run.job, Run.result).where(Run.business_date == day, Run.scope == scope, Run.job != "night")
    )
    return {row.job: row.result for row in rows if isinstance(row.result, dict)}
