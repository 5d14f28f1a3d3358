"""The migrations and the models say the same, on both databases."""

from pathlib import Path

from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy.orm import Session

from models.everything import metadata

CHECKOUT = Path(__file__).parent.parent


def test_what_the_migrations_make_is_what_the_models_say(session: Session) -> None:
    connection = session.connection()
    context = MigrationContext.configure(
        connection, opts={"compare_type": True, "compare_server_default": True, "target_metadata": metadata}
    )

    assert compare_metadata(context, metadata) == []
