"""Keep how rows were before they changed, so that a ledger can be built as it was known on a day.

What was recorded before this migration is known as it stands now: the first day as of which a ledger can be
built is the last business date that had been recorded.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

ID = sa.Integer().with_variant(sa.BigInteger(), "postgresql")
JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")

KEPT = {
    "claim_case": (
        "claim_no", "is_lead", "stage", "dispatch_date", "insurance_receptionist", "is_agency_claim",
        "shop_submits_documents", "insured_name", "plate_no", "accident_liability", "insurer_id", "report_no",
        "policy_no", "stage1_reviewer", "stage1_review_date", "invoice_amount", "invoice_date",
        "file_handover_date", "file_receiver", "insurer_accepted_date", "difference_note", "closed_by",
        "closed_date",
    ),
    "work_order": (
        "work_order_no", "vehicle_series", "vehicle_release_date", "labour_fee", "parts_fee", "other_fee",
        "repair_gross_amount", "repair_net_amount", "customer_payable_amount",
    ),
    "customer_line": ("kind", "amount", "received_on", "cashier"),
    "submission_round": ("returned_on", "reason", "resubmitted_on"),
    "expected_line": ("kind", "amount", "resolution"),
    "payout": ("expected_line_id", "amount", "received_on", "state", "recorded_by"),
    "refund": ("amount", "state", "payee", "paid_on", "bounced_on"),
    "difference": ("state", "resolution", "resolved_on"),
}  # fmt: skip

OF_ITS_CASE = "(SELECT work_order_id FROM claim_case WHERE id = NEW.case_id)"
ORDER = {
    "work_order": "NEW.id",
    **dict.fromkeys(("submission_round", "expected_line", "payout", "difference"), OF_ITS_CASE),
}


def keepers(table: str, dialect: str) -> list[str]:
    """Say how this database keeps the past of a table."""
    columns = KEPT[table]
    order = ORDER.get(table, "NEW.work_order_id")
    into = "INSERT INTO past_row (work_order_id, kept_table, row_id, recorded_on, was)"
    pairs = ", ".join(f"'{column}', OLD.{column}" for column in columns)
    came = f"CREATE TRIGGER {table}_past_came AFTER INSERT ON {table}"
    changed = f"CREATE TRIGGER {table}_past_changed AFTER UPDATE OF {', '.join(columns)} ON {table}"
    if dialect == "sqlite":
        differs = " OR ".join(f"OLD.{column} IS NOT NEW.{column}" for column in columns)
        written = f"{into} VALUES ({order}, '{table}', NEW.id, (SELECT day FROM recording), %s); END"  # noqa: S608 - our own names
        return [
            f"{came} BEGIN {written % 'NULL'}",
            f"{changed} WHEN {differs} BEGIN {written % f'json_object({pairs})'}",
        ]
    differs = " OR ".join(f"OLD.{column} IS DISTINCT FROM NEW.{column}" for column in columns)
    day = "NULLIF(current_setting('huikuan.recorded_on', true), '')::date"
    was = f"CASE WHEN TG_OP = 'UPDATE' THEN jsonb_build_object({pairs}) END"
    body = f"$$ BEGIN {into} VALUES ({order}, '{table}', NEW.id, {day}, {was}); RETURN NULL; END $$"
    run = f"EXECUTE FUNCTION {table}_past()"
    return [
        f"CREATE OR REPLACE FUNCTION {table}_past() RETURNS trigger LANGUAGE plpgsql AS {body}",
        f"{came} FOR EACH ROW {run}",
        f"{changed} FOR EACH ROW WHEN ({differs}) {run}",
    ]


def protection(table: str, dialect: str) -> list[str]:
    """The statements that make `table` append-only, as the models say them."""
    if dialect == "sqlite":
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
    op.create_table(
        "past_row",
        sa.Column("id", ID, nullable=False),
        sa.Column("work_order_id", ID, nullable=False),
        sa.Column("kept_table", sa.String(length=32), nullable=False),
        sa.Column("row_id", ID, nullable=False),
        sa.Column("recorded_on", sa.Date(), nullable=True),
        sa.Column("was", JSON, nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_past_row")),
    )
    op.create_index(op.f("ix_past_row_recorded_on"), "past_row", ["recorded_on"])
    op.create_table(
        "recording",
        sa.Column("id", ID, nullable=False),
        sa.Column("begins_on", sa.Date(), nullable=True),
        sa.Column("day", sa.Date(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recording")),
    )
    op.execute(
        "INSERT INTO recording (id, begins_on) SELECT 1, max(business_date) FROM "
        "(SELECT max(business_date) AS business_date FROM event "
        "UNION ALL SELECT max(business_date) FROM entry) AS recorded"
    )
    dialect = op.get_bind().dialect.name
    for table in KEPT:
        for sql in keepers(table, dialect):
            op.execute(sql)
    for sql in protection("past_row", dialect):
        op.execute(sql)


def downgrade() -> None:
    raise NotImplementedError(
        "Migrations go forward only. Restore the backup made before the upgrade instead."
    )
