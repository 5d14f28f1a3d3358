"""A Celery program of ours as the tests start it: `python -m tests.faults.launch PLACE worker|beat ...`.

Its clocks can be turned and its steps broken from outside, by files in PLACE; all else is as it ships, leases
of 600 s and pauses of minutes too: the tests turn the clock instead of waiting. Files, each absent by default:

    database_clock, host_clock   seconds by which the database's and this machine's clock are ahead
    aim                          "<point> <n> <act>": what happens at the n-th pass of a point, in any process
    passes                       one byte for each pass of that point

A point is one of `worker.fault`, or `statement`: any SQL statement of a worker, so the middle of every step.
What it tells in turn: `ready`, the number of the worker's process once it listens, and `at_work.<number>` for each
child that has a wake-up in its hands.
"""

import fcntl
import os
import signal
import sys
import threading
from datetime import timedelta
from pathlib import Path
from typing import Any

from celery.bin.celery import celery
from celery.signals import task_postrun, task_prerun, worker_ready
from sqlalchemy import Engine, event

from scheduler import beat
from worker import clock, fault

_REAL_NOW, _REAL_DB_NOW = clock.now, clock.db_now

SQL = {
    "cut": "SELECT pg_terminate_backend(pg_backend_pid())",
    "serialization": "DO $$BEGIN RAISE EXCEPTION 'a rival was first' USING ERRCODE = '40001'; END$$",
    "deadlock": "DO $$BEGIN RAISE EXCEPTION 'a deadlock' USING ERRCODE = '40P01'; END$$",
    "disk_full": "DO $$BEGIN RAISE EXCEPTION 'No space left on device' USING ERRCODE = '53100'; END$$",
}
"""Acts that the database does to the statement it was given: the failure is a real one of the driver."""


def _ahead(place: Path, name: str) -> timedelta:
    try:
        return timedelta(seconds=float((place / name).read_text()))
    except FileNotFoundError:
        return timedelta(0)


def fires(place: Path, name: str) -> str | None:
    """Count a pass of the point that is aimed at; the act, where this is the pass."""
    try:
        point, number, act = (place / "aim").read_text().split()
    except FileNotFoundError:
        return None
    if point != name:
        return None
    with (place / "passes").open("ab") as passes:
        fcntl.flock(passes, fcntl.LOCK_EX)
        passes.write(b".")
        passes.flush()
        return act if passes.tell() == int(number) else None


def do(act: str | None) -> None:
    if act == "kill":
        os.kill(os.getpid(), signal.SIGKILL)
    elif act == "kill_main":
        os.kill(os.getppid(), signal.SIGKILL)
    elif act == "kill_all":
        os.killpg(0, signal.SIGKILL)
    elif act == "freeze":
        os.kill(os.getpid(), signal.SIGSTOP)


def _turn_clocks(place: Path) -> None:
    clock.now = lambda: _REAL_NOW() + _ahead(place, "database_clock") + _ahead(place, "host_clock")
    clock.db_now = lambda session: _REAL_DB_NOW(session) + _ahead(place, "database_clock")


def _break_statements(place: Path) -> None:
    @event.listens_for(Engine, "before_cursor_execute", retval=True)
    def _statement(_c: Any, _cursor: Any, sql: str, given: Any, _context: Any, many: bool) -> tuple[str, Any]:
        act = None if many else fires(place, "statement")
        if act in SQL:
            return SQL[act], ()
        do(act)
        return sql, given


def _tell(place: Path) -> None:
    def is_ready(**_: object) -> None:
        (place / "ready").write_text(str(os.getpid()))

    def begins(**_: object) -> None:
        (place / f"at_work.{os.getpid()}").touch()

    def ends(**_: object) -> None:
        (place / f"at_work.{os.getpid()}").unlink()

    for signalled, told in ((worker_ready, is_ready), (task_prerun, begins), (task_postrun, ends)):
        signalled.connect(told, weak=False)


def _end_with_the_tests() -> None:
    os.read(0, 1)  # not sys.stdin: a child that is forked meanwhile could not close it
    os.killpg(0, signal.SIGKILL)


def main(place: Path, words: list[str]) -> None:
    """Run a Celery program until it ends, or whoever started it does."""
    _turn_clocks(place)
    fault.point = lambda name: do(fires(place, name))
    beat.TICK_SECONDS = 0.2
    if words[0] == "worker":
        _break_statements(place)
        _tell(place)
    threading.Thread(target=_end_with_the_tests, daemon=True).start()
    celery.main(["--app=worker.app", *words], prog_name="celery")


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2:])
