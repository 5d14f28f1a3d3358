"""What a shop's people said that a heading of their ledgers means: used at the next file."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

ID = sa.Integer().with_variant(sa.BigInteger(), "postgresql")
TABLE = "heading_meaning"


def protection() -> list[str]:
    """The statements that make the table append-only, as the models say them."""
    if op.get_bind().dialect.name == "sqlite":
        return [
            f"CREATE TRIGGER {TABLE}_no_{verb} BEFORE {verb.upper()} ON {TABLE} "
            f"BEGIN SELECT RAISE(ABORT, '{TABLE} is append-only'); END"
            for verb in ("update", "delete")
        ]
    name, body = f"{TABLE}_append_only", f"BEGIN RAISE EXCEPTION '{TABLE} is append-only'; END"
    return [
        f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ {body} $$",
        f"CREATE TRIGGER {name} BEFORE UPDATE OR DELETE ON {TABLE} FOR EACH ROW EXECUTE FUNCTION {name}()",
    ]


def upgrade() -> None:
    op.create_table(
        TABLE,
        sa.Column("id", ID, nullable=False),
        sa.Column("shop_id", ID, nullable=False),
        sa.Column("heading", sa.String(length=64), nullable=False),
        sa.Column("field", sa.String(length=32), nullable=True),
        sa.Column("decided_by", sa.String(length=64), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["shop_id"], ["shop.id"], name=op.f("fk_heading_meaning_shop_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_heading_meaning")),
    )
    op.create_index(op.f("ix_heading_meaning_shop_id"), TABLE, ["shop_id"])
    for sql in protection():
        op.execute(sql)


def downgrade() -> None:
    raise NotImplementedError(
        "Migrations go forward only. Restore the backup made before the upgrade instead."
    )
