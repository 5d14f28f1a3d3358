"""This process as its own worker: the embedded default."""

import contextlib
import logging
from collections.abc import Iterator

from worker import log


@contextlib.contextmanager
def own_worker(level: int = logging.WARNING) -> Iterator[None]:
    """A worker thread for as long as the block lasts, with the log of a command and not of a server."""
    from worker.app import app
    from worker.embedded import worker_thread

    # What a command prints is its answer and no log line of the worker's.
    app.conf.worker_redirect_stdouts = False
    with worker_thread():
        log.set_up(level)
        yield
