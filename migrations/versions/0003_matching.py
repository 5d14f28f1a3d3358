"""Scores, runs and remittance numbers of matches; plans of matching; payment lists of insurers."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

ID = sa.Integer().with_variant(sa.BigInteger(), "postgresql")
JSON = sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql")


def upgrade() -> None:
    op.add_column("match", sa.Column("score", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("match", sa.Column("remittance", sa.String(length=64), nullable=True))
    op.add_column("match", sa.Column("run_token", sa.String(length=36), nullable=True))
    op.create_index(op.f("ix_match_run_token"), "match", ["run_token"], unique=False)
    op.create_index(
        "uq_match_remittance",
        "match",
        ["shop_id", "remittance"],
        unique=True,
        sqlite_where=sa.text("state = 'applied'"),
        postgresql_where=sa.text("state = 'applied'"),
    )
    op.create_table(
        "match_plan",
        sa.Column("id", ID, nullable=False),
        sa.Column("shop_id", ID, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("business_date", sa.Date(), nullable=False),
        sa.Column("state", sa.String(length=32), nullable=False),
        sa.Column("lines", sa.Integer(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("items", JSON, nullable=False),
        sa.Column("rule", sa.String(length=32), nullable=False),
        sa.Column("made_by", sa.String(length=64), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("applied_on", sa.Date(), nullable=True),
        sa.Column("applied_by", sa.String(length=64), nullable=True),
        sa.Column("applied_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["shop_id"], ["shop.id"], name=op.f("fk_match_plan_shop_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_match_plan")),
        sa.UniqueConstraint("shop_id", "number", name=op.f("uq_match_plan_shop_id_number")),
    )
    op.create_table(
        "payment_list",
        sa.Column("id", ID, nullable=False),
        sa.Column("shop_id", ID, nullable=False),
        sa.Column("bank_line_id", ID, nullable=False),
        sa.Column("name", sa.String(length=255), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("number", sa.String(length=64), nullable=True),
        sa.Column("total", sa.BigInteger(), nullable=False),
        sa.Column("rows", JSON, nullable=False),
        sa.Column("brought_by", sa.String(length=64), nullable=False),
        sa.Column("brought_on", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(
            ["bank_line_id"], ["bank_line.id"], name=op.f("fk_payment_list_bank_line_id")
        ),
        sa.ForeignKeyConstraint(["shop_id"], ["shop.id"], name=op.f("fk_payment_list_shop_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payment_list")),
        sa.UniqueConstraint("shop_id", "sha256", name=op.f("uq_payment_list_shop_id_sha256")),
    )
    op.create_index(op.f("ix_payment_list_bank_line_id"), "payment_list", ["bank_line_id"], unique=False)


def downgrade() -> None:
    raise NotImplementedError(
        "Migrations go forward only. Restore the backup made before the upgrade instead."
    )
