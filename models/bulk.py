"""Many rows at once, the same on SQLite and PostgreSQL: asking for many keys, and writing many rows.

PostgreSQL takes 65,535 parameters in a statement and pays for each row of an executemany; one array and COPY
cost a fifth of it. A few rows go as they always did.
"""

import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

import psycopg
from sqlalchemy import ARRAY, BigInteger, ColumnElement, Select, any_, func, insert, literal, select, update
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import InstrumentedAttribute, Session

from models.base import Base

FEW = 50
"""Up to here a statement with its rows is as cheap."""

MANY = 5_000
"""From here on the server counts a table anew: its plans for what has just come would be for an empty one."""

Row = Mapping[str, Any]


def among(
    session: Session, column: ColumnElement[Any] | InstrumentedAttribute[Any], values: Collection[int | str]
) -> ColumnElement[bool]:
    """Whether a column holds one of many numbers or texts."""
    if len(values) <= FEW:
        return column.in_(sorted(values))
    if session.get_bind().dialect.name == "postgresql":
        return column == any_(literal(sorted(values), ARRAY(column.type)))
    listed = func.json_each(json.dumps(sorted(values), ensure_ascii=False)).table_valued("value")
    return column.in_(select(listed.c.value))


def listed(session: Session, numbers: Collection[int]) -> Select[int]:
    """Many numbers as a query that gives them, for several statements about the same rows."""
    if session.get_bind().dialect.name == "postgresql":
        return select(func.unnest(literal(sorted(numbers), ARRAY(BigInteger))))
    return select(func.json_each(json.dumps(sorted(numbers))).table_valued("value").c.value)


def new_ids(session: Session, model: type[Base], count: int) -> list[int]:
    """Numbers for so many new rows of a table, ascending; on SQLite for the writer that holds it."""
    table = model.__table__
    if session.get_bind().dialect.name == "postgresql":
        sequence = func.nextval(func.pg_get_serial_sequence(f'"{model.__tablename__}"', "id"))
        numbers = select(sequence).select_from(func.generate_series(1, count).table_valued("number"))
        return sorted(session.scalars(numbers))
    highest = session.execute(select(func.coalesce(func.max(table.c.id), 0))).scalar_one()
    return list(range(highest + 1, highest + 1 + count))


def add(session: Session, model: type[Base], rows: Sequence[Row]) -> None:
    """Insert rows that all have the same columns; defaults of the model are the caller's to give.

    Raises what SQLAlchemy raises where the database refuses.
    """
    if not rows:
        return
    if len(rows) <= FEW or session.get_bind().dialect.name != "postgresql":
        session.execute(insert(model), [dict(row) for row in rows])
        return
    session.flush()
    connection = session.connection()
    names = list(rows[0])
    target = ", ".join(f'"{name}"' for name in names)
    driver = connection.connection.cursor()
    statement = f'COPY "{model.__tablename__}" ({target}) FROM STDIN'
    try:
        with driver.copy(statement) as copy:
            for row in _as_stored(session, model, names, rows):
                copy.write_row(row)
        if len(rows) >= MANY:
            # A role that does not own the table is only warned, and autovacuum does it in a minute.
            driver.execute(f'ANALYZE "{model.__tablename__}"')
    except psycopg.Error as error:
        raise DBAPIError.instance(
            statement, None, error, psycopg.Error, dialect=connection.dialect
        ) from error  # fmt: skip
    finally:
        driver.close()


def _as_stored(
    session: Session, model: type[Base], names: Sequence[str], rows: Sequence[Row]
) -> Iterator[list[Any]]:
    """The values as the driver takes them: words as their text, JSON as JSON."""
    dialect = session.get_bind().dialect
    columns = model.__table__.c
    how = [columns[name].type.dialect_impl(dialect).bind_processor(dialect) for name in names]
    for row in rows:
        yield [row[name] if to is None else to(row[name]) for name, to in zip(names, how, strict=True)]


def change(session: Session, model: type[Base], ids: Collection[int], values: Mapping[str, Any]) -> None:
    """Set the same values on many rows, by their numbers."""
    statement = update(model).where(among(session, model.__mapper__.c["id"], ids)).values(dict(values))
    if len(ids) <= FEW:
        session.execute(statement)
    else:
        session.execute(statement, execution_options={"synchronize_session": False})
        session.expire_all()
