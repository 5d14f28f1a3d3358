"""What letters cite (domain 3.1): the proof of acceptance, 立案号 by cover, the bank of the own account.

And an index by day on the trail and the entries: what happened on a night is told by that night.
"""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

ID = sa.Integer().with_variant(sa.BigInteger(), "postgresql")


def upgrade() -> None:
    op.add_column("claim_case", sa.Column("accepted_proof", sa.String(length=128), nullable=True))
    op.add_column("bank_account", sa.Column("bank_name", sa.String(length=128), nullable=True))
    op.create_table(
        "claim_registration",
        sa.Column("id", ID, nullable=False),
        sa.Column("case_id", ID, nullable=False),
        sa.Column("cover", sa.String(length=32), nullable=False),
        sa.Column("number", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["claim_case.id"], name=op.f("fk_claim_registration_case_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_claim_registration")),
        sa.UniqueConstraint("case_id", "cover", name=op.f("uq_claim_registration_case_id_cover")),
    )
    op.create_index("ix_event_of_a_day", "event", ["shop_id", "business_date"])
    op.create_index("ix_entry_of_a_day", "entry", ["shop_id", "business_date"])


def downgrade() -> None:
    raise NotImplementedError(
        "Migrations go forward only. Restore the backup made before the upgrade instead."
    )
