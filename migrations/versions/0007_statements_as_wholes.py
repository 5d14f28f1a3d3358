"""The time each bank statement covers, and layouts that people explained."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

ID = sa.Integer().with_variant(sa.BigInteger(), "postgresql")
JSON = sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql")


def upgrade() -> None:
    op.create_table(
        "statement_period",
        sa.Column("id", ID, nullable=False),
        sa.Column("shop_id", ID, nullable=False),
        sa.Column("account_id", ID, nullable=False),
        sa.Column("file_id", ID, nullable=False),
        sa.Column("first_on", sa.Date(), nullable=False),
        sa.Column("last_on", sa.Date(), nullable=False),
        sa.Column("is_stated", sa.Boolean(), nullable=False),
        sa.Column("opening", sa.BigInteger(), nullable=True),
        sa.Column("closing", sa.BigInteger(), nullable=True),
        sa.Column("lines", sa.Integer(), nullable=False),
        sa.Column("is_part", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["shop_id"], ["shop.id"], name=op.f("fk_statement_period_shop_id")),
        sa.ForeignKeyConstraint(
            ["account_id"], ["bank_account.id"], name=op.f("fk_statement_period_account_id")
        ),
        sa.ForeignKeyConstraint(["file_id"], ["source_file.id"], name=op.f("fk_statement_period_file_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_statement_period")),
        sa.UniqueConstraint("account_id", "file_id", name=op.f("uq_statement_period_account_id_file_id")),
    )
    op.create_index(op.f("ix_statement_period_shop_id"), "statement_period", ["shop_id"])
    op.create_table(
        "statement_profile",
        sa.Column("id", ID, nullable=False),
        sa.Column("shop_id", ID, nullable=False),
        sa.Column("account_number", sa.String(length=64), nullable=True),
        sa.Column("headings", JSON, nullable=False),
        sa.Column("mapping", JSON, nullable=False),
        sa.Column("made_from", sa.String(length=255), nullable=False),
        sa.Column("made_by", sa.String(length=64), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("removed_by", sa.String(length=64), nullable=True),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["shop_id"], ["shop.id"], name=op.f("fk_statement_profile_shop_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_statement_profile")),
    )
    op.create_index(op.f("ix_statement_profile_shop_id"), "statement_profile", ["shop_id"])


def downgrade() -> None:
    raise NotImplementedError(
        "Migrations go forward only. Restore the backup made before the upgrade instead."
    )
