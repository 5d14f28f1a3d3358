"""Least privilege on PostgreSQL: the program's role runs nights and can't rewrite the books."""

from collections.abc import Iterator
from datetime import date

import psycopg
import pytest
from psycopg.errors import InsufficientPrivilege
from sqlalchemy import create_engine
from sqlalchemy.engine import make_url

from migrations import roles
from models.append_only import PROTECTED
from models.run import Run
from models.values import Refusal
from models.words import RunState, Why
from scheduler import nightly
from tests import factories, servers
from worker import db

APP, READER = "huikuan_app_test", "huikuan_reader_test"


@pytest.fixture
def url(postgres_server: str, postgres_template: str) -> Iterator[str]:
    """Give a migrated database that its owner has opened to the two roles."""
    with servers.database(postgres_server, make_url(postgres_template).database) as made:
        engine = create_engine(made)
        with psycopg.connect(plain(made), autocommit=True) as owner:
            for role in (APP, READER):
                owner.execute(f"DROP ROLE IF EXISTS {role}".encode())
                owner.execute(f"CREATE ROLE {role} LOGIN".encode())
            roles.grant(engine, APP, read_only=False)
            roles.grant(engine, READER, read_only=True)
            yield made
            engine.dispose()
            for role in (APP, READER):
                owner.execute(f"DROP OWNED BY {role}".encode())
                owner.execute(f"DROP ROLE {role}".encode())


def plain(url: str, user: str | None = None) -> str:
    found = make_url(url).set(drivername="postgresql")
    return (found.set(username=user) if user else found).render_as_string(hide_password=False)


def test_the_programs_role_runs_a_night(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HUIKUAN_DATABASE_URL", plain(url, APP))
    db.forget()
    with db.transaction() as session:
        factories.add_shop(session, code="FUYUAN", nights_from=date(2026, 11, 21))
        night, _ = nightly.request_night(session, date(2026, 11, 21), "FUYUAN", by="system", why=Why.SCHEDULE)

    nightly.run_night(night)

    with db.reading() as session:
        ended = session.get_one(Run, night)
        assert (ended.state, ended.error) == (RunState.SUCCEEDED, None)
    db.forget()


REWRITING = [("UPDATE", "SET id = id"), ("DELETE FROM", "")]
REFUSED = [
    *(f"{verb} {table} {rest}" for table in sorted(PROTECTED) for verb, rest in REWRITING),
    "TRUNCATE entry",
    "DROP TABLE seat",
    "ALTER TABLE entry DISABLE TRIGGER ALL",
    "CREATE TABLE mine (id int)",
    "UPDATE alembic_version SET version_num = '9999'",
]


@pytest.mark.parametrize("statement", REFUSED)
def test_the_programs_role_can_not_rewrite_the_books(url: str, statement: str) -> None:
    with psycopg.connect(plain(url, APP)) as connection, pytest.raises(InsufficientPrivilege):
        connection.execute(statement.encode())


def test_a_reader_only_reads(url: str) -> None:
    with psycopg.connect(plain(url, READER)) as connection:
        assert connection.execute("SELECT count(*) FROM entry").fetchone() == (0,)
        with pytest.raises(InsufficientPrivilege):
            connection.execute("INSERT INTO seat DEFAULT VALUES")


def test_what_may_only_grow_is_known() -> None:
    assert {"entry", "event", "ledger_close", "ledger_snapshot_row", "past_row"} <= PROTECTED


@pytest.mark.parametrize(
    ("role", "sentence"),
    [
        ("nobody_at_all", "There is no role nobody_at_all"),
        ("postgres", "owns the tables or may do everything"),
    ],
)
def test_a_role_that_is_not_there_or_owns_all_is_refused(
    postgres_template: str, role: str, sentence: str
) -> None:
    engine = create_engine(postgres_template)

    with pytest.raises(Refusal, match=sentence):
        roles.grant(engine, role, read_only=False)

    engine.dispose()


def test_the_embedded_database_has_no_roles(sqlite_template: object) -> None:
    with pytest.raises(Refusal, match="guarded by the rights of its folder"):
        roles.grant(create_engine(f"sqlite:///{sqlite_template}"), APP, read_only=False)
