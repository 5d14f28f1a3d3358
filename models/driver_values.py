"""Values of many rows as the driver takes them, past SQLAlchemy, which asks after each of them."""

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import lru_cache
from typing import Any

from sqlalchemy import JSON, Date, DateTime
from sqlalchemy.engine import Dialect
from sqlalchemy.orm import Session

from models.base import Base


def stored(
    session: Session, model: type[Base], names: Sequence[str], rows: Iterable[Sequence[Any]]
) -> Iterator[Sequence[Any]]:
    """The values as the driver takes them: words as their text, JSON as JSON."""
    dialect = session.get_bind().dialect
    columns = model.__table__.c
    every = [_how(columns[name].type, dialect) for name in names]
    changed = [(at, to) for at, to in enumerate(every) if to is not None]
    for row in rows:
        values = list(row)
        for at, to in changed:
            values[at] = to(values[at])
        yield values


def _how(kind: Any, dialect: Dialect) -> Callable[[Any], Any] | None:
    """What makes of a value of a column what the driver takes; None where it takes it as it is."""
    if isinstance(kind, JSON) and dialect.name == "postgresql":
        return json.dumps
    found: Callable[[Any], Any] | None = kind.dialect_impl(dialect).bind_processor(dialect)
    # The days of a night are few, and SQLite takes them as text.
    return lru_cache(maxsize=4096)(found) if found and isinstance(kind, (Date, DateTime)) else found
