"""The first tables: shops and their cases, money, bank lines, clocks, notices and runs.

What a shop's ledger and its bank files hold becomes rows; nights write beside them what they decide.
`entry` and `event` only grow: the database itself refuses to change or delete what stands there.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

APPEND_ONLY = ("entry", "event")


def protection(table: str) -> list[str]:
    """Say how this database is told to refuse changes of a table."""
    if op.get_bind().dialect.name == "sqlite":
        return [
            f"CREATE TRIGGER {table}_no_{verb} BEFORE {verb.upper()} ON {table} "
            f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
            for verb in ("update", "delete")
        ]
    refusal = f"$$ BEGIN RAISE EXCEPTION '{table} is append-only'; END $$"
    occasion = f"BEFORE UPDATE OR DELETE ON {table} FOR EACH ROW"
    return [
        f"CREATE OR REPLACE FUNCTION {table}_append_only() RETURNS trigger LANGUAGE plpgsql AS {refusal}",
        f"CREATE TRIGGER {table}_append_only {occasion} EXECUTE FUNCTION {table}_append_only()",
    ]


def upgrade() -> None:
    op.create_table(
        "business_day",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("name", sa.String(length=32), nullable=False),
        sa.Column("source", sa.String(length=64), nullable=False),
        sa.Column("notice_year", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("day", name=op.f("pk_business_day")),
    )
    op.create_table(
        "insurer_group",
        sa.Column("id", sa.Integer().with_variant(sa.BigInteger(), "postgresql"), nullable=False),
        sa.Column("code", sa.String(length=16), nullable=False),
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_insurer_group")),
        sa.UniqueConstraint("code", name=op.f("uq_insurer_group_code")),
        sa.UniqueConstraint("name", name=op.f("uq_insurer_group_name")),
    )
    op.create_table(
        "legal_rule",
        sa.Column("id", sa.Integer().with_variant(sa.BigInteger(), "postgresql"), nullable=False),
        sa.Column("code", sa.String(length=32), nullable=False),
        sa.Column("compulsory", sa.Boolean(), nullable=False),
        sa.Column("length", sa.Integer(), nullable=False),
        sa.Column("unit", sa.String(length=8), nullable=False),
        sa.Column("trigger", sa.String(length=48), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_legal_rule")),
        sa.UniqueConstraint("code", "valid_from", name=op.f("uq_legal_rule_code_valid_from")),
    )
    op.create_table(
        "run",
        sa.Column("id", sa.Integer().with_variant(sa.BigInteger(), "postgresql"), nullable=False),
        sa.Column("job", sa.String(length=64), nullable=False),
        sa.Column("business_date", sa.Date(), nullable=False),
        sa.Column("scope", sa.String(length=96), nullable=False),
        sa.Column("parameters", sa.JSON().with_variant(JSONB(), "postgresql"), nullable=False),
        sa.Column("requested_by", sa.String(length=64), nullable=False),
        sa.Column("why", sa.String(length=16), nullable=False),
        sa.Column("state", sa.String(length=32), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("lease_token", sa.String(length=36), nullable=True),
        sa.Column("lease_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("progress", sa.JSON().with_variant(JSONB(), "postgresql"), nullable=True),
        sa.Column("result", sa.JSON().with_variant(JSONB(), "postgresql"), nullable=True),
        sa.Column("error", sa.Text(), nullable=True),
        sa.Column("requested_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_run")),
        sa.UniqueConstraint("job", "business_date", "scope", name=op.f("uq_run_job_business_date_scope")),
    )
    op.create_index("ix_run_state", "run", ["state", "lease_until"], unique=False)
    op.create_table(
        "seat",
        sa.Column("job", sa.String(length=64), nullable=False),
        sa.Column("business_date", sa.Date(), nullable=False),
        sa.Column("scope", sa.String(length=96), nullable=False),
        sa.Column("lease_token", sa.String(length=36), nullable=False),
        sa.Column("result", sa.Integer(), nullable=False),
        sa.Column("taken_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("job", "business_date", "scope", name=op.f("pk_seat")),
    )
    op.create_table(
        "set_aside",
        sa.Column("id", sa.Integer().with_variant(sa.BigInteger(), "postgresql"), nullable=False),
        sa.Column("shop_id", sa.Integer(), nullable=False),
        sa.Column("step", sa.String(length=64), nullable=False),
        sa.Column("subject", sa.String(length=96), nullable=False),
        sa.Column("error", sa.Text(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("first_on", sa.Date(), nullable=False),
        sa.Column("look_again_on", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_set_aside")),
        sa.UniqueConstraint("step", "subject", name=op.f("uq_set_aside_step_subject")),
    )
    op.create_index(op.f("ix_set_aside_shop_id"), "set_aside", ["shop_id"], unique=False)
    op.create_table(
        "setting",
        sa.Column("id", sa.Integer().with_variant(sa.BigInteger(), "postgresql"), nullable=False),
        sa.Column("scope", sa.String(length=16), nullable=False),
        sa.Column("scope_id", sa.Integer().with_variant(sa.BigInteger(), "postgresql"), nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("value", sa.JSON().with_variant(JSONB(), "postgresql"), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("set_by", sa.String(length=64), nullable=False),
        sa.Column("set_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_setting")),
        sa.UniqueConstraint(
            "scope", "scope_id", "key", "valid_from", name=op.f("uq_setting_scope_scope_id_key_valid_from")
        ),
    )
    op.create_table(
        "shop",
        sa.Column("id", sa.Integer().with_variant(sa.BigInteger(), "postgresql"), nullable=False),
        sa.Column("code", sa.String(length=32), nullable=False),
        sa.Column("name", sa.String(length=128), nullable=False),
        sa.Column("nights_from", sa.Date(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_shop")),
        sa.UniqueConstraint("code", name=op.f("uq_shop_code")),
        sa.UniqueConstraint("name", name=op.f("uq_shop_name")),
    )
    op.create_table(
        "staff",
        sa.Column("id", sa.Integer().with_variant(sa.BigInteger(), "postgresql"), nullable=False),
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("role", sa.String(length=32), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("password_hash", sa.String(length=255), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_staff")),
        sa.UniqueConstraint("name", name=op.f("uq_staff_name")),
    )
    op.create_table(
        "bank_account",
        sa.Column("id", sa.Integer().with_variant(sa.BigInteger(), "postgresql"), nullable=False),
        sa.Column("shop_id", sa.Integer().with_variant(sa.BigInteger(), "postgresql"), nullable=False),
        sa.Column("number", sa.String(length=64), nullable=False),
        sa.Column("holder", sa.String(length=128), nullable=True),
        sa.Column("export_name", sa.String(length=255), nullable=True),
        sa.Column("provisional", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["shop_id"], ["shop.id"], name=op.f("fk_bank_account_shop_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bank_account")),
        sa.UniqueConstraint("number", name=op.f("uq_bank_account_number")),
    )
    op.create_index(op.f("ix_bank_account_shop_id"), "bank_account", ["shop_id"], unique=False)
    op.create_table(
        "contact",
        sa.Column("id", sa.Integer().with_variant(sa.BigInteger(), "postgresql"), nullable=False),
        sa.Column("shop_id", sa.Integer().with_variant(sa.BigInteger(), "postgresql"), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("name", sa.String(length=128), nullable=False),
        sa.Column("plate_no", sa.String(length=16), nullable=False),
        sa.Column("phone", sa.Text(), nullable=True),
        sa.Column("phone_fingerprint", sa.String(length=64), nullable=True),
        sa.Column("email", sa.Text(), nullable=True),
        sa.Column("note", sa.String(length=255), nullable=True),
        sa.ForeignKeyConstraint(["shop_id"], ["shop.id"], name=op.f("fk_contact_shop_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contact")),
        sa.UniqueConstraint(
            "shop_id", "kind", "name", "plate_no", name=op.f("uq_contact_shop_id_kind_name_plate_no")
        ),
    )
    op.create_index(op.f("ix_contact_phone_fingerprint"), "contact", ["phone_fingerprint"], unique=False)
    op.create_table(
        "insurer",
        sa.Column("id", sa.Integer().with_variant(sa.BigInteger(), "postgresql"), nullable=False),
        sa.Column("group_id", sa.Integer().with_variant(sa.BigInteger(), "postgresql"), nullable=True),
        sa.Column("name", sa.String(length=128), nullable=False),
        sa.ForeignKeyConstraint(["group_id"], ["insurer_group.id"], name=op.f("fk_insurer_group_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_insurer")),
        sa.UniqueConstraint("name", name=op.f("uq_insurer_name")),
    )
    op.create_index(op.f("ix_insurer_group_id"), "insurer", ["group_id"], unique=False)
    op.create_table(
        "insurer_alias",
        sa.Column("alias", sa.String(length=128), nullable=False),
        sa.Column("group_id", sa.Integer().with_variant(sa.BigInteger(), "postgresql"), nullable=False),
        sa.ForeignKeyConstraint(["group_id"], ["insurer_group.id"], name=op.f("fk_insurer_alias_group_id")),
        sa.PrimaryKeyConstraint("alias", name=op.f("pk_insurer_alias")),
    )
    op.create_index(op.f("ix_insurer_alias_group_id"), "insurer_alias", ["group_id"], unique=False)
    op.create_table(
        "ledger_build",
        sa.Column("id", sa.Integer().with_variant(sa.BigInteger(), "postgresql"), nullable=False),
        sa.Column("shop_id", sa.Integer().with_variant(sa.BigInteger(), "postgresql"), nullable=False),
        sa.Column("month", sa.String(length=7), nullable=False),
        sa.Column("built_on", sa.Date(), nullable=False),
        sa.Column("path", sa.String(length=255), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("rows", sa.Integer(), nullable=False),
        sa.Column("totals", sa.JSON().with_variant(JSONB(), "postgresql"), nullable=False),
        sa.Column("built_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["shop_id"], ["shop.id"], name=op.f("fk_ledger_build_shop_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ledger_build")),
        sa.UniqueConstraint(
            "shop_id",
            "month",
            "built_on",
            "sha256",
            name=op.f("uq_ledger_build_shop_id_month_built_on_sha256"),
        ),
    )
    op.create_table(
        "match",
        sa.Column("id", sa.Integer().with_variant(sa.BigInteger(), "postgresql"), nullable=False),
        sa.Column("shop_id", sa.Integer().with_variant(sa.BigInteger(), "postgresql"), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("state", sa.String(length=32), nullable=False),
        sa.Column("reason", sa.String(length=48), nullable=False),
        sa.Column("rule", sa.String(length=32), nullable=False),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.Column("evidence", sa.JSON().with_variant(JSONB(), "postgresql"), nullable=False),
        sa.Column("occasion", sa.String(length=255), nullable=False),
        sa.Column("decided_on", sa.Date(), nullable=False),
        sa.Column("decided_by", sa.String(length=64), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["shop_id"], ["shop.id"], name=op.f("fk_match_shop_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_match")),
        sa.UniqueConstraint("occasion", name=op.f("uq_match_occasion")),
    )
    op.create_index(op.f("ix_match_shop_id"), "match", ["shop_id"], unique=False)
    op.create_index(op.f("ix_match_state"), "match", ["state"], unique=False)
    op.create_table(
        "report_pattern",
        sa.Column("id", sa.Integer().with_variant(sa.BigInteger(), "postgresql"), nullable=False),
        sa.Column("group_id", sa.Integer().with_variant(sa.BigInteger(), "postgresql"), nullable=False),
        sa.Column("pattern", sa.String(length=128), nullable=False),
        sa.ForeignKeyConstraint(["group_id"], ["insurer_group.id"], name=op.f("fk_report_pattern_group_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_report_pattern")),
        sa.UniqueConstraint("pattern", name=op.f("uq_report_pattern_pattern")),
    )
    op.create_table(
        "sequence",
        sa.Column("shop_id", sa.Integer().with_variant(sa.BigInteger(), "postgresql"), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["shop_id"], ["shop.id"], name=op.f("fk_sequence_shop_id")),
        sa.PrimaryKeyConstraint("shop_id", "kind", "year", name=op.f("pk_sequence")),
    )
    op.create_table(
        "source_file",
        sa.Column("id", sa.Integer().with_variant(sa.BigInteger(), "postgresql"), nullable=False),
        sa.Column("shop_id", sa.Integer().with_variant(sa.BigInteger(), "postgresql"), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("name", sa.String(length=255), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("stored_as", sa.String(length=255), nullable=False),
        sa.Column("state", sa.String(length=32), nullable=False),
        sa.Column("refusal", sa.Text(), nullable=True),
        sa.Column("authorised_by", sa.String(length=64), nullable=True),
        sa.Column("account_number", sa.String(length=64), nullable=True),
        sa.Column("rows", sa.Integer(), nullable=False),
        sa.Column("summary", sa.JSON().with_variant(JSONB(), "postgresql"), nullable=True),
        sa.Column("brought_by", sa.String(length=64), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("read_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["shop_id"], ["shop.id"], name=op.f("fk_source_file_shop_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_source_file")),
        sa.UniqueConstraint("shop_id", "kind", "sha256", name=op.f("uq_source_file_shop_id_kind_sha256")),
    )
    op.create_index(op.f("ix_source_file_state"), "source_file", ["state"], unique=False)
    op.create_table(
        "staff_session",
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("staff_id", sa.Integer().with_variant(sa.BigInteger(), "postgresql"), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_staff_session_staff_id")),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_staff_session")),
    )
    op.create_index(op.f("ix_staff_session_staff_id"), "staff_session", ["staff_id"], unique=False)
    op.create_table(
        "work_order",
        sa.Column("id", sa.Integer().with_variant(sa.BigInteger(), "postgresql"), nullable=False),
        sa.Column("shop_id", sa.Integer().with_variant(sa.BigInteger(), "postgresql"), nullable=False),
        sa.Column("work_order_no", sa.String(length=64), nullable=False),
        sa.Column("plate_no", sa.String(length=16), nullable=False),
        sa.Column("vehicle_series", sa.String(length=64), nullable=True),
        sa.Column("vehicle_release_date", sa.Date(), nullable=True),
        sa.Column("labour_fee", sa.BigInteger(), nullable=True),
        sa.Column("parts_fee", sa.BigInteger(), nullable=True),
        sa.Column("other_fee", sa.BigInteger(), nullable=True),
        sa.Column("repair_gross_amount", sa.BigInteger(), nullable=True),
        sa.Column("repair_net_amount", sa.BigInteger(), nullable=True),
        sa.Column("customer_payable_amount", sa.BigInteger(), nullable=True),
        sa.Column("manual_hold", sa.String(length=255), nullable=True),
        sa.Column("settle_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["shop_id"], ["shop.id"], name=op.f("fk_work_order_shop_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_work_order")),
        sa.UniqueConstraint("shop_id", "work_order_no", name=op.f("uq_work_order_shop_id_work_order_no")),
    )
    op.create_index(op.f("ix_work_order_plate_no"), "work_order", ["plate_no"], unique=False)
    op.create_index(op.f("ix_work_order_settle_on"), "work_order", ["settle_on"], unique=False)
    op.create_table(
        "bank_line",
        sa.Column("id", sa.Integer().with_variant(sa.BigInteger(), "postgresql"), nullable=False),
        sa.Column("shop_id", sa.Integer().with_variant(sa.BigInteger(), "postgresql"), nullable=False),
        sa.Column("account_id", sa.Integer().with_variant(sa.BigInteger(), "postgresql"), nullable=False),
        sa.Column("file_id", sa.Integer().with_variant(sa.BigInteger(), "postgresql"), nullable=False),
        sa.Column("row", sa.Integer(), nullable=False),
        sa.Column("booked_on", sa.Date(), nullable=False),
        sa.Column("booked_at", sa.Time(), nullable=True),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("balance", sa.BigInteger(), nullable=True),
        sa.Column("payer", sa.String(length=255), nullable=False),
        sa.Column("payer_account", sa.String(length=64), nullable=False),
        sa.Column("memo", sa.Text(), nullable=False),
        sa.Column("search_text", sa.Text(), nullable=False),
        sa.Column("serial", sa.String(length=64), nullable=True),
        sa.Column("identity", sa.String(length=128), nullable=False),
        sa.Column("raw", sa.JSON().with_variant(JSONB(), "postgresql"), nullable=False),
        sa.Column("outcome", sa.String(length=32), nullable=False),
        sa.Column("reason", sa.String(length=48), nullable=True),
        sa.Column("detail", sa.JSON().with_variant(JSONB(), "postgresql"), nullable=True),
        sa.ForeignKeyConstraint(["account_id"], ["bank_account.id"], name=op.f("fk_bank_line_account_id")),
        sa.ForeignKeyConstraint(["file_id"], ["source_file.id"], name=op.f("fk_bank_line_file_id")),
        sa.ForeignKeyConstraint(["shop_id"], ["shop.id"], name=op.f("fk_bank_line_shop_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bank_line")),
        sa.UniqueConstraint("account_id", "identity", name=op.f("uq_bank_line_account_id_identity")),
    )
    op.create_index(op.f("ix_bank_line_file_id"), "bank_line", ["file_id"], unique=False)
    op.create_index("ix_bank_line_look_again", "bank_line", ["shop_id", "outcome"], unique=False)
    op.create_table(
        "claim_case",
        sa.Column("id", sa.Integer().with_variant(sa.BigInteger(), "postgresql"), nullable=False),
        sa.Column("shop_id", sa.Integer().with_variant(sa.BigInteger(), "postgresql"), nullable=False),
        sa.Column("claim_no", sa.String(length=64), nullable=False),
        sa.Column("work_order_id", sa.Integer().with_variant(sa.BigInteger(), "postgresql"), nullable=False),
        sa.Column("is_lead", sa.Boolean(), nullable=False),
        sa.Column("stage", sa.String(length=32), nullable=False),
        sa.Column("dispatch_date", sa.Date(), nullable=True),
        sa.Column("insurance_receptionist", sa.String(length=64), nullable=True),
        sa.Column("is_agency_claim", sa.Boolean(), nullable=False),
        sa.Column("shop_submits_documents", sa.Boolean(), nullable=True),
        sa.Column("insured_name", sa.String(length=128), nullable=False),
        sa.Column("plate_no", sa.String(length=16), nullable=False),
        sa.Column("accident_liability", sa.String(length=32), nullable=True),
        sa.Column("insurer_id", sa.Integer().with_variant(sa.BigInteger(), "postgresql"), nullable=True),
        sa.Column("report_no", sa.String(length=64), nullable=True),
        sa.Column("policy_no", sa.String(length=64), nullable=True),
        sa.Column("accident_date", sa.Date(), nullable=True),
        sa.Column("stage1_reviewer", sa.String(length=64), nullable=True),
        sa.Column("stage1_review_date", sa.Date(), nullable=True),
        sa.Column("invoice_amount", sa.BigInteger(), nullable=True),
        sa.Column("invoice_date", sa.Date(), nullable=True),
        sa.Column("file_handover_date", sa.Date(), nullable=True),
        sa.Column("file_receiver", sa.String(length=64), nullable=True),
        sa.Column("insurer_accepted_date", sa.Date(), nullable=True),
        sa.Column("assessed_amount", sa.BigInteger(), nullable=True),
        sa.Column("settlement_agreed_on", sa.Date(), nullable=True),
        sa.Column("liability_fixed_on", sa.Date(), nullable=True),
        sa.Column("authorised_by", sa.String(length=64), nullable=True),
        sa.Column("authorised_on", sa.Date(), nullable=True),
        sa.Column("authorisation_valid_to", sa.Date(), nullable=True),
        sa.Column("difference_note", sa.Text(), nullable=True),
        sa.Column("closed_by", sa.String(length=64), nullable=True),
        sa.Column("closed_date", sa.Date(), nullable=True),
        sa.Column("imported", sa.JSON().with_variant(JSONB(), "postgresql"), nullable=True),
        sa.ForeignKeyConstraint(["insurer_id"], ["insurer.id"], name=op.f("fk_claim_case_insurer_id")),
        sa.ForeignKeyConstraint(["shop_id"], ["shop.id"], name=op.f("fk_claim_case_shop_id")),
        sa.ForeignKeyConstraint(
            ["work_order_id"], ["work_order.id"], name=op.f("fk_claim_case_work_order_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_claim_case")),
        sa.UniqueConstraint("shop_id", "claim_no", name=op.f("uq_claim_case_shop_id_claim_no")),
    )
    op.create_index(op.f("ix_claim_case_insurer_id"), "claim_case", ["insurer_id"], unique=False)
    op.create_index("ix_claim_case_open", "claim_case", ["shop_id", "stage"], unique=False)
    op.create_index(op.f("ix_claim_case_plate_no"), "claim_case", ["plate_no"], unique=False)
    op.create_index(op.f("ix_claim_case_report_no"), "claim_case", ["report_no"], unique=False)
    op.create_index(op.f("ix_claim_case_work_order_id"), "claim_case", ["work_order_id"], unique=False)
    op.create_table(
        "customer_line",
        sa.Column("id", sa.Integer().with_variant(sa.BigInteger(), "postgresql"), nullable=False),
        sa.Column("work_order_id", sa.Integer().with_variant(sa.BigInteger(), "postgresql"), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("received_on", sa.Date(), nullable=True),
        sa.Column("cashier", sa.String(length=64), nullable=True),
        sa.Column("inferred", sa.Boolean(), nullable=False),
        sa.Column("origin", sa.String(length=64), nullable=False),
        sa.CheckConstraint("amount > 0", name=op.f("ck_customer_line_amount_positive")),
        sa.ForeignKeyConstraint(
            ["work_order_id"], ["work_order.id"], name=op.f("fk_customer_line_work_order_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_customer_line")),
        sa.UniqueConstraint(
            "work_order_id",
            "kind",
            "received_on",
            "origin",
            name=op.f("uq_customer_line_work_order_id_kind_received_on_origin"),
        ),
    )
    op.create_index(op.f("ix_customer_line_work_order_id"), "customer_line", ["work_order_id"], unique=False)
    op.create_table(
        "entry",
        sa.Column("id", sa.Integer().with_variant(sa.BigInteger(), "postgresql"), nullable=False),
        sa.Column("shop_id", sa.Integer().with_variant(sa.BigInteger(), "postgresql"), nullable=False),
        sa.Column("work_order_id", sa.Integer().with_variant(sa.BigInteger(), "postgresql"), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("debit", sa.String(length=32), nullable=False),
        sa.Column("credit", sa.String(length=32), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("value_date", sa.Date(), nullable=True),
        sa.Column("business_date", sa.Date(), nullable=False),
        sa.Column("occasion", sa.String(length=128), nullable=False),
        sa.Column("reverses_id", sa.Integer().with_variant(sa.BigInteger(), "postgresql"), nullable=True),
        sa.Column("recorded_by", sa.String(length=64), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("amount > 0", name=op.f("ck_entry_amount_positive")),
        sa.CheckConstraint("debit <> credit", name=op.f("ck_entry_two_accounts")),
        sa.ForeignKeyConstraint(["reverses_id"], ["entry.id"], name=op.f("fk_entry_reverses_id")),
        sa.ForeignKeyConstraint(["shop_id"], ["shop.id"], name=op.f("fk_entry_shop_id")),
        sa.ForeignKeyConstraint(["work_order_id"], ["work_order.id"], name=op.f("fk_entry_work_order_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_entry")),
        sa.UniqueConstraint("occasion", name=op.f("uq_entry_occasion")),
        sa.UniqueConstraint("reverses_id", name=op.f("uq_entry_reverses_id")),
    )
    op.create_index(op.f("ix_entry_shop_id"), "entry", ["shop_id"], unique=False)
    op.create_index(op.f("ix_entry_work_order_id"), "entry", ["work_order_id"], unique=False)
    op.create_table(
        "finding",
        sa.Column("id", sa.Integer().with_variant(sa.BigInteger(), "postgresql"), nullable=False),
        sa.Column("shop_id", sa.Integer().with_variant(sa.BigInteger(), "postgresql"), nullable=False),
        sa.Column("file_id", sa.Integer().with_variant(sa.BigInteger(), "postgresql"), nullable=False),
        sa.Column("sheet", sa.String(length=64), nullable=False),
        sa.Column("row", sa.Integer(), nullable=False),
        sa.Column("cell", sa.String(length=16), nullable=False),
        sa.Column("heading", sa.String(length=64), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column("code", sa.String(length=48), nullable=False),
        sa.Column("sentence", sa.Text(), nullable=False),
        sa.Column("severity", sa.String(length=32), nullable=False),
        sa.Column("row_values", sa.JSON().with_variant(JSONB(), "postgresql"), nullable=True),
        sa.Column("state", sa.String(length=32), nullable=False),
        sa.Column("resolved_by", sa.String(length=64), nullable=True),
        sa.ForeignKeyConstraint(["file_id"], ["source_file.id"], name=op.f("fk_finding_file_id")),
        sa.ForeignKeyConstraint(["shop_id"], ["shop.id"], name=op.f("fk_finding_shop_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_finding")),
        sa.UniqueConstraint(
            "file_id", "sheet", "row", "cell", "code", name=op.f("uq_finding_file_id_sheet_row_cell_code")
        ),
    )
    op.create_index(op.f("ix_finding_shop_id"), "finding", ["shop_id"], unique=False)
    op.create_table(
        "position",
        sa.Column(
            "work_order_id",
            sa.Integer().with_variant(sa.BigInteger(), "postgresql"),
            autoincrement=False,
            nullable=False,
        ),
        sa.Column("bill", sa.BigInteger(), nullable=True),
        sa.Column("expected", sa.BigInteger(), nullable=False),
        sa.Column("received", sa.BigInteger(), nullable=False),
        sa.Column("over_receipt", sa.BigInteger(), nullable=False),
        sa.Column("third_party", sa.BigInteger(), nullable=False),
        sa.Column("customer_paid", sa.BigInteger(), nullable=False),
        sa.Column("write_off", sa.BigInteger(), nullable=False),
        sa.Column("refunded", sa.BigInteger(), nullable=False),
        sa.Column("surplus", sa.BigInteger(), nullable=False),
        sa.Column("refund_due", sa.BigInteger(), nullable=False),
        sa.Column("topup_due", sa.BigInteger(), nullable=False),
        sa.Column("releasable", sa.BigInteger(), nullable=False),
        sa.Column("hold_reason", sa.String(length=48), nullable=True),
        sa.Column("rule", sa.String(length=32), nullable=False),
        sa.Column("working", sa.JSON().with_variant(JSONB(), "postgresql"), nullable=False),
        sa.Column("computed_on", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(["work_order_id"], ["work_order.id"], name=op.f("fk_position_work_order_id")),
        sa.PrimaryKeyConstraint("work_order_id", name=op.f("pk_position")),
    )
    op.create_table(
        "chase_state",
        sa.Column(
            "case_id",
            sa.Integer().with_variant(sa.BigInteger(), "postgresql"),
            autoincrement=False,
            nullable=False,
        ),
        sa.Column("shop_id", sa.Integer().with_variant(sa.BigInteger(), "postgresql"), nullable=False),
        sa.Column("step", sa.Integer(), nullable=True),
        sa.Column("reason", sa.String(length=48), nullable=True),
        sa.Column("open_amount", sa.BigInteger(), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("look_again_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["claim_case.id"], name=op.f("fk_chase_state_case_id")),
        sa.ForeignKeyConstraint(["shop_id"], ["shop.id"], name=op.f("fk_chase_state_shop_id")),
        sa.PrimaryKeyConstraint("case_id", name=op.f("pk_chase_state")),
    )
    op.create_index("ix_chase_state_due", "chase_state", ["shop_id", "look_again_on"], unique=False)
    op.create_table(
        "chase_step",
        sa.Column("id", sa.Integer().with_variant(sa.BigInteger(), "postgresql"), nullable=False),
        sa.Column("shop_id", sa.Integer().with_variant(sa.BigInteger(), "postgresql"), nullable=False),
        sa.Column("case_id", sa.Integer().with_variant(sa.BigInteger(), "postgresql"), nullable=False),
        sa.Column("cover", sa.String(length=32), nullable=False),
        sa.Column("step", sa.Integer(), nullable=False),
        sa.Column("round_no", sa.Integer(), nullable=False),
        sa.Column("taken_on", sa.Date(), nullable=False),
        sa.Column("open_amount", sa.BigInteger(), nullable=False),
        sa.Column("notice_occasion", sa.String(length=160), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["claim_case.id"], name=op.f("fk_chase_step_case_id")),
        sa.ForeignKeyConstraint(["shop_id"], ["shop.id"], name=op.f("fk_chase_step_shop_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_chase_step")),
        sa.UniqueConstraint(
            "case_id", "cover", "step", "round_no", name=op.f("uq_chase_step_case_id_cover_step_round_no")
        ),
    )
    op.create_index(op.f("ix_chase_step_notice_occasion"), "chase_step", ["notice_occasion"], unique=False)
    op.create_index(op.f("ix_chase_step_shop_id"), "chase_step", ["shop_id"], unique=False)
    op.create_table(
        "deadline",
        sa.Column("id", sa.Integer().with_variant(sa.BigInteger(), "postgresql"), nullable=False),
        sa.Column("shop_id", sa.Integer().with_variant(sa.BigInteger(), "postgresql"), nullable=False),
        sa.Column("case_id", sa.Integer().with_variant(sa.BigInteger(), "postgresql"), nullable=False),
        sa.Column("rule_code", sa.String(length=32), nullable=False),
        sa.Column("cover", sa.String(length=32), nullable=False),
        sa.Column("round_no", sa.Integer(), nullable=False),
        sa.Column("started_on", sa.Date(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("state", sa.String(length=32), nullable=False),
        sa.Column("stopped_days", sa.Integer(), nullable=False),
        sa.Column("estimate", sa.Boolean(), nullable=False),
        sa.Column("provisional", sa.Boolean(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("inputs", sa.JSON().with_variant(JSONB(), "postgresql"), nullable=False),
        sa.Column("computed_on", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["claim_case.id"], name=op.f("fk_deadline_case_id")),
        sa.ForeignKeyConstraint(["shop_id"], ["shop.id"], name=op.f("fk_deadline_shop_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deadline")),
        sa.UniqueConstraint(
            "case_id",
            "rule_code",
            "cover",
            "round_no",
            name=op.f("uq_deadline_case_id_rule_code_cover_round_no"),
        ),
    )
    op.create_index("ix_deadline_due", "deadline", ["state", "due_on"], unique=False)
    op.create_index(op.f("ix_deadline_shop_id"), "deadline", ["shop_id"], unique=False)
    op.create_table(
        "event",
        sa.Column("id", sa.Integer().with_variant(sa.BigInteger(), "postgresql"), nullable=False),
        sa.Column("shop_id", sa.Integer().with_variant(sa.BigInteger(), "postgresql"), nullable=False),
        sa.Column("case_id", sa.Integer().with_variant(sa.BigInteger(), "postgresql"), nullable=True),
        sa.Column("work_order_id", sa.Integer().with_variant(sa.BigInteger(), "postgresql"), nullable=True),
        sa.Column("kind", sa.String(length=48), nullable=False),
        sa.Column("rule", sa.String(length=32), nullable=True),
        sa.Column("inputs", sa.JSON().with_variant(JSONB(), "postgresql"), nullable=False),
        sa.Column("business_date", sa.Date(), nullable=False),
        sa.Column("by", sa.String(length=64), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["claim_case.id"], name=op.f("fk_event_case_id")),
        sa.ForeignKeyConstraint(["shop_id"], ["shop.id"], name=op.f("fk_event_shop_id")),
        sa.ForeignKeyConstraint(["work_order_id"], ["work_order.id"], name=op.f("fk_event_work_order_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_event")),
    )
    op.create_index(op.f("ix_event_case_id"), "event", ["case_id"], unique=False)
    op.create_index(op.f("ix_event_shop_id"), "event", ["shop_id"], unique=False)
    op.create_index(op.f("ix_event_work_order_id"), "event", ["work_order_id"], unique=False)
    op.create_table(
        "expected_line",
        sa.Column("id", sa.Integer().with_variant(sa.BigInteger(), "postgresql"), nullable=False),
        sa.Column("case_id", sa.Integer().with_variant(sa.BigInteger(), "postgresql"), nullable=False),
        sa.Column("work_order_id", sa.Integer().with_variant(sa.BigInteger(), "postgresql"), nullable=False),
        sa.Column("cover", sa.String(length=32), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("resolution", sa.String(length=32), nullable=True),
        sa.Column("customer_paid_third_party_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["claim_case.id"], name=op.f("fk_expected_line_case_id")),
        sa.ForeignKeyConstraint(
            ["work_order_id"], ["work_order.id"], name=op.f("fk_expected_line_work_order_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_expected_line")),
        sa.UniqueConstraint(
            "case_id",
            "work_order_id",
            "cover",
            "kind",
            name=op.f("uq_expected_line_case_id_work_order_id_cover_kind"),
        ),
    )
    op.create_index(op.f("ix_expected_line_work_order_id"), "expected_line", ["work_order_id"], unique=False)
    op.create_table(
        "notice",
        sa.Column("id", sa.Integer().with_variant(sa.BigInteger(), "postgresql"), nullable=False),
        sa.Column("shop_id", sa.Integer().with_variant(sa.BigInteger(), "postgresql"), nullable=False),
        sa.Column("case_id", sa.Integer().with_variant(sa.BigInteger(), "postgresql"), nullable=True),
        sa.Column("kind", sa.String(length=48), nullable=False),
        sa.Column("occasion", sa.String(length=160), nullable=False),
        sa.Column("audience", sa.String(length=32), nullable=False),
        sa.Column("recipient", sa.String(length=128), nullable=False),
        sa.Column("channel", sa.String(length=32), nullable=False),
        sa.Column("address", sa.Text(), nullable=True),
        sa.Column("words", sa.JSON().with_variant(JSONB(), "postgresql"), nullable=False),
        sa.Column("state", sa.String(length=32), nullable=False),
        sa.Column("held_because", sa.String(length=48), nullable=True),
        sa.Column("send_after", sa.DateTime(timezone=True), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("lease_token", sa.String(length=36), nullable=True),
        sa.Column("lease_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("provider_id", sa.String(length=255), nullable=True),
        sa.Column("error", sa.Text(), nullable=True),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["claim_case.id"], name=op.f("fk_notice_case_id")),
        sa.ForeignKeyConstraint(["shop_id"], ["shop.id"], name=op.f("fk_notice_shop_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notice")),
        sa.UniqueConstraint("occasion", name=op.f("uq_notice_occasion")),
    )
    op.create_index(op.f("ix_notice_case_id"), "notice", ["case_id"], unique=False)
    op.create_index("ix_notice_due", "notice", ["state", "send_after"], unique=False)
    op.create_index(op.f("ix_notice_shop_id"), "notice", ["shop_id"], unique=False)
    op.create_table(
        "refund",
        sa.Column("id", sa.Integer().with_variant(sa.BigInteger(), "postgresql"), nullable=False),
        sa.Column("shop_id", sa.Integer().with_variant(sa.BigInteger(), "postgresql"), nullable=False),
        sa.Column("work_order_id", sa.Integer().with_variant(sa.BigInteger(), "postgresql"), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.String(length=32), nullable=False),
        sa.Column("payee", sa.String(length=128), nullable=True),
        sa.Column("rule", sa.String(length=32), nullable=True),
        sa.Column("working", sa.JSON().with_variant(JSONB(), "postgresql"), nullable=True),
        sa.Column("sentence", sa.Text(), nullable=True),
        sa.Column("computed_on", sa.Date(), nullable=True),
        sa.Column("prepared_by", sa.String(length=64), nullable=False),
        sa.Column("approved_by", sa.String(length=64), nullable=True),
        sa.Column("approved_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("declined_because", sa.Text(), nullable=True),
        sa.Column("paid_on", sa.Date(), nullable=True),
        sa.Column("bounced_on", sa.Date(), nullable=True),
        sa.Column("bank_line_id", sa.Integer().with_variant(sa.BigInteger(), "postgresql"), nullable=True),
        sa.Column("origin", sa.String(length=64), nullable=False),
        sa.CheckConstraint("amount > 0", name=op.f("ck_refund_amount_positive")),
        sa.ForeignKeyConstraint(["bank_line_id"], ["bank_line.id"], name=op.f("fk_refund_bank_line_id")),
        sa.ForeignKeyConstraint(["shop_id"], ["shop.id"], name=op.f("fk_refund_shop_id")),
        sa.ForeignKeyConstraint(["work_order_id"], ["work_order.id"], name=op.f("fk_refund_work_order_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_refund")),
        sa.UniqueConstraint("origin", name=op.f("uq_refund_origin")),
        sa.UniqueConstraint("work_order_id", "number", name=op.f("uq_refund_work_order_id_number")),
    )
    op.create_index(op.f("ix_refund_shop_id"), "refund", ["shop_id"], unique=False)
    op.create_index(op.f("ix_refund_state"), "refund", ["state"], unique=False)
    op.create_index(
        "uq_refund_under_way",
        "refund",
        ["work_order_id"],
        unique=True,
        sqlite_where=sa.text("state IN ('computed','waiting','approved','in_file')"),
        postgresql_where=sa.text("state IN ('computed','waiting','approved','in_file')"),
    )
    op.create_table(
        "submission_round",
        sa.Column("id", sa.Integer().with_variant(sa.BigInteger(), "postgresql"), nullable=False),
        sa.Column("case_id", sa.Integer().with_variant(sa.BigInteger(), "postgresql"), nullable=False),
        sa.Column("round_no", sa.Integer(), nullable=False),
        sa.Column("returned_on", sa.Date(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("resubmitted_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["claim_case.id"], name=op.f("fk_submission_round_case_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_submission_round")),
        sa.UniqueConstraint("case_id", "round_no", name=op.f("uq_submission_round_case_id_round_no")),
    )
    op.create_table(
        "match_part",
        sa.Column("id", sa.Integer().with_variant(sa.BigInteger(), "postgresql"), nullable=False),
        sa.Column("match_id", sa.Integer().with_variant(sa.BigInteger(), "postgresql"), nullable=False),
        sa.Column("bank_line_id", sa.Integer().with_variant(sa.BigInteger(), "postgresql"), nullable=False),
        sa.Column("case_id", sa.Integer().with_variant(sa.BigInteger(), "postgresql"), nullable=True),
        sa.Column("refund_id", sa.Integer().with_variant(sa.BigInteger(), "postgresql"), nullable=True),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["bank_line_id"], ["bank_line.id"], name=op.f("fk_match_part_bank_line_id")),
        sa.ForeignKeyConstraint(["case_id"], ["claim_case.id"], name=op.f("fk_match_part_case_id")),
        sa.ForeignKeyConstraint(["match_id"], ["match.id"], name=op.f("fk_match_part_match_id")),
        sa.ForeignKeyConstraint(["refund_id"], ["refund.id"], name=op.f("fk_match_part_refund_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_match_part")),
        sa.UniqueConstraint(
            "match_id",
            "bank_line_id",
            "case_id",
            "refund_id",
            name=op.f("uq_match_part_match_id_bank_line_id_case_id_refund_id"),
        ),
    )
    op.create_index(op.f("ix_match_part_bank_line_id"), "match_part", ["bank_line_id"], unique=False)
    op.create_index(op.f("ix_match_part_case_id"), "match_part", ["case_id"], unique=False)
    op.create_index(op.f("ix_match_part_match_id"), "match_part", ["match_id"], unique=False)
    op.create_index(op.f("ix_match_part_refund_id"), "match_part", ["refund_id"], unique=False)
    op.create_table(
        "notice_attempt",
        sa.Column("id", sa.Integer().with_variant(sa.BigInteger(), "postgresql"), nullable=False),
        sa.Column("notice_id", sa.Integer().with_variant(sa.BigInteger(), "postgresql"), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("outcome", sa.String(length=32), nullable=True),
        sa.Column("error", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["notice_id"], ["notice.id"], name=op.f("fk_notice_attempt_notice_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notice_attempt")),
        sa.UniqueConstraint("notice_id", "number", name=op.f("uq_notice_attempt_notice_id_number")),
    )
    op.create_table(
        "payout",
        sa.Column("id", sa.Integer().with_variant(sa.BigInteger(), "postgresql"), nullable=False),
        sa.Column("case_id", sa.Integer().with_variant(sa.BigInteger(), "postgresql"), nullable=False),
        sa.Column(
            "expected_line_id", sa.Integer().with_variant(sa.BigInteger(), "postgresql"), nullable=False
        ),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("received_on", sa.Date(), nullable=True),
        sa.Column("state", sa.String(length=32), nullable=False),
        sa.Column("recorded_by", sa.String(length=64), nullable=True),
        sa.Column("match_id", sa.Integer().with_variant(sa.BigInteger(), "postgresql"), nullable=True),
        sa.Column("origin", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["claim_case.id"], name=op.f("fk_payout_case_id")),
        sa.ForeignKeyConstraint(
            ["expected_line_id"], ["expected_line.id"], name=op.f("fk_payout_expected_line_id")
        ),
        sa.ForeignKeyConstraint(["match_id"], ["match.id"], name=op.f("fk_payout_match_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payout")),
        sa.UniqueConstraint("origin", name=op.f("uq_payout_origin")),
    )
    op.create_index(op.f("ix_payout_case_id"), "payout", ["case_id"], unique=False)
    op.create_index(op.f("ix_payout_expected_line_id"), "payout", ["expected_line_id"], unique=False)
    op.create_index(op.f("ix_payout_match_id"), "payout", ["match_id"], unique=False)
    for table in APPEND_ONLY:
        for statement in protection(table):
            op.execute(statement)


def downgrade() -> None:
    raise NotImplementedError(
        "Migrations go forward only. Restore the backup made before the upgrade instead."
    )
