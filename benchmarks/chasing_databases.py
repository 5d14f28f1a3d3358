"""The databases of the benchmark of chasing: made once, copied for every way, and what a way costs in CPU."""

import os
import shutil
import time
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Connection, Engine, inspect, text

from benchmarks import server_cpu
from migrations.schema import upgrade
from tests import servers
from worker import db

NEW = ("notice", "notice_attachment", "notice_demand", "chase_letter", "chase_step", "event")
"""Tables a pass only adds rows to, in the order in which they stand on each other."""

BROUGHT_UP_TO_DATE = {
    "chase_state": ("case_id",),
    "chase_plan": ("shop_id", "night"),
    "sequence": ("shop_id", "kind", "year"),
}


class Side(ABC):
    """One of the two databases, as a place where a filled one is kept and copied."""

    name: str

    def __init__(self, home: Path) -> None:
        self.home = home

    @contextmanager
    @abstractmethod
    def filled(self, fill: Callable[[Engine], None]) -> Iterator[str]:
        """Fill one and give its URL."""

    @contextmanager
    @abstractmethod
    def copy(self, of: str) -> Iterator[str]:
        """Give the URL of a copy."""

    @abstractmethod
    def cpu(self) -> float:
        """CPU seconds that the database has used outside this process."""

    @abstractmethod
    def keep_made(self, ours: str, bare: str) -> None:
        """Lay what ours wrote beside the bare one as `made_<table>`, without indexes."""

    def spent(self, way: Callable[[], object]) -> float:
        """CPU seconds of client and server for one way."""
        began = self.cpu() + time.process_time()
        way()
        return self.cpu() + time.process_time() - began


class Postgres(Side):
    name = "PostgreSQL"

    @contextmanager
    def filled(self, fill: Callable[[Engine], None]) -> Iterator[str]:
        with servers.postgres() as server, servers.database(server) as url:
            self.server = server
            _make(url, fill)
            yield url

    @contextmanager
    def copy(self, of: str) -> Iterator[str]:
        with servers.database(self.server, of.partition("?")[0].rpartition("/")[2]) as url:
            engine = db.make_engine(url)
            with engine.connect() as connection:  # else it would be counted with the first way
                connection.execution_options(isolation_level="AUTOCOMMIT").exec_driver_sql("CHECKPOINT")
            engine.dispose()
            yield url

    def cpu(self) -> float:
        return server_cpu.used(self.server)

    def keep_made(self, ours: str, bare: str) -> None:
        source, target = db.make_engine(ours), db.make_engine(bare)
        with source.connect() as read, target.begin() as write:
            for table in (*NEW, *BROUGHT_UP_TO_DATE):
                write.execute(text(f"CREATE TABLE made_{table} (LIKE {table})"))
                into = write.connection.cursor()
                query = f"COPY ({_made(write, table)}) TO STDOUT"
                with (
                    read.connection.cursor().copy(query) as out,
                    into.copy(f"COPY made_{table} FROM STDIN") as to,
                ):
                    for block in out:
                        to.write(block)
                write.execute(text(f"ANALYZE made_{table}"))
        source.dispose()
        target.dispose()


class Sqlite(Side):
    name = "SQLite"

    @contextmanager
    def filled(self, fill: Callable[[Engine], None]) -> Iterator[str]:
        path = self.home / "filled.db"
        _make(f"sqlite:///{path}", fill)
        yield f"sqlite:///{path}"
        path.unlink()

    @contextmanager
    def copy(self, of: str) -> Iterator[str]:
        path = self.home / f"copy{time.monotonic_ns()}.db"
        shutil.copy2(of.removeprefix("sqlite:///"), path)
        yield f"sqlite:///{path}"
        path.unlink()

    def cpu(self) -> float:
        return 0.0

    def keep_made(self, ours: str, bare: str) -> None:
        engine = db.make_engine(bare)
        with engine.connect() as connection:
            connection.exec_driver_sql("COMMIT")
            connection.exec_driver_sql("ATTACH ? AS ours", (ours.removeprefix("sqlite:///"),))
            connection.exec_driver_sql("BEGIN")
            for table in (*NEW, *BROUGHT_UP_TO_DATE):
                query = _made(connection, table).replace(f"FROM {table}", f"FROM ours.{table}")
                connection.exec_driver_sql(f"CREATE TABLE made_{table} AS {query}")
            connection.exec_driver_sql("COMMIT")
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        engine.dispose()


def _make(url: str, fill: Callable[[Engine], None]) -> None:
    engine = db.make_engine(url)
    upgrade(engine)
    fill(engine)
    if engine.dialect.name == "sqlite":
        with engine.connect() as connection:
            connection.exec_driver_sql("COMMIT")
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    engine.dispose()


def _made(bare: Connection, table: str) -> str:
    """The rows of a table that ours wrote and the other has not."""
    if table == "chase_state":
        return f"SELECT * FROM {table} WHERE since = '2026-11-21'"  # noqa: S608 - names of our own
    if table in BROUGHT_UP_TO_DATE:
        return f"SELECT * FROM {table}"  # noqa: S608
    there = "main." if bare.dialect.name == "sqlite" else ""
    known = bare.execute(text(f"SELECT coalesce(max(id), 0) FROM {there}{table}")).scalar_one()  # noqa: S608
    return f"SELECT * FROM {table} WHERE id > {known}"  # noqa: S608


def insert_bare(url: str) -> None:
    """INSERT ... SELECT of the very same rows, in one transaction: what the database alone takes for them."""
    engine = db.make_engine(url)
    with engine.begin() as connection:
        for table in NEW:
            connection.exec_driver_sql(f"INSERT INTO {table} SELECT * FROM made_{table}")  # noqa: S608
        for table, keys in BROUGHT_UP_TO_DATE.items():
            columns = [each["name"] for each in inspect(connection).get_columns(table)]
            connection.exec_driver_sql(_upsert(table, columns, keys))
    engine.dispose()


def _upsert(table: str, columns: Sequence[str], keys: Sequence[str]) -> str:
    changed = ", ".join(f"{name} = excluded.{name}" for name in columns if name not in keys)
    listed = ", ".join(columns)
    return (
        f"INSERT INTO {table} ({listed}) SELECT {listed} FROM made_{table} WHERE true "  # noqa: S608
        f"ON CONFLICT ({', '.join(keys)}) DO UPDATE SET {changed}"
    )


def use(url: str, home: Path) -> None:
    """Make it the database of this process."""
    os.environ["HUIKUAN_DATABASE_URL"] = url.replace("postgresql://", "postgresql+psycopg://")
    os.environ["HUIKUAN_HOME"] = str(home)
    db.forget()
