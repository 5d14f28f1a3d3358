"""The Celery app: wake-ups only. What is to be done stands in the database (design 1.4)."""

import importlib
import os
import signal
import ssl
import threading
from collections.abc import Callable
from typing import Any

from billiard import active_children
from celery import Celery
from celery.signals import setup_logging, worker_init, worker_process_init, worker_shutting_down
from kombu import Queue

from models.values import Refusal
from worker import db, fault, log, redis_transport
from worker.registry import load_jobs
from worker.settings import Settings, settings

HANDLERS: dict[str, Callable[[int], None]] = {}
"""What a wake-up of a kind does with the id of its row; filled by name: no floor is imported upward."""

_HANDLER_MODULES = ("scheduler.nightly", "scheduler.by_hand", "scheduler.signs")

NOTICES = "notices"
QUEUES = ("night", NOTICES, "by_hand")
"""Staff do not wait behind a night, nor a customer's notice behind what staff asked for."""


def handles(kind: str) -> Callable[[Callable[[int], None]], Callable[[int], None]]:
    """Register the function that a wake-up of this kind calls with the id of a run."""

    def register(function: Callable[[int], None]) -> Callable[[int], None]:
        HANDLERS[kind] = function
        return function

    return register


def celery_settings(found: Settings) -> dict[str, Any]:
    """Celery's settings, each with its reason (reliability 3.2)."""
    common: dict[str, Any] = {
        "broker_url": found.broker_url.get_secret_value(),
        "result_backend": None,  # the truth is in the database; no PubSub that can deadlock
        "task_ignore_result": True,
        "task_serializer": "json",  # never pickle
        "event_serializer": "json",
        "accept_content": ["json"],
        "task_acks_late": True,  # redelivery is a bonus; the sweep is the promise
        "task_reject_on_worker_lost": False,  # a poisoned run must not loop: its row counts
        "task_time_limit": 300,  # shorter than a lease
        "task_soft_time_limit": None,  # an asynchronous exception can hit a commit
        "worker_prefetch_multiplier": 1,  # a dead worker must not sit on a hoard
        "worker_max_tasks_per_child": 500,
        "worker_max_memory_per_child": 300_000,
        "worker_enable_remote_control": False,  # nobody who reaches the broker may shut workers down
        "worker_send_task_events": False,
        "worker_hijack_root_logger": False,
        "worker_redirect_stdouts": False,  # a command's own words are not log lines
        "worker_cancel_long_running_tasks_on_connection_loss": False,  # they are fenced
        "broker_connection_retry_on_startup": True,
        "broker_connection_max_retries": None,
        "task_publish_retry": False,  # the sweep is the retry
        "task_default_queue": "night",
        "task_queues": [Queue(name) for name in QUEUES],
        "task_create_missing_queues": False,
        "enable_utc": True,
        "timezone": "UTC",  # slots are computed in Asia/Shanghai by our own clock
        "broker_transport_options": _transport(found),
        "beat_scheduler": "scheduler.beat:RunTableScheduler",
    }
    if found.broker_url.get_secret_value().startswith("rediss:"):
        # Celery takes any certificate unless it is told; ?ssl_ca_certs=FILE in the URL names an authority.
        common["broker_use_ssl"] = {"ssl_cert_reqs": ssl.CERT_REQUIRED}
    return common


def _transport(found: Settings) -> dict[str, Any]:
    if found.embedded:
        return {"polling_interval": 0.05}
    return {
        "visibility_timeout": 600,  # longer than any task, so that a running one is never delivered again
        "unacked_restore_interval": 10,
        "unacked_restore_throttle": 1,
        "unacked_mutex_expire": 30,
        "socket_timeout": 10,  # a broker that hangs must not hang us
        "socket_connect_timeout": 3,
        "socket_keepalive": True,
        "health_check_interval": 25,
        "global_keyprefix": "huikuan:",
    }


redis_transport.use()
app = Celery("huikuan")
app.add_defaults(lambda: celery_settings(settings()))


@app.task(name="huikuan.wake")
def wake(kind: str, run_id: int) -> None:
    """Look at row `run_id`: do what it asks, unless it is done or in other hands."""
    _load_handlers()
    HANDLERS[kind](run_id)
    fault.point("before_ack")


def _load_handlers() -> None:
    for module in _HANDLER_MODULES:
        importlib.import_module(module)


def send_wake(kind: str, run_id: int, queue: str | None = None) -> None:
    """Publish a wake-up, after the commit that it speaks of. The sweep repeats a lost one."""
    queue = queue or (kind if kind in QUEUES else "by_hand")
    wake.apply_async(args=(kind, run_id), queue=queue, expires=600)


@setup_logging.connect
def _log_our_way(**_: object) -> None:
    log.set_up()
    log.hear_libraries()


@worker_init.connect
def _right_database(**_: object) -> None:
    """A worker does not start on a database that is ahead of this program or behind it."""
    from migrations import schema

    try:
        schema.check(db.engine())
    except Refusal as refusal:
        log.bind(job="worker").error("refused_to_start", error=str(refusal))
        raise SystemExit(str(refusal)) from None


@worker_shutting_down.connect
def _second_hurries(how: str = "", **_: object) -> None:
    """SIGTERM lets the tasks at work end, and Celery would not hear another one: a second one hurries."""
    if how == "Warm" and threading.current_thread() is threading.main_thread():
        signal.signal(signal.SIGTERM, _hurry)


def _hurry(*_: object) -> None:
    # Killed and not interrupted: an exception may come in the middle of a commit, SIGKILL leaves it to the
    # database. What was at work is taken up when its lease ends.
    for child in active_children():
        os.kill(child.pid or os.getpid(), signal.SIGKILL)
    os._exit(1)


@worker_init.connect
def _load_before_the_fork(**_: object) -> None:
    """Children share what their parent has loaded: each is ready at once and takes less memory."""
    _load_handlers()
    load_jobs()


@worker_process_init.connect
def _own_connections(**_: object) -> None:
    # A forked child must not share its parent's connections.
    db.forget(forked=True)
