"""Writing rows that may already be there, the same on SQLite and PostgreSQL."""

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from sqlalchemy import CursorResult, Result, literal_column
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from models.base import Base

Row = Mapping[str, Any]

_CHUNK = 200


def _insert(session: Session, model: type[Base]) -> Any:
    table: Any = model.__table__
    return sqlite.insert(table) if session.get_bind().dialect.name == "sqlite" else postgresql.insert(table)


@cache
def _one_if_new(model: type[Base], returned: tuple[str, ...], dialect: str) -> Any:
    """The statement that inserts one row unless it is known: made once, for every step of a night."""
    table: Any = model.__table__
    insert = sqlite.insert(table) if dialect == "sqlite" else postgresql.insert(table)
    return insert.on_conflict_do_nothing().returning(*(literal_column(each) for each in returned))


def changed_rows(result: Result[Any]) -> int:
    """How many rows an INSERT, UPDATE or DELETE touched."""
    assert isinstance(result, CursorResult)
    return int(result.rowcount)


def add_new(session: Session, model: type[Base], rows: Sequence[Row]) -> int:
    """Insert the rows that no unique constraint knows yet; returns how many were new.

    All rows have the same columns. They go in chunks: a statement has a limit of parameters.
    """
    # Counted by what comes back: drivers disagree on the row count of such a statement.
    return len(added(session, model, rows, "1"))


def added(session: Session, model: type[Base], rows: Sequence[Row], *returned: str) -> list[Any]:
    """The same; returns these columns of the rows that were new."""
    found: list[Any] = []
    for start in range(0, len(rows), _CHUNK):
        some = [dict(row) for row in rows[start : start + _CHUNK]]
        if len(some) == 1:
            new = session.execute(_one_if_new(model, returned, session.get_bind().dialect.name), some[0])
        else:
            what: list[Any] = [literal_column(each) for each in returned]
            new = session.execute(
                _insert(session, model).values(some).on_conflict_do_nothing().returning(*what)
            )
        found += new.all()
    return found


def new_id(session: Session, model: type[Base], row: Row) -> int | None:
    """Insert a row that no unique constraint knows yet; returns its id, or None where one knows it."""
    statement = _one_if_new(model, ("id",), session.get_bind().dialect.name)
    found: int | None = session.scalar(statement, dict(row))
    return found


def put(session: Session, model: type[Base], rows: Sequence[Row], keys: Sequence[str]) -> None:
    """Insert the rows, or bring the row with the same `keys` (a unique constraint) up to date, in bulk."""
    if not rows:
        return
    statement = _insert(session, model)
    changed = {name: statement.excluded[name] for name in rows[0] if name not in keys}
    session.execute(statement.on_conflict_do_update(index_elements=list(keys), set_=changed), list(rows))
