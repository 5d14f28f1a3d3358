"""A world of its own: servers and programs that run, a database that is migrated, and no day lived yet."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import time
from pathlib import Path

from cryptography.fernet import Fernet

from migrations.schema import upgrade
from tests import servers
from tests.faults import story
from tests.faults.breakable import Server
from tests.faults.world import World
from tests.programs import private_directory
from worker import db


@contextmanager
def world(home: Path) -> Iterator[World]:
    """Give a world in which everything runs and the shops have lived nothing yet."""
    home.mkdir()
    with private_directory("pg") as of_postgres, private_directory("redis") as of_redis:
        postgres = Server(servers.made_postgres(of_postgres), of_postgres)
        redis = Server(servers.made_redis(of_redis), of_redis)
        postgres.start()
        redis.start()
        try:
            with servers.database(postgres.made.url) as url, _peopled(home, postgres, redis, url) as found:
                yield found
        finally:
            postgres.stop()
            redis.stop()


@contextmanager
def _peopled(home: Path, postgres: Server, redis: Server, url: str) -> Iterator[World]:
    made = db.make_engine(url)
    upgrade(made)
    made.dispose()
    key = Fernet.generate_key().decode()
    found = World(home, postgres, redis, url, key, _environment(home, url, redis.made.url, key))
    found.turn_to(story.FIRST, time(3))
    found.tend()
    try:
        yield found
    finally:
        for program in found.programs.values():
            program.kill()
        found.engine.dispose()


def _environment(home: Path, url: str, broker: str, key: str) -> dict[str, str]:
    plain = {name: value for name, value in os.environ.items() if not name.startswith("HUIKUAN_")}
    own = {
        "HUIKUAN_HOME": str(home), "HUIKUAN_DATABASE_URL": url, "HUIKUAN_BROKER_URL": broker,
        "HUIKUAN_KEYS": key, "PYTHONUTF8": "1", "LC_ALL": "C", "NO_COLOR": "1",
        "TZ": "America/New_York",  # a wrong zone of the host changes nothing
    }  # fmt: skip
    return plain | own
