"""How Alembic reaches the database: a connection it is handed, or the one the settings name."""

from typing import Literal

from alembic import context
from alembic.autogenerate.api import AutogenContext
from sqlalchemy import Connection, text

from models.everything import metadata

# A migration that cannot have its lock soon gives up: it must never hold up a working night.
LOCK_TIMEOUT = "10s"
STATEMENT_TIMEOUT = "15min"

PLAIN_TYPES = {
    "JSON": 'sa.JSON().with_variant(JSONB(), "postgresql")',
    "Secret": "sa.Text()",
    "Utc": "sa.DateTime(timezone=True)",
    "Word": "sa.String(length=32)",
}


def migrate(connection: Connection) -> None:
    """Bring the schema to the wanted revision in one transaction."""
    if connection.dialect.name == "postgresql":
        connection.execute(text(f"SET LOCAL lock_timeout = '{LOCK_TIMEOUT}'"))
        connection.execute(text(f"SET LOCAL statement_timeout = '{STATEMENT_TIMEOUT}'"))
        # Two containers that start together migrate one after the other.
        connection.execute(text("SELECT pg_advisory_xact_lock(hashtext('huikuan migrations'))"))
    context.configure(
        connection=connection,
        target_metadata=metadata,
        compare_type=True,
        compare_server_default=True,
        transactional_ddl=True,
        render_item=_as_plain_type,
    )
    with context.begin_transaction():
        context.run_migrations()


def _as_plain_type(kind: str, item: object, autogenerate: AutogenContext) -> str | Literal[False]:
    """Write plain column types into a new migration: what is history must not change with the models."""
    name = type(item).__name__
    if kind != "type" or name not in PLAIN_TYPES:
        return False
    if name == "JSON":
        autogenerate.imports.add("from sqlalchemy.dialects.postgresql import JSONB")
    return PLAIN_TYPES[name]


def connect() -> None:
    """Run on the connection that was handed over (`worker.db`), else on the settings' database."""
    given = context.config.attributes.get("connection")
    if given is not None:
        migrate(given)
        return
    from worker import db

    with db.engine().begin() as connection:
        migrate(connection)


connect()
