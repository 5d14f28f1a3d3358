"""The migrations and the models say the same, on both databases, and no other schema is worked on."""

from collections.abc import Callable, Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Engine, Row, inspect, select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from migrations import schema
from models import entry, event
from models.entry import Movement
from models.event import Happening
from models.everything import metadata
from models.insurer import InsurerGroup
from models.run import SetAside
from models.shop import Shop
from models.values import Refusal
from models.words import Cover, EntryKind
from tests import factories, servers
from worker import db

COMPARED = {"compare_type": True, "compare_server_default": True}

FORMER = ["0001", "0006", *[script.revision for script in schema.scripts().walk_revisions()][1:2]]
"""The first revision, the last one that was released, and the one before the newest."""

PROTECTION = {
    "sqlite": "SELECT name, tbl_name, sql FROM sqlite_master WHERE type = 'trigger' ORDER BY name",
    "postgresql": "SELECT tgname, tgrelid::regclass::text, pg_get_triggerdef(t.oid), pg_get_functiondef(tgfoid) "
    "FROM pg_trigger t WHERE NOT tgisinternal ORDER BY tgname",
}


@pytest.fixture(params=["sqlite", "postgres"])
def empty(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    """Give the engine of a database without a single table."""
    if request.param == "sqlite":
        engine = db.make_engine(f"sqlite:///{tmp_path / 'empty.db'}")
        yield engine
        engine.dispose()
        return
    with servers.database(request.getfixturevalue("postgres_server")) as url:
        engine = db.make_engine(url)
        yield engine
        engine.dispose()


def test_what_the_migrations_make_is_what_the_models_say(session: Session) -> None:
    context = MigrationContext.configure(session.connection(), opts=COMPARED)

    assert compare_metadata(context, metadata) == []


def test_the_migrations_protect_what_the_models_protect(empty: Engine) -> None:
    schema.upgrade(empty)
    by_migrations = protection(empty)
    metadata.drop_all(empty)

    metadata.create_all(empty)

    assert len(by_migrations) >= 2
    assert protection(empty) == by_migrations


def protection(engine: Engine) -> Sequence[Row[Any]]:
    with engine.connect() as connection:
        return connection.execute(text(PROTECTION[engine.dialect.name])).all()


def test_an_empty_database_gets_tables_and_what_ships_as_data(empty: Engine) -> None:
    revision = schema.upgrade(empty)

    schema.check(empty)
    assert revision == schema.newest()
    with Session(empty) as session:
        assert session.scalars(select(InsurerGroup)).all()


def test_an_upgrade_of_what_is_up_to_date_changes_nothing(empty: Engine) -> None:
    schema.upgrade(empty)
    with Session(empty) as session:
        factories.add_shop(session, code="FUYUAN")
        session.commit()

    schema.upgrade(empty)

    with Session(empty) as session:
        assert session.scalars(select(Shop.code)).all() == ["FUYUAN"]


def test_an_empty_database_is_refused_with_the_command_that_fills_it(empty: Engine) -> None:
    with pytest.raises(Refusal, match="no tables yet.*huikuan db upgrade"):
        schema.check(empty)


@pytest.mark.parametrize("former", FORMER)
def test_a_database_that_is_behind_is_refused_until_it_is_upgraded(empty: Engine, former: str) -> None:
    with empty.begin() as connection:
        command.upgrade(schema.configuration(connection), former)
        connection.execute(
            text("INSERT INTO shop (code, name, created_at) VALUES ('FUYUAN', '福源', '2026-01-01 00:00:00')")
        )

    with pytest.raises(
        Refusal, match=f"at revision {former}, .* needs {schema.newest()}.*huikuan db upgrade"
    ):
        schema.check(empty)
    schema.upgrade(empty)

    schema.check(empty)
    with Session(empty) as session:
        assert session.scalars(select(Shop.code)).all() == ["FUYUAN"]
    with empty.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection, opts=COMPARED), metadata) == []


@pytest.mark.parametrize("act", [schema.check, schema.upgrade])
def test_a_database_that_is_ahead_is_refused_and_left_alone(
    empty: Engine, act: Callable[[Engine], Any]
) -> None:
    schema.upgrade(empty)
    with empty.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))

    with pytest.raises(Refusal, match="revision 9999.*Install that version"):
        act(empty)

    with empty.connect() as connection:
        assert schema.current(connection) == "9999"


def test_a_failed_upgrade_leaves_nothing_half_done(empty: Engine) -> None:
    with empty.begin() as connection:
        connection.execute(text("CREATE TABLE shop (in_the_way INTEGER)"))

    with pytest.raises(DBAPIError):
        schema.upgrade(empty)

    with empty.connect() as connection:
        assert schema.current(connection) is None
    assert inspect(empty).get_table_names() == ["shop"]


def test_migrations_go_forward_only(empty: Engine) -> None:
    schema.upgrade(empty)

    with empty.begin() as connection, pytest.raises(NotImplementedError, match="forward only"):
        command.downgrade(schema.configuration(connection), "base")


@pytest.mark.parametrize("change", ["UPDATE event SET kind = 'forged'", "DELETE FROM event"])
def test_what_happened_cannot_be_changed_or_deleted(session: Session, change: str) -> None:
    shop = factories.add_shop(session)
    happening = Happening("case_imported", {})
    event.record(
        session,
        [happening],
        shop_id=shop.id,
        business_date=date(2026, 11, 21),
        by="system",
        at=factories.LONG_AGO,
    )

    with pytest.raises(DBAPIError, match="append-only"), session.begin_nested():
        session.execute(text(change))

    assert session.scalar(text("SELECT kind FROM event")) == "case_imported"


@pytest.mark.parametrize("change", ["UPDATE entry SET amount = 1", "DELETE FROM entry"])
def test_money_entries_cannot_be_changed_or_deleted(session: Session, change: str) -> None:
    work_order = factories.add_work_order(session, factories.add_shop(session))
    bill = Movement(work_order.id, EntryKind.BILL, 500_000, date(2026, 9, 10), f"bill:{work_order.id}")
    entry.post(
        session,
        [bill],
        shop_id=work_order.shop_id,
        business_date=date(2026, 11, 21),
        by="system",
        at=factories.LONG_AGO,
    )

    with pytest.raises(DBAPIError, match="append-only"), session.begin_nested():
        session.execute(text(change))

    assert session.scalar(text("SELECT amount FROM entry")) == 500_000


def test_a_line_that_was_set_aside_is_looked_at_again_by_its_repair(session: Session, shop: Shop) -> None:
    case = factories.add_case(session, factories.add_work_order(session, shop))
    lines = [
        factories.add_expected_line(session, case, cover=cover)
        for cover in (Cover.OWN_DAMAGE, Cover.THIRD_PARTY)
    ]
    for subject in [f"expected_line:{line.id}" for line in lines] + ["work_order:99"]:
        days = {"first_on": date(2026, 11, 20), "look_again_on": date(2026, 11, 22)}
        session.add(SetAside(shop_id=shop.id, step="find_differences", subject=subject, error="x", **days))
    session.flush()

    migration: Any = schema.scripts().get_revision("0017")
    for sql in (migration.module.RENAMED, migration.module.FORGOTTEN):
        session.execute(text(sql))

    subjects = session.scalars(select(SetAside.subject).order_by(SetAside.id)).all()
    assert subjects == ["work_order:99", f"work_order:{case.work_order_id}"]
