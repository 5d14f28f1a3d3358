"""How the nights of many shops go faster with a second worker, and what the queue costs of them.

    python -m benchmarks.night_workers [--shops 12] [--due 20] [--messages 500]

A real PostgreSQL, Redis and worker processes of one child each, on copies of one database; all of them share
this machine: of two cores a second worker has at most what the first one and the server leave idle.
Every night must have succeeded, with the same refunds and steps, or nothing is reported.
"""

import argparse
import logging
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import NamedTuple

import redis
from cryptography.fernet import Fernet
from sqlalchemy import func, select

from benchmarks import night_world, server_cpu
from migrations.schema import upgrade
from models.chase import ChaseStep
from models.refund import Refund
from models.run import Run
from models.words import RunState
from scheduler.due import NIGHT
from scheduler.nightly import request_night
from tests import servers
from worker import db, log
from worker.app import send_wake

GOAL_QUEUE = 0.05
_TICKS = os.sysconf("SC_CLK_TCK")


class Cost(NamedTuple):
    """Seconds on the wall, and CPU seconds of workers, PostgreSQL, Redis and of whoever asks."""

    wall: float
    workers: float
    postgres: float
    redis: float
    asking: float

    @property
    def cpu(self) -> float:
        return self.workers + self.postgres + self.redis + self.asking


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    for name, usual in (("shops", 12), ("due", 20), ("messages", 500)):
        asked.add_argument(f"--{name}", type=int, default=usual)
    given = asked.parse_args()
    log.set_up(logging.CRITICAL)
    with servers.postgres() as server, servers.redis() as broker, tempfile.TemporaryDirectory() as home:
        os.environ.update(HUIKUAN_HOME=home, HUIKUAN_BROKER_URL=broker)
        os.environ["HUIKUAN_KEYS"] = Fernet.generate_key().decode()
        with servers.database(server) as made:
            _fill(made, given.shops, given.due)
            one, two = (
                _nights(server, made, workers, given.shops, given.due * given.shops, given.messages)
                for workers in (1, 2)
            )
    _tell(one[0], two[0], given.shops)
    of_queue = one[1].cpu / given.messages / (one[0].cpu / given.shops)
    _say(
        f"a wake-up that finds nothing to do: {one[1].cpu / given.messages * 1e3:.1f} ms CPU, "
        f"{of_queue:.2%} of a shop's night (goal: below {GOAL_QUEUE:.0%})"
    )
    if of_queue >= GOAL_QUEUE:
        raise SystemExit(1)


def _tell(one: Cost, two: Cost, shops: int) -> None:
    for workers, cost in ((1, one), (2, two)):
        _say(
            f"{workers} worker{'s' * (workers > 1)}: {shops} nights in {cost.wall:.1f} s, "
            f"{shops / cost.wall * 60:.0f} a minute; {cost.cpu:.2f} s CPU = {cost.cpu / cost.wall:.2f} cores "
            f"(workers {cost.workers:.2f}, PostgreSQL {cost.postgres:.2f}, Redis {cost.redis:.2f})"
        )
    _say(f"throughput with the second worker: {one.wall / two.wall:.2f}x; CPU {two.cpu / one.cpu:.2f}x")


def _fill(url: str, shops: int, due: int) -> None:
    os.environ["HUIKUAN_DATABASE_URL"] = url
    db.forget()
    upgrade(db.engine())
    night_world.open_shops(shops)
    night_world.add_due(due * shops)
    db.forget()


def _nights(
    server: str, template: str, workers: int, shops: int, due: int, messages: int
) -> tuple[Cost, Cost]:
    """The cost of all nights, and of so many messages about nights that are done."""
    with servers.database(server, template.partition("?")[0].rpartition("/")[2]) as url:
        os.environ["HUIKUAN_DATABASE_URL"] = url
        db.forget()
        with _working(workers) as pids:
            with db.transaction() as session:
                runs = [
                    request_night(session, night_world.NIGHT, f"S{n:04}", by="system", why="schedule")[0]
                    for n in range(1, shops + 1)
                ]
            cost = _followed(url, pids, runs)
            _check(shops, due)
            idle = _followed(url, pids, (runs * messages)[:messages])
        db.forget()
    return cost, idle


def _followed(url: str, pids: Sequence[int], runs: Sequence[int]) -> Cost:
    """What it costs to call workers for some runs, until the last call was followed."""
    before, wall = _used(url, pids), time.perf_counter()
    for run in runs:
        send_wake(NIGHT, run)
    while not _is_done(runs):
        time.sleep(0.05)
    wall = time.perf_counter() - wall
    return Cost(wall, *(after - was for after, was in zip(_used(url, pids), before, strict=True)))


def _is_done(runs: Sequence[int]) -> bool:
    with _broker() as client:
        waiting = client.llen("huikuan:night") or client.hlen("huikuan:unacked")
    with db.reading() as session:
        ended = (Run.id.in_(set(runs)), Run.finished_at.is_not(None))
        done = session.execute(select(func.count()).select_from(Run).where(*ended)).scalar_one()
    return not waiting and done == len(set(runs))


def _used(url: str, pids: Sequence[int]) -> tuple[float, float, float, float]:
    with _broker() as client:
        broker = int(client.info()["process_id"])
    return sum(map(_family, pids)), server_cpu.used(url), _family(broker), time.process_time()


def _family(pid: int) -> float:
    """CPU seconds of a process and its children, those that have ended too."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return sum(map(int, fields[11:15])) / _TICKS + sum(_family(int(child)) for child in children)


@contextmanager
def _working(workers: int) -> Iterator[list[int]]:
    """Run workers of one child each; returns their process ids when all of them listen."""
    program = [sys.executable, "-m", "celery", "--app=worker.app", "worker", "--concurrency=1"]
    words = ["--queues=night,notices,by_hand", "--without-gossip", "--without-mingle"]
    with ExitStack() as running:
        started = [
            running.enter_context(
                subprocess.Popen(  # noqa: S603 - our own program
                    [*program, *words, f"--hostname=w{n}"],
                    stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                )
            )
            for n in range(workers)
        ]  # fmt: skip
        for each in started:
            running.callback(each.terminate)
        while _listening() < workers:
            time.sleep(0.2)
        time.sleep(2)  # their children load what a night needs
        yield [each.pid for each in started]


def _listening() -> int:
    with _broker() as client:
        return sum(each["cmd"] == "brpop" for each in client.client_list())


def _broker() -> redis.Redis:
    return redis.Redis.from_url(os.environ["HUIKUAN_BROKER_URL"], decode_responses=True)


def _check(shops: int, due: int) -> None:
    ended = select(func.count()).select_from(Run).where(Run.state == RunState.SUCCEEDED, Run.job == NIGHT)
    counted = [select(func.count()).select_from(each) for each in (Refund, ChaseStep)]
    with db.reading() as session:
        found = [session.execute(each).scalar_one() for each in (ended, *counted)]
    if found != [shops, due, due]:
        raise SystemExit(f"nights, refunds and steps are {found}, not {[shops, due, due]}")


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
