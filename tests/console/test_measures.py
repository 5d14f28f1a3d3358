"""Watching a house costs the same after three years as on the first day: what is looked at is counted."""

import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from prometheus_client import generate_latest
from sqlalchemy import event, text, update
from sqlalchemy.engine import Connection

from console.measures import registry
from models.shop import Shop
from scheduler.due import newest_night
from scheduler.timetable import STEPS
from tests import factories
from worker import clock, db

SHOPS, NIGHTS = 10, 100
JOBS = (*(step.job for step in STEPS), "night")

ALL = (
    "FROM generate_series(1, :shops) AS s, generate_series(0, :nights - 1) AS d, "
    "unnest(CAST(:jobs AS text[])) AS job"
)
RUNS = (
    "INSERT INTO run (job, business_date, scope, parameters, requested_by, why, state, attempts, requested_at, "
    "finished_at) SELECT job, CAST(:newest AS date) - d, 'S' || s, '{}', 'system', 'schedule', 'succeeded', 1, "
    "now(), now() - d * interval '1 day' "
)
SEATS = (
    "INSERT INTO seat (job, business_date, scope, lease_token, result, taken_at) "
    "SELECT job, CAST(:newest AS date) - d, 'S' || s, 't', 0, now() "
)

pytestmark = pytest.mark.parametrize("database", ["postgres"], indirect=True)


@pytest.fixture
def long_ago_begun(database: str) -> None:
    """Give shops with many nights, all of which went well."""
    newest = newest_night(clock.now())
    with db.transaction() as session:
        for number in range(1, SHOPS + 1):
            factories.add_shop(session, code=f"S{number}")
        given = {"jobs": list(JOBS), "newest": newest, "shops": SHOPS, "nights": NIGHTS}
        session.execute(text(RUNS + ALL), given)
        session.execute(text(SEATS + ALL), given)
        session.execute(
            update(Shop).values(nights_from=newest - timedelta(days=NIGHTS), nights_whole_to=newest)
        )
    with db.engine().connect() as connection:
        connection.execution_options(isolation_level="AUTOCOMMIT").exec_driver_sql("ANALYZE run, seat")


def test_a_scrape_reads_what_there_is_to_say_and_not_what_there_ever_was(long_ago_begun: None) -> None:
    asked: list[tuple[str, Any]] = []

    def note(_c: Connection, _cursor: Any, statement: str, given: Any, *_: Any) -> None:
        asked.append((statement, given))

    event.listen(db.engine(), "before_cursor_execute", note)
    said = generate_latest(registry()).decode()
    event.remove(db.engine(), "before_cursor_execute", note)

    said_of = [line for line in said.splitlines() if line.startswith("huikuan_job_last_success_age_seconds{")]
    assert len(said_of) == SHOPS * len(JOBS)
    assert 'huikuan_nights_left_behind{shop="S1"} 0.0' in said
    read = sum(_rows_read(statement, given) for statement, given in asked)
    assert read < 3 * SHOPS * len(JOBS), f"{read} rows of {2 * SHOPS * NIGHTS * len(JOBS)} runs and seats"


def _rows_read(statement: str, given: Any) -> int:
    """How many rows of runs and seats PostgreSQL touches for a statement."""
    with db.engine().connect() as connection:
        found = connection.exec_driver_sql(f"EXPLAIN (ANALYZE, FORMAT JSON) {statement}", given).scalar_one()
    plan = found if isinstance(found, list) else json.loads(found)
    return sum(
        int((node["Actual Rows"] + node.get("Rows Removed by Filter", 0)) * node["Actual Loops"])
        for node in _nodes(plan[0]["Plan"])
        if node.get("Relation Name") in ("run", "seat")
    )


def _nodes(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield plan
    for part in plan.get("Plans", ()):
        yield from _nodes(part)
