"""The same night on PostgreSQL and Redis, by a real beat and a real worker."""

import contextlib
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import date
from typing import Any, NamedTuple

import pytest
from cryptography.fernet import Fernet
from sqlalchemy import create_engine, select, update
from sqlalchemy.orm import Session

from models.run import Run
from models.shop import Shop
from models.words import RunState
from scheduler import started
from scheduler.nightly import request_night
from tests import servers
from tests.acceptance.house import CHECKOUT, House, sample_commands

NIGHT_OF = date(2026, 11, 21)
PATIENCE = 120.0


@contextlib.contextmanager
def celery(house: House, *words: str) -> Iterator[None]:
    """Keep a Celery program running; its log is shown if the test fails."""
    with (house.home / f"{words[0]}.log").open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "celery", "--app=worker.app", *words],
            cwd=CHECKOUT,
            env=house.environment,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
        )
        try:
            yield
        finally:
            process.terminate()
            try:
                process.wait(timeout=20)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


@pytest.fixture(scope="module")
def grown_up(
    tmp_path_factory: pytest.TempPathFactory, postgres_server: str, redis_url: str
) -> Iterator[House]:
    """Give a house on PostgreSQL and Redis that has the sample's files and no night yet."""
    with servers.database(postgres_server) as url:
        house = House(
            tmp_path_factory.mktemp("grown_up"),
            {
                "HUIKUAN_DATABASE_URL": url,
                "HUIKUAN_BROKER_URL": redis_url,
                "HUIKUAN_KEYS": Fernet.generate_key().decode(),
            },
        )
        for words in (["db", "upgrade"], *sample_commands()[:-1]):
            done = house.run(*words)
            assert done.returncode == 0, done.stdout + done.stderr
        yield house


class Endings(NamedTuple):
    """How the night and a job that a person started ended, each with its error."""

    night: tuple[RunState, str | None]
    job: tuple[RunState, str | None]


@pytest.fixture(scope="module")
def ending(grown_up: House) -> Endings:
    """Ask for both in rows, with no message; let beat find them and a worker do them; say how they ended."""
    engine = create_engine(grown_up.database)
    with Session(engine) as session, session.begin():
        session.execute(update(Shop).values(nights_from=date(2099, 1, 1)))  # beat looks at today's clock
        shop = session.scalars(select(Shop.code)).one()
        run_id, _ = request_night(session, NIGHT_OF, shop, by="system", why="schedule")
        order = started.order("export_ledger", NIGHT_OF, shop, "王敏", {"month": "2026-11"})
        job_id = started.start(session, order)
    with (
        celery(grown_up, "worker", "--queues=night,notices,by_hand", "--concurrency=2", "--without-gossip"),
        celery(grown_up, "beat", "--pidfile="),
        Session(engine) as session,
    ):
        found = Endings(finished(session, run_id), finished(session, job_id))
    engine.dispose()
    return found


def finished(session: Session, run_id: int) -> tuple[RunState, str | None]:
    """Wait until a run has ended, and say how."""
    end = time.monotonic() + PATIENCE
    state, error = RunState.PENDING, None
    while state in (RunState.PENDING, RunState.RUNNING):
        if time.monotonic() > end:
            raise TimeoutError(f"the night was not done in {PATIENCE:.0f} s; it is {state}")
        time.sleep(0.2)
        with session.begin():
            state, error = session.execute(select(Run.state, Run.error).where(Run.id == run_id)).one()
    return state, error


def test_beat_and_a_worker_do_the_night(ending: Endings) -> None:
    assert ending.night == (RunState.SUCCEEDED, None)


def test_a_started_job_whose_message_was_lost_is_done_by_a_worker(ending: Endings) -> None:
    assert ending.job == (RunState.SUCCEEDED, None)


@pytest.mark.usefixtures("ending")
@pytest.mark.parametrize(
    "words", [("reconcile", "report"), ("case", "list"), ("refund", "list"), ("notice", "list")]
)
def test_both_ways_to_run_say_the_same(words: tuple[str, ...], grown_up: House, embedded: House) -> None:
    assert timeless(grown_up.ask(*words)) == timeless(embedded.ask(*words))


def timeless(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Leave out the moments at which the two houses did the same."""
    return [{name: value for name, value in row.items() if not name.endswith("_at")} for row in rows]
