"""Indexes for what is due: a night looks at open cases and at its own days, not at all that is stored."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

CLOSED = "stage = 'closed'"
ENDED_WELL = "state IN ('succeeded','partial')"
INDEXES = (
    ("ix_claim_case_closed_closed_date", "claim_case", ["shop_id", "closed_date"], CLOSED),
    ("ix_claim_case_closed_dispatch_date", "claim_case", ["shop_id", "dispatch_date"], CLOSED),
    ("ix_claim_case_closed_stage1_review_date", "claim_case", ["shop_id", "stage1_review_date"], CLOSED),
    ("ix_claim_case_closed_invoice_date", "claim_case", ["shop_id", "invoice_date"], CLOSED),
    ("ix_claim_case_closed_file_handover_date", "claim_case", ["shop_id", "file_handover_date"], CLOSED),
    (
        "ix_claim_case_closed_insurer_accepted_date",
        "claim_case",
        ["shop_id", "insurer_accepted_date"],
        CLOSED,
    ),
    ("ix_work_order_released", "work_order", ["shop_id", "vehicle_release_date"], None),
    ("ix_submission_round_returned_on", "submission_round", ["returned_on"], None),
    ("ix_submission_round_resubmitted_on", "submission_round", ["resubmitted_on"], None),
    ("ix_payout_received_on", "payout", ["received_on"], None),
    ("ix_customer_line_received_on", "customer_line", ["received_on"], None),
    ("ix_refund_paid_on", "refund", ["paid_on"], None),
    ("ix_refund_bounced_on", "refund", ["bounced_on"], None),
    ("ix_refund_amount", "refund", ["shop_id", "amount"], None),
    ("ix_position_computed_on", "position", ["computed_on"], None),
    ("ix_contact_of_car", "contact", ["shop_id", "kind", "plate_no"], None),
    ("ix_match_of_a_day", "match", ["shop_id", "decided_on"], None),
    ("ix_source_file_of_a_day", "source_file", ["shop_id", "read_on"], None),
    ("ix_run_ended", "run", ["job", "scope", "finished_at"], ENDED_WELL),
)


def upgrade() -> None:
    op.add_column("shop", sa.Column("nights_whole_to", sa.Date(), nullable=True))
    note_whole_nights(op.get_bind())
    for name, table, columns, where in INDEXES:
        only = None if where is None else sa.text(where)
        op.create_index(op.f(name), table, columns, sqlite_where=only, postgresql_where=only)


def note_whole_nights(connection: sa.Connection) -> None:
    """Of shops whose nights all finished: up to when. Of the others the next night says so."""
    shop = sa.table(
        "shop", *(sa.column(name, sa.Date) for name in ("nights_from", "nights_whole_to")), sa.column("code")
    )
    seat = sa.table("seat", sa.column("job"), sa.column("scope"), sa.column("business_date", sa.Date))
    nights = connection.execute(
        sa.select(shop.c.code, shop.c.nights_from, sa.func.count(), sa.func.max(seat.c.business_date))
        .join(seat, seat.c.scope == shop.c.code)
        .where(seat.c.job == "night", seat.c.business_date >= shop.c.nights_from)
        .group_by(shop.c.code, shop.c.nights_from)
    )
    for code, first, count, last in nights.all():
        if count == (last - first).days + 1:
            connection.execute(sa.update(shop).where(shop.c.code == code).values(nights_whole_to=last))


def downgrade() -> None:
    raise NotImplementedError(
        "Migrations go forward only. Restore the backup made before the upgrade instead."
    )
