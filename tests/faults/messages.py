"""Messages on the broker: doubled, forged, broken, forgotten."""

import base64
import json
from collections.abc import Sequence
from random import Random
from typing import Any

import redis
from celery import Celery

from worker.app import QUEUES

_PREFIX = "huikuan:"


def wake(url: str, asked: Sequence[tuple[str, int]]) -> None:
    """Send wake-ups as anybody could who reaches the broker."""
    with _app(url) as app:
        for kind, number in asked:
            app.send_task("huikuan.wake", args=(kind, number), queue="night")


def nonsense(url: str, dice: Random) -> int:
    """Send what nobody should follow, in any order; returns how many messages."""
    letters: list[Any] = [
        lambda app: app.send_task("huikuan.wake", args=("night", 999_999_999), queue="night"),
        lambda app: app.send_task("huikuan.wake", args=("nothing", 1), queue="night"),
        lambda app: app.send_task("huikuan.wake", args=("night", "1; DROP TABLE run"), queue="night"),
        lambda app: app.send_task("huikuan.wake", args=(), queue="night"),
        lambda app: app.send_task("os.system", args=("true",), queue="night"),
        lambda app: app.send_task("huikuan.wake", args=("night", 1), queue="night", serializer="pickle"),
        lambda _app: _push(url, _envelope("application/json", b"{ not json")),
        lambda _app: _push(url, _envelope("application/x-python-serialize", b"cos\nabort\n(tR.")),
        lambda _app: _push(url, "not even an envelope"),
    ]
    dice.shuffle(letters)
    with _app(url) as app:
        for send in letters:
            send(app)
    return len(letters)


def waiting(url: str) -> int:
    """How many messages no worker has taken yet."""
    with redis.Redis.from_url(url) as client:
        return sum(client.llen(f"{_PREFIX}{queue}") for queue in QUEUES)


def flush(url: str) -> None:
    with redis.Redis.from_url(url) as client:
        client.flushall()


def _app(url: str) -> Any:
    options = {"global_keyprefix": _PREFIX}
    return Celery("stranger", broker=url, broker_transport_options=options, set_as_current=False)


def _push(url: str, message: str) -> None:
    with redis.Redis.from_url(url) as client:
        client.lpush(f"{_PREFIX}night", message)


def _envelope(content_type: str, body: bytes) -> str:
    """What kombu puts around a message, with a body that its sender did not write."""
    return json.dumps({
        "body": base64.b64encode(body).decode(),
        "content-type": content_type,
        "content-encoding": "utf-8",
        "headers": {"task": "huikuan.wake", "id": "forged", "lang": "py"},
        "properties": {
            "correlation_id": "forged", "delivery_mode": 2, "priority": 0, "body_encoding": "base64",
            "delivery_tag": "forged", "delivery_info": {"exchange": "", "routing_key": "night"},
        },
    })  # fmt: skip
