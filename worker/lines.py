"""The last lines of the log about a run that a person started, kept in its row (design 4).

They come after masking and without the values of an exception's traceback; there are few and they are short.
"""

from collections import deque
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar

from structlog.typing import EventDict, WrappedLogger

MOST = 40
LONGEST = 300
"""Characters of a line; the whole of it stands in the worker's log."""

_LEFT_OUT = {"event", "level", "timestamp", "exception", "job", "business_date", "shop"}
"""What the row says already, or what may show more than a row should."""

_kept: ContextVar[deque[str] | None] = ContextVar("lines of a run", default=None)


@contextmanager
def kept(before: Sequence[str] = ()) -> Iterator[deque[str]]:
    """Keep what is logged in this block, after the lines of the attempts before."""
    lines = deque(before, MOST)
    token = _kept.set(lines)
    try:
        yield lines
    finally:
        _kept.reset(token)


def keep(_logger: WrappedLogger, _method: str, line: EventDict) -> EventDict:
    """A step of the log's: note the line where a run keeps its lines."""
    lines = _kept.get()
    if lines is not None:
        rest = " ".join(f"{name}={value}" for name, value in line.items() if name not in _LEFT_OUT)
        text = f"{line.get('timestamp', '')} {line.get('level', '')} {line.get('event', '')} {rest}"
        lines.append(text.strip()[:LONGEST])
    return line


def shown() -> dict[str, object]:
    """The column to write with a part of a run; nothing where no lines are kept."""
    lines = _kept.get()
    return {} if lines is None else {"lines": list(lines)}
