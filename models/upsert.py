"""Writing rows that may already be there, the same on SQLite and PostgreSQL."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import CursorResult, Result
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from models.base import Base

Row = Mapping[str, Any]


def _insert(session: Session, model: type[Base]) -> Any:
    dialect = session.get_bind().dialect.name
    return sqlite.insert(model) if dialect == "sqlite" else postgresql.insert(model)


def changed_rows(result: Result[Any]) -> int:
    """How many rows an INSERT, UPDATE or DELETE touched."""
    assert isinstance(result, CursorResult)
    return int(result.rowcount)


def add_new(session: Session, model: type[Base], rows: Sequence[Row]) -> int:
    """Insert the rows that no unique constraint knows yet; returns how many were new."""
    added = 0
    for row in rows:
        result = session.execute(_insert(session, model).values(**row).on_conflict_do_nothing())
        added += max(0, changed_rows(result))
    return added


def put(session: Session, model: type[Base], rows: Sequence[Row], keys: Sequence[str]) -> None:
    """Insert the rows, or bring the row with the same `keys` (a unique constraint) up to date, in bulk."""
    if not rows:
        return
    statement = _insert(session, model)
    changed = {name: statement.excluded[name] for name in rows[0] if name not in keys}
    session.execute(statement.on_conflict_do_update(index_elements=list(keys), set_=changed), list(rows))
