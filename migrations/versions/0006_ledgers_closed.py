"""Closed periods: the close, its snapshot, and its reopening."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

ID = sa.Integer().with_variant(sa.BigInteger(), "postgresql")
JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
KEPT = ("ledger_close", "ledger_reopening", "ledger_snapshot_row")


def protection(table: str) -> list[str]:
    """The statements that make `table` append-only, as the models say them."""
    if op.get_bind().dialect.name == "sqlite":
        return [
            f"CREATE TRIGGER {table}_no_{verb} BEFORE {verb.upper()} ON {table} "
            f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
            for verb in ("update", "delete")
        ]
    name, body = f"{table}_append_only", f"BEGIN RAISE EXCEPTION '{table} is append-only'; END"
    return [
        f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ {body} $$",
        f"CREATE TRIGGER {name} BEFORE UPDATE OR DELETE ON {table} FOR EACH ROW EXECUTE FUNCTION {name}()",
    ]


def upgrade() -> None:
    op.add_column("ledger_build", sa.Column("built_by", sa.String(length=64), nullable=True))
    op.create_table(
        "ledger_close",
        sa.Column("id", ID, nullable=False),
        sa.Column("shop_id", ID, nullable=False),
        sa.Column("month", sa.String(length=7), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(length=32), nullable=False),
        sa.Column("closed_on", sa.Date(), nullable=False),
        sa.Column("closed_by", sa.String(length=64), nullable=False),
        sa.Column("prepared_by", sa.String(length=64), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("path", sa.String(length=255), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("head", JSON, nullable=False),
        sa.Column("rows", sa.Integer(), nullable=False),
        sa.Column("corrections", sa.Integer(), nullable=False),
        sa.Column("previous_hash", sa.String(length=64), nullable=True),
        sa.Column("snapshot_hash", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["shop_id"], ["shop.id"], name=op.f("fk_ledger_close_shop_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ledger_close")),
        sa.UniqueConstraint(
            "shop_id", "month", "revision", name=op.f("uq_ledger_close_shop_id_month_revision")
        ),
        sa.UniqueConstraint("shop_id", "number", name=op.f("uq_ledger_close_shop_id_number")),
    )
    op.create_table(
        "ledger_reopening",
        sa.Column("id", ID, nullable=False),
        sa.Column("close_id", ID, nullable=False),
        sa.Column("because", sa.Text(), nullable=False),
        sa.Column("until", sa.Date(), nullable=False),
        sa.Column("opened_on", sa.Date(), nullable=False),
        sa.Column("opened_by", sa.String(length=64), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["close_id"], ["ledger_close.id"], name=op.f("fk_ledger_reopening_close_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ledger_reopening")),
        sa.UniqueConstraint("close_id", name=op.f("uq_ledger_reopening_close_id")),
    )
    op.create_table(
        "ledger_snapshot_row",
        sa.Column("id", ID, nullable=False),
        sa.Column("close_id", ID, nullable=False),
        sa.Column("period", sa.String(length=7), nullable=False),
        sa.Column("part", sa.String(length=16), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("claim_no", sa.String(length=64), nullable=False),
        sa.Column("values", JSON, nullable=False),
        sa.Column("row_hash", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(
            ["close_id"], ["ledger_close.id"], name=op.f("fk_ledger_snapshot_row_close_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ledger_snapshot_row")),
        sa.UniqueConstraint(
            "close_id", "part", "position", name=op.f("uq_ledger_snapshot_row_close_id_part_position")
        ),
    )
    for table in KEPT:
        for sql in protection(table):
            op.execute(sql)


def downgrade() -> None:
    raise NotImplementedError(
        "Migrations go forward only. Restore the backup made before the upgrade instead."
    )
