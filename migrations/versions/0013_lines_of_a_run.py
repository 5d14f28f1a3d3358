"""Jobs that people start: the last log lines of a run stand in its row, and such runs are found among many.

Who started one has no log of a worker elsewhere.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")


def upgrade() -> None:
    op.add_column("run", sa.Column("lines", JSON, nullable=True))
    of_people = sa.text("why = 'started'")
    op.create_index("ix_run_started", "run", ["id"], sqlite_where=of_people, postgresql_where=of_people)


def downgrade() -> None:
    raise NotImplementedError(
        "Migrations go forward only. Restore the backup made before the upgrade instead."
    )
