"""Differences are set aside by repair: what was set aside by line is looked at again by its repair."""

from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


RENAMED = (
    "INSERT INTO set_aside (shop_id, step, subject, error, attempts, first_on, look_again_on) "
    "SELECT s.shop_id, s.step, 'work_order:' || e.work_order_id, min(s.error), max(s.attempts), "
    "min(s.first_on), min(s.look_again_on) FROM set_aside s "
    "JOIN expected_line e ON s.subject = 'expected_line:' || e.id WHERE s.step = 'find_differences' "
    "GROUP BY s.shop_id, s.step, e.work_order_id ON CONFLICT (step, subject) DO NOTHING"
)
FORGOTTEN = "DELETE FROM set_aside WHERE step = 'find_differences' AND subject LIKE 'expected_line:%'"


def upgrade() -> None:
    op.execute(RENAMED)
    op.execute(FORGOTTEN)


def downgrade() -> None:
    raise NotImplementedError(
        "Migrations go forward only. Restore the backup made before the upgrade instead."
    )
