"""Dead addresses, delivery reports, refusals of what is no service; the pace of each channel."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

ID = sa.Integer().with_variant(sa.BigInteger(), "postgresql")


def upgrade() -> None:
    op.add_column("contact", sa.Column("opted_out_on", sa.Date(), nullable=True))
    op.add_column("notice", sa.Column("ask_after", sa.DateTime(timezone=True), nullable=True))
    op.add_column("notice", sa.Column("delivered_at", sa.DateTime(timezone=True), nullable=True))
    op.create_index("ix_notice_shop_sent", "notice", ["shop_id", "sent_at"], unique=False)
    op.create_index("ix_notice_ask", "notice", ["shop_id", "ask_after"], unique=False)
    op.add_column("notice_attempt", sa.Column("channel", sa.String(length=32), nullable=True))
    op.create_index("ix_notice_attempt_pace", "notice_attempt", ["channel", "started_at"], unique=False)
    op.create_table(
        "dead_address",
        sa.Column("id", ID, nullable=False),
        sa.Column("shop_id", ID, nullable=False),
        sa.Column("channel", sa.String(length=32), nullable=False),
        sa.Column("fingerprint", sa.String(length=64), nullable=False),
        sa.Column("notice_id", ID, nullable=False),
        sa.Column("because", sa.Text(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["notice_id"], ["notice.id"], name=op.f("fk_dead_address_notice_id")),
        sa.ForeignKeyConstraint(["shop_id"], ["shop.id"], name=op.f("fk_dead_address_shop_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dead_address")),
        sa.UniqueConstraint(
            "shop_id", "channel", "fingerprint", name=op.f("uq_dead_address_shop_id_channel_fingerprint")
        ),
    )


def downgrade() -> None:
    raise NotImplementedError(
        "Migrations go forward only. Restore the backup made before the upgrade instead."
    )
