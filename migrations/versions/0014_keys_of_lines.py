"""The key in the remark of a bank line stands beside it; a match names its run, also if that was taken over.

Lines of before are read as they are matched. A run that was taken over from a killed worker has had several
leases: what was applied under the first was not found by the last. Matches of before get the run of theirs.
"""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("bank_line", sa.Column("remark_key", sa.String(length=64), nullable=True))
    op.add_column("bank_line", sa.Column("remark_words", sa.String(length=256), nullable=True))
    op.add_column(
        "match",
        sa.Column("run_id", sa.Integer().with_variant(sa.BigInteger(), "postgresql"), nullable=True),
    )
    op.create_index(op.f("ix_match_run_id"), "match", ["run_id"])
    op.create_index(op.f("ix_run_lease_token"), "run", ["lease_token"])
    op.execute(
        "UPDATE match SET run_id = (SELECT min(run.id) FROM run WHERE run.lease_token = match.run_token) "
        "WHERE run_token IS NOT NULL"
    )


def downgrade() -> None:
    raise NotImplementedError(
        "Migrations go forward only. Restore the backup made before the upgrade instead."
    )
