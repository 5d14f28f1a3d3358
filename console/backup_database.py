"""The rows of a database as files, and back: an online copy of SQLite, COPY of one snapshot of PostgreSQL.

No client program is needed, so that it works the same in a container as on a laptop
(docs/decisions/006). The schema is not in the copy: it is what the migrations make of the revision.
"""

import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing
from pathlib import Path
from typing import Any

import psycopg
from alembic import command
from psycopg import sql
from sqlalchemy import Engine, inspect
from sqlalchemy.engine import make_url

from migrations import schema
from models.everything import metadata
from models.values import Refusal

SQLITE, POSTGRES = "sqlite", "postgresql"
_COPY = "huikuan.db"


def dump(engine: Engine, folder: Path) -> dict[str, int]:
    """Write every table as it is at one moment below `folder`; says how many rows each has."""
    if engine.dialect.name == SQLITE:
        return _dump_sqlite(engine, folder)
    rows: dict[str, int] = {}
    with _postgres(engine) as connection, connection.cursor() as cursor:
        connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        connection.read_only = True
        for table, columns in _tables(engine).items():
            with (folder / f"{table}.copy").open("wb") as stream, cursor.copy(_out(table, columns)) as copy:
                for block in copy:
                    stream.write(block)
            rows[table] = cursor.rowcount
    return rows


def load(engine: Engine, folder: Path, revision: str) -> None:
    """Make the tables of a revision in an empty database and fill them; all of it or nothing."""
    if engine.dialect.name == SQLITE:
        target = make_url(str(engine.url)).database
        assert target is not None
        engine.dispose()
        (folder / _COPY).replace(target)
        return
    with engine.begin() as connection:
        command.upgrade(schema.configuration(connection), revision)
        tables = _tables(engine, connection)
        driver: psycopg.Connection[Any] = connection.connection.driver_connection  # type: ignore[assignment] # psycopg's
        with driver.cursor() as cursor:
            _fill(cursor, tables, folder)


def is_empty(engine: Engine) -> bool:
    """Whether a database has no table at all."""
    if engine.dialect.name == SQLITE:
        path = make_url(str(engine.url)).database
        return path is None or not Path(path).exists()
    return not inspect(engine).get_table_names()


def _dump_sqlite(engine: Engine, folder: Path) -> dict[str, int]:
    path = make_url(str(engine.url)).database
    # Closed, not only left: an open copy keeps -wal and -shm beside it, and takes them away when it likes.
    with (
        closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as source,
        closing(sqlite3.connect(folder / _COPY)) as copy,
    ):
        source.backup(copy)
        found = copy.execute("PRAGMA integrity_check").fetchone()[0]
        if found != "ok":
            raise Refusal(f"The database is damaged ({found}). Restore the last backup: huikuan restore FILE")
        return {
            table.name: copy.execute(f'SELECT count(*) FROM "{table.name}"').fetchone()[0]  # noqa: S608 - our own names
            for table in metadata.sorted_tables
        }


def _postgres(engine: Engine) -> psycopg.Connection[Any]:
    url = make_url(engine.url.render_as_string(hide_password=False)).set(drivername="postgresql")
    return psycopg.connect(url.render_as_string(hide_password=False))


def _tables(engine: Engine, connection: Any = None) -> dict[str, list[str]]:
    """Every table with its columns, what is referred to before what refers to it."""
    found = inspect(connection or engine)
    names = [name for name, _ in found.get_sorted_table_and_fkc_names() if name]
    return {
        name: [each["name"] for each in found.get_columns(name) if not each.get("computed")]
        for name in names
        if name != "alembic_version"
    }


def _out(table: str, columns: list[str]) -> sql.Composed:
    return sql.SQL("COPY {} ({}) TO STDOUT").format(sql.Identifier(table), _names(columns))


def _names(columns: list[str]) -> sql.Composed:
    return sql.SQL(", ").join(map(sql.Identifier, columns))


def _fill(cursor: psycopg.Cursor[Any], tables: Mapping[str, list[str]], folder: Path) -> None:
    """Put the rows in as they were: triggers that guard or remember changes are off meanwhile."""
    for table in tables:
        cursor.execute(sql.SQL("ALTER TABLE {} DISABLE TRIGGER USER").format(sql.Identifier(table)))
    cursor.execute(sql.SQL("TRUNCATE {}").format(_names(list(tables))))
    for table, columns in tables.items():
        into = sql.SQL("COPY {} ({}) FROM STDIN").format(sql.Identifier(table), _names(columns))
        with cursor.copy(into) as copy:
            for block in _blocks(folder / f"{table}.copy"):
                copy.write(block)
        if "id" in columns:
            _continue_numbers(cursor, table)
    for table in tables:
        cursor.execute(sql.SQL("ALTER TABLE {} ENABLE TRIGGER USER").format(sql.Identifier(table)))


def _blocks(path: Path) -> Iterator[bytes]:
    with path.open("rb") as stream:
        while block := stream.read(1 << 20):
            yield block


def _continue_numbers(cursor: psycopg.Cursor[Any], table: str) -> None:
    """New rows get numbers above those that came back."""
    cursor.execute("SELECT pg_get_serial_sequence(%s, 'id')", (f'"{table}"',))
    row = cursor.fetchone()
    if row and row[0]:
        cursor.execute(
            sql.SQL("SELECT setval(%s, coalesce(max(id), 0) + 1, false) FROM {}").format(
                sql.Identifier(table)
            ),
            (row[0],),
        )
