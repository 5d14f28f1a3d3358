"""Many rows at once, the same on SQLite and PostgreSQL: asking for many keys, and writing many rows.

PostgreSQL takes 65,535 parameters in a statement and pays for each row of an executemany; one array and COPY
cost a fifth of it. A few rows go as they always did.
"""

import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

import psycopg
from sqlalchemy import (
    ARRAY,
    ColumnElement,
    Integer,
    Select,
    String,
    any_,
    func,
    insert,
    literal,
    select,
    text,
    update,
)
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import InstrumentedAttribute, Session

from models import arrays
from models.base import Base
from models.driver_values import stored

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
        numbers = isinstance(column.type, Integer)
        return column == any_(literal(sorted(values), arrays.Numbers() if numbers else ARRAY(column.type)))
    listed = func.json_each(json.dumps(sorted(values), ensure_ascii=False)).table_valued("value")
    return column.in_(select(listed.c.value))


def listed(session: Session, numbers: Collection[int]) -> Select[int]:
    """Many numbers as a query that gives them, for several statements about the same rows."""
    if session.get_bind().dialect.name == "postgresql":
        return select(func.unnest(literal(sorted(numbers), arrays.Numbers())))
    return select(func.json_each(json.dumps(sorted(numbers))).table_valued("value").c.value)


def prefer_indexes(session: Session) -> None:
    """Until the commit: a table is not read whole for a fiftieth of its rows.

    PostgreSQL reckons as for a turning disk, where a row here and there costs four times as much as in a row.
    """
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("SET LOCAL random_page_cost = 1.1"))


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
    if rows:
        names = list(rows[0])
        add_tuples(session, model, names, [[row[name] for name in names] for row in rows])


def add_tuples(
    session: Session, model: type[Base], names: Sequence[str], rows: Sequence[Sequence[Any]]
) -> None:
    """The same for rows without names: their values in the order of `names`."""
    if not rows:
        return
    if len(rows) <= FEW:
        session.execute(insert(model), [dict(zip(names, row, strict=True)) for row in rows])
        return
    session.flush()
    if session.get_bind().dialect.name == "postgresql":
        _copy(session, model, names, rows)
    else:
        marks = ", ".join("?" for _ in names)
        _run_many(
            session, f'INSERT INTO "{model.__tablename__}" ({_listed(names)}) VALUES ({marks})',  # noqa: S608 - our own names
            stored(session, model, names, rows),
        )  # fmt: skip


def put_tuples(
    session: Session,
    model: type[Base],
    names: Sequence[str],
    rows: Sequence[Sequence[Any]],
    keys: Sequence[str],
) -> None:
    """Insert them, or bring the row with the same `keys` (a unique constraint) up to date."""
    if not rows:
        return
    session.flush()
    changed = ", ".join(f'"{name}" = excluded."{name}"' for name in names if name not in keys)
    into = f'INSERT INTO "{model.__tablename__}" ({_listed(names)})'
    conflict = f"ON CONFLICT ({_listed(keys)}) DO UPDATE SET {changed}"
    values = stored(session, model, names, rows)
    dialect = session.get_bind().dialect
    if dialect.name == "postgresql":
        columns = model.__table__.c
        kinds = (columns[name].type.dialect_impl(dialect).compile(dialect) for name in names)
        given = ", ".join(f"%s::{kind}[]" for kind in kinds)
        every = [
            arrays.text(
                arrays.quoted(column) if isinstance(columns[name].type, String) else arrays.plain(column)
            )
            for name, column in zip(names, zip(*values, strict=True), strict=True)
        ]
        _run(session, f"{into} SELECT * FROM unnest({given}) {conflict}", every)  # noqa: S608
    else:
        marks = ", ".join("?" for _ in names)
        _run_many(session, f"{into} VALUES ({marks}) {conflict}", values)


def _listed(names: Sequence[str]) -> str:
    return ", ".join(f'"{name}"' for name in names)


def _run(session: Session, statement: str, values: Sequence[Any]) -> None:
    session.connection().exec_driver_sql(statement, tuple(values))


def _run_many(session: Session, statement: str, rows: Iterator[Sequence[Any]]) -> None:
    session.connection().exec_driver_sql(statement, list(map(tuple, rows)))


def _copy(session: Session, model: type[Base], names: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
    connection = session.connection()
    driver = connection.connection.cursor()
    statement = f'COPY "{model.__tablename__}" ({_listed(names)}) FROM STDIN'
    try:
        with driver.copy(statement) as copy:
            for row in stored(session, model, names, rows):
                copy.write_row(row)
        if len(rows) >= MANY and _has_grown(driver, model, len(rows)):
            # A role that does not own the table is only warned, and autovacuum does it in a minute.
            driver.execute(f'ANALYZE "{model.__tablename__}"')
    except psycopg.Error as error:
        raise DBAPIError.instance(
            statement, None, error, psycopg.Error, dialect=connection.dialect
        ) from error  # fmt: skip
    finally:
        driver.close()


def _has_grown(driver: Any, model: type[Base], rows: int) -> bool:
    """Whether more rows came than the server knew of: else its plans are good enough."""
    known = "SELECT reltuples FROM pg_class WHERE oid = %s::regclass"
    driver.execute(known, (f'"{model.__tablename__}"',))
    return bool(driver.fetchone()[0] < rows)


def change(session: Session, model: type[Base], ids: Collection[int], values: Mapping[str, Any]) -> None:
    """Set the same values on many rows, by their numbers."""
    statement = update(model).where(among(session, model.__mapper__.c["id"], ids)).values(dict(values))
    if len(ids) <= FEW:
        session.execute(statement)
    else:
        session.execute(statement, execution_options={"synchronize_session": False})
        session.expire_all()
