"""This process as its own worker: the embedded default."""

import contextlib
import logging
import warnings
from collections.abc import Iterator

from worker import log


@contextlib.contextmanager
def own_worker(level: int = logging.WARNING) -> Iterator[None]:
    """A worker thread for as long as the block lasts, with the log of a command and not of a server."""
    from worker.embedded import worker_thread

    # Celery warns root of unpickling; nothing here is ever pickled, and the broker is this process.
    warnings.filterwarnings("ignore", message=".*superuser privileges")
    with worker_thread():
        log.set_up(level)
        yield
