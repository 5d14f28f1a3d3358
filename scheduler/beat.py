"""Celery beat with the run table as its state: any number of copies, no night skipped or doubled.

Stock beat keeps its own idea of what was sent and skips a night in four ways (reliability 0).
Ours keeps none: each tick asks the database what is due.
"""

from typing import Any

from celery.beat import Scheduler

from models.values import Refusal
from scheduler import timetable
from scheduler.tick import tick_on
from worker import log
from worker.registry import load_jobs

TICK_SECONDS = 10.0


class RunTableScheduler(Scheduler):
    """A beat scheduler without entries: it sweeps."""

    def setup_schedule(self) -> None:
        """Refuse to start with a wrong timetable; nothing is remembered here, so nothing else is set up."""
        try:
            timetable.check(load_jobs())
        except Refusal as refusal:
            log.bind(job="beat").error("refused_to_start", error=str(refusal))
            raise SystemExit(str(refusal)) from None

    def tick(self, *_: Any, **__: Any) -> float:
        """One round; returns the seconds until the next."""
        tick_on()
        return TICK_SECONDS
