"""The connections that a process keeps."""

import pytest
from freezegun import freeze_time
from sqlalchemy import event, text
from sqlalchemy.exc import DBAPIError

from worker import clock, db


@pytest.mark.parametrize("database", ["postgres"], indirect=True)
def test_a_connection_that_ended_while_it_rested_is_made_anew(
    database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(db, "_ALIVE_FOR", 0.0)
    with db.transaction() as session:
        first = session.execute(text("SELECT pg_backend_pid()")).scalar_one()
    other = db.make_engine(database)
    with other.begin() as connection:
        connection.execute(text("SELECT pg_terminate_backend(:pid, 5000)"), {"pid": first})
    other.dispose()

    with db.transaction() as session:
        second = session.execute(text("SELECT pg_backend_pid()")).scalar_one()

    assert second != first


@pytest.mark.parametrize("database", ["postgres"], indirect=True)
def test_the_databases_moment_is_asked_for_once_and_counted_on(database: str) -> None:
    statements: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        statements.append(statement)

    event.listen(db.engine(), "before_cursor_execute", note)
    steady, moments = clock.DbClock(), []
    with freeze_time("2026-11-23 02:00:00", ignore=["psycopg"]) as frozen, db.transaction() as session:
        for seconds in (0, 4, 5, 2):
            frozen.tick(seconds)
            moments.append((steady(session), len(statements)))

    (first, _), (second, _), (third, _), _ = moments
    assert ((second - first).total_seconds(), (third - first).total_seconds()) == (4.0, 9.0)
    assert [asked for _, asked in moments] == [1, 1, 1, 2]


def test_an_error_of_the_database_names_nobody(database: str) -> None:
    with db.transaction() as session, pytest.raises(DBAPIError) as broken:
        session.execute(text("SELECT no_such_column WHERE :name = 'x'"), {"name": "林刚英"})

    assert "no_such_column" in str(broken.value)
    assert "林刚英" not in str(broken.value)
