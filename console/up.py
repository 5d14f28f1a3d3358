"""`huikuan up`: a worker and the ticker in one process, until it is stopped."""

import logging
import os
import signal
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from types import FrameType

from console.house import ready
from console.output import remark
from console.own_worker import own_worker

TICK_SECONDS = 5.0


def up() -> None:
    """Run the nights when they are due, in this process, until Ctrl-C or SIGTERM."""
    from scheduler import timetable
    from scheduler.tick import tick_on
    from worker.embedded import ticker_thread
    from worker.registry import load_jobs

    timetable.check(load_jobs())
    ready()
    stop = threading.Event()
    with ExitStack() as running:
        running.enter_context(_stopping(stop))
        running.enter_context(own_worker(logging.INFO))
        running.enter_context(ticker_thread(tick_on, TICK_SECONDS))
        remark("Up: nights run when they are due. Stop with Ctrl-C.")
        stop.wait()
    remark("Stopped.")


@contextmanager
def _stopping(stop: threading.Event) -> Iterator[None]:
    """Let SIGINT and SIGTERM end the block in order, what is being done first; a second one at once."""

    def note(_signal: int, _frame: FrameType | None) -> None:
        if stop.is_set():
            os._exit(1)
        stop.set()

    before = {each: signal.signal(each, note) for each in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for each, handler in before.items():
            signal.signal(each, handler)
