"""A database that is not the one this program was written for is refused by every command."""

from pathlib import Path

import pytest
from sqlalchemy import text

from migrations import schema
from tests.console.conftest import Huikuan
from worker import db

COMMANDS = [
    ("case", "list"),
    ("night", "run"),
    ("todo", "list"),
    ("staff", "list"),
    ("job", "run", "deliver"),
]


@pytest.fixture
def upgraded(home: Path) -> None:
    schema.upgrade(db.engine())


def set_revision(revision: str) -> None:
    with db.transaction() as session:
        session.execute(text("UPDATE alembic_version SET version_num = :revision"), {"revision": revision})


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_a_database_that_is_ahead_is_refused(
    command: tuple[str, ...], huikuan: Huikuan, upgraded: None
) -> None:
    set_revision("9999")

    said = huikuan(*command)

    assert said.status == 1
    assert "The database is at revision 9999, which this program" in said.err


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_a_database_that_is_behind_is_refused_with_the_command(
    command: tuple[str, ...], huikuan: Huikuan, upgraded: None
) -> None:
    set_revision("0001")
    if schema.newest() == "0001":
        pytest.fail("there is no older revision to be at")

    said = huikuan(*command)

    assert said.status == 1
    assert "huikuan db upgrade" in said.err


def test_a_database_that_does_not_answer_is_a_sentence(
    huikuan: Huikuan, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HUIKUAN_DATABASE_URL", "postgresql+psycopg://huikuan:secret@127.0.0.1:1/huikuan")
    db.forget()

    said = huikuan("case", "list")

    assert said.status == 1
    assert "can't be reached" in said.err
    assert "huikuan doctor" in said.err
    assert "secret" not in said.err


def test_the_upgrade_says_where_the_database_is(huikuan: Huikuan) -> None:
    said = huikuan("db", "upgrade")

    assert said.status == 0
    assert said.out == f"The database is at revision {schema.newest()}.\n"
