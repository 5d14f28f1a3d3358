"""A worker that hears one kind of message more: wait so many tenths of a second (`celery --app=...`)."""

import os
import time
from pathlib import Path

from worker.app import app, handles

__all__ = ["app"]


@handles("slow")
def slow(tenths: int) -> None:
    """Leave a file when it begins, and one when it is done."""
    home = Path(os.environ["HUIKUAN_HOME"])
    (home / f"begun-{tenths}").touch()
    time.sleep(tenths / 10)
    (home / f"done-{tenths}").touch()
