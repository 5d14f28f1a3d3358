"""Redis as Celery speaks it, without its one weakness: what is no message at all would end the worker.

Who reaches the broker can lay anything into a queue. Broken bodies and unknown names Celery refuses; for
something that is not even an envelope its transport raises where nobody catches it.
"""

from queue import Empty
from typing import Any

from kombu.transport import TRANSPORT_ALIASES, redis

from worker import log


class Channel(redis.Channel):
    """Lets go of what is no message, and says so."""

    def _brpop_read(self, **options: Any) -> Any:
        try:
            return super()._brpop_read(**options)  # type: ignore[misc] # kombu's stubs leave it out
        except (ValueError, KeyError, TypeError) as error:
            log.bind(job="worker").error("no_message", error=type(error).__name__)
            raise Empty from error


class Transport(redis.Transport):
    """The transport of `redis://` and `rediss://`."""

    Channel = Channel


def use() -> None:
    """Have Celery speak to Redis through this transport."""
    TRANSPORT_ALIASES.update(dict.fromkeys(("redis", "rediss"), f"{__name__}:Transport"))
