"""CPU that a PostgreSQL server on this machine has used: all its processes, from /proc (Linux)."""

import os
from functools import lru_cache
from pathlib import Path

import psycopg

_TICKS = os.sysconf("SC_CLK_TCK")


def used(url: str) -> float:
    """Seconds of user and system time of the server and its sessions, those that have ended too."""
    postmaster = _postmaster(url)
    own = _times(postmaster)
    # Of its children that have ended a process counts the times; of the others they count themselves.
    alive = [_times(child) for child in _children(postmaster)]
    return (sum(own) + sum(sum(times[:2]) for times in alive)) / _TICKS


@lru_cache(maxsize=8)
def _postmaster(url: str) -> int:
    with psycopg.connect(url) as connection:
        session = connection.info.backend_pid
        return int(_fields(session)[1])


def _children(parent: int) -> list[int]:
    return [int(pid) for pid in Path(f"/proc/{parent}/task/{parent}/children").read_text().split()]


def _times(pid: int) -> tuple[int, ...]:
    """User and system time in ticks, then both of the children that have ended; nothing for one gone."""
    try:
        return tuple(int(each) for each in _fields(pid)[11:15])
    except FileNotFoundError:
        return ()


def _fields(pid: int) -> list[str]:
    return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
