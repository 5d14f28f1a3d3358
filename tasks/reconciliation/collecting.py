"""Python's search for cycles, put off while a month is read, decided and written.

A hundred thousand cases and lines are plain values without cycles. While they are made the collector walks
through all of them again and again: half of the time a decision takes.
"""

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def put_off() -> Iterator[None]:
    """As a decorator too. Several at once, in threads: the first one to end lets the collector go on."""
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()
