"""The schema of a database: bring it to the newest revision, or refuse to work on any other."""

from functools import cache
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine
from sqlalchemy.orm import Session

from models import reference
from models.values import Refusal

HERE = Path(__file__).resolve().parent


def configuration(connection: Connection | None = None) -> Config:
    """Give Alembic's configuration, the same wherever the program was started."""
    found = Config()
    found.set_main_option("script_location", str(HERE).replace("%", "%%"))
    found.attributes["connection"] = connection
    return found


def upgrade(engine: Engine) -> str:
    """Bring tables and reference data to the newest revision, whole or not at all; says which."""
    with engine.begin() as connection:
        _refuse_newer(current(connection))
        command.upgrade(configuration(connection), "head")
        with Session(connection, join_transaction_mode="create_savepoint") as session, session.begin():
            reference.load(session)
    return newest()


def check(engine: Engine) -> None:
    """Raise Refusal unless the database is at the revision that this program was written for."""
    with engine.connect() as connection:
        found = current(connection)
    _refuse_newer(found)
    if found is None:
        raise Refusal("The database has no tables yet. Make them: huikuan db upgrade")
    if found != newest():
        raise Refusal(
            f"The database is at revision {found}, this program needs {newest()}. "
            "Make a backup, then bring it up to date: huikuan db upgrade"
        )


def _refuse_newer(found: str | None) -> None:
    if found is not None and found not in _known():
        raise Refusal(
            f"The database is at revision {found}, which this program ({newest()}) does not know: "
            "a newer version has upgraded it. Install that version, or restore the backup of before."
        )


def pending(engine: Engine) -> list[str]:
    """The migrations that this program has and the database has not, oldest first."""
    with engine.connect() as connection:
        found = current(connection)
    _refuse_newer(found)
    return [script.revision for script in scripts().iterate_revisions("head", found or "base")][::-1]


def newest() -> str:
    """Say which revision this program was written for."""
    return str(scripts().get_current_head())


def current(connection: Connection) -> str | None:
    """Say which revision the database is at; None for an empty one."""
    return MigrationContext.configure(connection).get_current_revision()


def _known() -> set[str]:
    return {script.revision for script in scripts().walk_revisions()}


@cache
def scripts() -> ScriptDirectory:
    """Give all migrations."""
    # Once: every act of a person asks for the newest, and to read them all costs more than most acts.
    return ScriptDirectory.from_config(configuration())
