"""A worker and a ticker as threads of this process, with no server: the embedded default (design 6)."""

import threading
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from celery.apps.worker import Worker
from celery.exceptions import SecurityWarning
from celery.signals import worker_ready

from worker.app import QUEUES, app

_START_SECONDS = 20.0


@contextmanager
def worker_thread() -> Iterator[None]:
    """Run a Celery worker in a thread of this process for as long as the block lasts."""
    ready = threading.Event()

    def note_ready(**_: object) -> None:
        ready.set()

    worker_ready.connect(note_ready, weak=False)
    # Celery warns of root because of messages from outside; this broker lives in this process's memory.
    warnings.simplefilter("ignore", SecurityWarning)
    worker = app.Worker(
        pool="solo", concurrency=1, loglevel="ERROR", without_gossip=True, without_mingle=True,
        without_heartbeat=True, queues=list(QUEUES), quiet=True,
    )  # fmt: skip
    thread = threading.Thread(target=worker.start, name="worker", daemon=True)
    thread.start()
    try:
        if not ready.wait(_START_SECONDS):
            raise RuntimeError("the embedded worker did not start")
        yield
    finally:
        worker_ready.disconnect(note_ready)
        _stop(worker, thread)


def _stop(worker: Worker, thread: threading.Thread) -> None:
    worker.stop(in_sighandler=False)
    thread.join(timeout=10)


@contextmanager
def ticker_thread(tick: Callable[[], None], seconds: float = 5.0) -> Iterator[None]:
    """Call `tick` every so many seconds in a thread, for as long as the block lasts."""
    stop = threading.Event()

    def go_on() -> None:
        while not stop.wait(seconds):
            tick()

    thread = threading.Thread(target=go_on, name="ticker", daemon=True)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join(timeout=10)
