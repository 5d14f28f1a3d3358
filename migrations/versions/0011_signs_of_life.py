"""Signs of life: a ticker or a queue that went deaf must be seen, and a process that is up shows nothing."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

ID = sa.Integer().with_variant(sa.BigInteger(), "postgresql")


def upgrade() -> None:
    op.create_table(
        "sign_of_life",
        sa.Column("id", ID, nullable=False),
        sa.Column("name", sa.String(length=32), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("seen_on", sa.String(length=128), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_of_life")),
        sa.UniqueConstraint("name", name=op.f("uq_sign_of_life_name")),
    )


def downgrade() -> None:
    raise NotImplementedError(
        "Migrations go forward only. Restore the backup made before the upgrade instead."
    )
