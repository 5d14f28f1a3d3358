"""Find jobs by name: every `job` module of a room, imported once."""

import difflib
import importlib
import pkgutil
from functools import cache

from models.values import Refusal
from worker.job import REGISTRY, Job

_ROOMS = ("tasks", "notifications")


def load_jobs() -> dict[str, Job]:
    """Import every room's jobs and return them by name."""
    _import_rooms()
    return REGISTRY


@cache
def _import_rooms() -> None:
    # Once: to walk all folders takes longer than most steps of a small shop's night.
    for floor in _ROOMS:
        package = importlib.import_module(floor)
        for found in pkgutil.walk_packages(package.__path__, prefix=f"{floor}."):
            if found.name.rpartition(".")[2] == "job":
                importlib.import_module(found.name)


def find_job(name: str) -> Job:
    """The job of that name. Raises Refusal with the nearest name when there is none."""
    jobs = load_jobs()
    if name in jobs:
        return jobs[name]
    near = difflib.get_close_matches(name, jobs, n=1)
    hint = f" Did you mean {near[0]}?" if near else ""
    raise Refusal(f"There is no job {name}.{hint} See: huikuan job kinds")
