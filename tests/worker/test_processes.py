"""A worker as a process: what it refuses to hear, how it stops, and how it stops at once."""

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random

import pytest
import redis

from tests.conftest import KEY
from tests.faults import messages

CHECKOUT = Path(__file__).parent.parent.parent
PATIENCE = 120.0


class Worker:
    """A worker with one child, listening to the queue `night`."""

    def __init__(self, home: Path, broker: str) -> None:
        self.home, self.broker = home, broker
        given = {
            "HUIKUAN_HOME": str(home), "HUIKUAN_DATABASE_URL": f"sqlite:///{home / 'huikuan.db'}",
            "HUIKUAN_BROKER_URL": broker, "HUIKUAN_KEYS": KEY.decode(),
        }  # fmt: skip
        with (home / "log").open("wb") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "celery", "--app=tests.worker.slow_worker", "worker", "--queues=night",
                 "--concurrency=1", "--without-gossip", "--without-mingle"],
                cwd=CHECKOUT, env=os.environ | given, stdin=subprocess.DEVNULL, stdout=log, stderr=log,
            )  # fmt: skip

    def ask(self, tenths: int) -> None:
        messages.wake(self.broker, [("slow", tenths)])

    def has(self, name: str) -> bool:
        return (self.home / name).exists()

    def said(self, words: str) -> bool:
        return words in (self.home / "log").read_text("utf-8", "replace")

    def until(self, so: Callable[[], bool]) -> None:
        end = time.monotonic() + PATIENCE
        while not so():
            assert time.monotonic() < end, (self.home / "log").read_text("utf-8", "replace")[-3000:]
            time.sleep(0.05)


@pytest.fixture
def worker(tmp_path: Path, redis_url: str, sqlite_template: Path) -> Iterator[Worker]:
    shutil.copy2(sqlite_template, tmp_path / "huikuan.db")
    messages.flush(redis_url)
    started = Worker(tmp_path, redis_url)
    yield started
    started.process.kill()
    started.process.wait()
    messages.flush(redis_url)


def test_what_nobody_should_follow_is_refused_and_sigterm_lets_what_began_end(worker: Worker) -> None:
    messages.nonsense(worker.broker, Random(1))  # noqa: S311 - the same every time
    worker.ask(10)
    worker.until(lambda: worker.has("done-10"))
    assert worker.said("no_message")
    assert worker.process.poll() is None

    worker.ask(20)
    worker.ask(21)
    worker.until(lambda: worker.has("begun-20"))
    worker.process.terminate()

    assert worker.process.wait(PATIENCE) == 0
    assert worker.has("done-20")
    assert not worker.has("begun-21")
    with redis.Redis.from_url(worker.broker) as client:
        assert client.llen("huikuan:night") == 1


def test_a_second_sigterm_hurries(worker: Worker) -> None:
    worker.ask(3000)
    worker.until(lambda: worker.has("begun-3000"))
    worker.process.terminate()
    worker.until(lambda: worker.said("Warm shutdown"))

    worker.process.terminate()

    assert worker.process.wait(PATIENCE) == 1
    assert not worker.has("done-3000")
