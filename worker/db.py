"""The engine, and the only ways to open a transaction."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal
from functools import lru_cache
from typing import Any

import psycopg
from psycopg.abc import Buffer
from psycopg.adapt import Loader
from sqlalchemy import Engine, create_engine, event
from sqlalchemy.engine import Connection, make_url
from sqlalchemy.exc import DisconnectionError
from sqlalchemy.orm import Session

from worker import keys
from worker.settings import settings


@lru_cache(maxsize=1)
def engine() -> Engine:
    """The one engine of this process, with the keys for encrypted columns loaded."""
    found = settings()
    keys.use(found)
    return make_engine(found.database)


def make_engine(url: str) -> Engine:
    """An engine with the settings that money needs, on SQLite or PostgreSQL.

    Errors leave out the values of a statement, which are personal: they go into the log and the row of a run.
    """
    if make_url(url).get_backend_name() == "sqlite":
        return _sqlite(url)
    made = create_engine(url, pool_size=5, max_overflow=5, hide_parameters=True)
    event.listen(made, "connect", _guard_postgres)
    event.listen(made, "checkin", _note_rest)
    event.listen(made, "checkout", _ask_if_alive)
    return made


_ALIVE_FOR = 1.0
"""Seconds after its last use in which a connection is taken for alive; asking costs what a statement does."""


def _note_rest(_connection: object, record: Any) -> None:
    record.info["resting_since"] = time.monotonic()


def _ask_if_alive(connection: Any, record: Any, _proxy: object) -> None:
    """After a pause a connection may be gone; the pool makes a new one where this one does not answer."""
    rested = time.monotonic() - record.info.get("resting_since", float("inf"))
    if rested < _ALIVE_FOR:
        return
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        connection.rollback()
    except psycopg.OperationalError as error:
        raise DisconnectionError from error


class _WholeLoader(Loader):
    """A NUMERIC without a fraction is an int: sums of fen are NUMERIC on PostgreSQL."""

    def load(self, data: Buffer) -> int | Decimal:
        text = bytes(data).decode("ascii")
        return int(text) if text.lstrip("-").isdigit() else Decimal(text)


def _guard_postgres(connection: Any, _record: object) -> None:
    connection.adapters.register_loader("numeric", _WholeLoader)
    with connection.cursor() as cursor:
        # Nothing waits for ever: a stuck statement ends before the lease of its run (600 s) does.
        cursor.execute("SET statement_timeout = '280s'")
        cursor.execute("SET idle_in_transaction_session_timeout = '300s'")
        cursor.execute("SET timezone = 'UTC'")
    connection.commit()


def _sqlite(url: str) -> Engine:
    database = make_url(url).database
    if database and database != ":memory:":
        settings().home.mkdir(parents=True, exist_ok=True)
    made = create_engine(url, connect_args={"timeout": 30}, hide_parameters=True)
    event.listen(made, "connect", _guard_sqlite)
    event.listen(made, "begin", _begin_immediate)
    return made


def _guard_sqlite(connection: Any, _record: object) -> None:
    # The driver must not begin transactions by itself: _begin_immediate does.
    connection.isolation_level = None
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "busy_timeout=30000"):
        connection.execute(f"PRAGMA {pragma}")


def _begin_immediate(connection: Connection) -> None:
    # A transaction that reads first and writes later would die of SQLITE_BUSY; this one waits its turn.
    reading = connection.get_execution_options().get("reading", False)
    connection.exec_driver_sql("BEGIN" if reading else "BEGIN IMMEDIATE")


@contextmanager
def transaction() -> Iterator[Session]:
    """Open a transaction that commits at the end, or rolls back whole."""
    with Session(engine(), expire_on_commit=False) as session, session.begin():
        yield session


@contextmanager
def reading() -> Iterator[Session]:
    """Open a transaction for looking only: it never blocks a writer and is always rolled back."""
    with Session(engine().execution_options(reading=True), expire_on_commit=False) as session:
        yield session
        session.expunge_all()  # what was read stays readable afterwards


@contextmanager
def rehearsal() -> Iterator[Session]:
    """Open a transaction in which everything may be written and nothing stays: the dry run."""
    with Session(engine(), expire_on_commit=False) as session:
        yield session
        session.rollback()


def forget(*, forked: bool = False) -> None:
    """Drop the engine and the settings, for tests and for a process that was forked.

    A forked child leaves its parent's connections open: closing them would end the parent's sessions.
    """
    if engine.cache_info().currsize:
        engine().dispose(close=not forked)
    engine.cache_clear()
    settings.cache_clear()
