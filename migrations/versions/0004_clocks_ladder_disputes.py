"""Clocks that follow what changes, the ladder as policy, letters, errands, disputes.

The rules of law say their cover and ship as data: the table is made anew, and filled when all is done.
The database notes every change of what a clock rests on; at first every case is to be looked at.
"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

ID = sa.Integer().with_variant(sa.BigInteger(), "postgresql")

WATCHED = {
    "claim_case": (
        "is_agency_claim", "stage", "dispatch_date", "insurer_accepted_date", "settlement_agreed_on",
        "accident_date", "liability_fixed_on",
    ),
    "submission_round": ("returned_on", "resubmitted_on"),
    "expected_line": ("cover", "amount", "resolution"),
    "payout": ("expected_line_id", "amount", "received_on", "state"),
    "interruption": ("happened_on",),
}  # fmt: skip

NOTE_ITSELF = "INSERT INTO case_change (shop_id, case_id) VALUES (NEW.shop_id, NEW.id);"
NOTE_ITS_CASE = (
    "INSERT INTO case_change (shop_id, case_id) SELECT shop_id, id FROM claim_case WHERE id = NEW.case_id;"
)


def watchers(table: str, dialect: str) -> list[str]:
    """Say how this database notes the changes of a table."""
    note = NOTE_ITSELF if table == "claim_case" else NOTE_ITS_CASE
    columns = WATCHED[table]
    changed = f"CREATE TRIGGER {table}_changed AFTER UPDATE OF {', '.join(columns)} ON {table}"
    came = f"CREATE TRIGGER {table}_came AFTER INSERT ON {table}"
    if dialect == "sqlite":
        differs = " OR ".join(f"OLD.{column} IS NOT NEW.{column}" for column in columns)
        return [f"{came} BEGIN {note} END", f"{changed} WHEN {differs} BEGIN {note} END"]
    differs = " OR ".join(f"OLD.{column} IS DISTINCT FROM NEW.{column}" for column in columns)
    body = f"$$ BEGIN {note} RETURN NULL; END $$"
    run = f"EXECUTE FUNCTION {table}_noted()"
    return [
        f"CREATE OR REPLACE FUNCTION {table}_noted() RETURNS trigger LANGUAGE plpgsql AS {body}",
        f"{came} FOR EACH ROW {run}",
        f"{changed} FOR EACH ROW WHEN ({differs}) {run}",
    ]


def upgrade() -> None:
    op.create_table(
        "case_change",
        sa.Column("id", ID, nullable=False),
        sa.Column("shop_id", ID, nullable=False),
        sa.Column("case_id", ID, nullable=False),
        sa.Column("look_on", sa.Date(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_change")),
    )
    op.create_index("ix_case_change_look_on", "case_change", ["shop_id", "look_on"], unique=False)
    op.create_table(
        "interest_rate",
        sa.Column("id", ID, nullable=False),
        sa.Column("name", sa.String(length=16), nullable=False),
        sa.Column("millionths", sa.Integer(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("set_by", sa.String(length=64), nullable=False),
        sa.Column("set_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_interest_rate")),
        sa.UniqueConstraint("name", "valid_from", name=op.f("uq_interest_rate_name_valid_from")),
    )
    op.create_table(
        "ladder_level",
        sa.Column("id", ID, nullable=False),
        sa.Column("scope", sa.String(length=16), nullable=False),
        sa.Column("scope_id", ID, nullable=False),
        sa.Column("level", sa.Integer(), nullable=False),
        sa.Column("delay", sa.Integer(), nullable=False),
        sa.Column("compulsory_delay", sa.Integer(), nullable=True),
        sa.Column("form", sa.String(length=32), nullable=False),
        sa.Column("recipients", sa.String(length=64), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("floor", sa.BigInteger(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("set_by", sa.String(length=64), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ladder_level")),
        sa.UniqueConstraint(
            "scope",
            "scope_id",
            "level",
            "valid_from",
            name=op.f("uq_ladder_level_scope_scope_id_level_valid_from"),
        ),
    )
    op.create_table(
        "chase_plan",
        sa.Column("shop_id", ID, nullable=False),
        sa.Column("night", sa.Date(), nullable=False),
        sa.Column("state", sa.String(length=32), nullable=False),
        sa.Column("steps", sa.Integer(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("usual", sa.Integer(), nullable=True),
        sa.Column("stopped", sa.String(length=32), nullable=True),
        sa.Column("approved_by", sa.String(length=64), nullable=True),
        sa.ForeignKeyConstraint(["shop_id"], ["shop.id"], name=op.f("fk_chase_plan_shop_id")),
        sa.PrimaryKeyConstraint("shop_id", "night", name=op.f("pk_chase_plan")),
    )
    op.create_table(
        "chase_letter",
        sa.Column("id", ID, nullable=False),
        sa.Column("shop_id", ID, nullable=False),
        sa.Column("letter_no", sa.String(length=32), nullable=False),
        sa.Column("occasion", sa.String(length=160), nullable=False),
        sa.Column("insurer_id", ID, nullable=False),
        sa.Column("level", sa.Integer(), nullable=False),
        sa.Column("written_on", sa.Date(), nullable=False),
        sa.Column("pay_by", sa.Date(), nullable=False),
        sa.Column("case_count", sa.Integer(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("statement", sa.String(length=255), nullable=True),
        sa.Column("delivered_on", sa.Date(), nullable=True),
        sa.Column("proof", sa.String(length=255), nullable=True),
        sa.Column("proof_stored_as", sa.String(length=255), nullable=True),
        sa.Column("delivered_by", sa.String(length=64), nullable=True),
        sa.ForeignKeyConstraint(["insurer_id"], ["insurer.id"], name=op.f("fk_chase_letter_insurer_id")),
        sa.ForeignKeyConstraint(["shop_id"], ["shop.id"], name=op.f("fk_chase_letter_shop_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_chase_letter")),
        sa.UniqueConstraint("occasion", name=op.f("uq_chase_letter_occasion")),
        sa.UniqueConstraint("shop_id", "letter_no", name=op.f("uq_chase_letter_shop_id_letter_no")),
    )
    op.create_table(
        "chase_hold",
        sa.Column("id", ID, nullable=False),
        sa.Column("shop_id", ID, nullable=False),
        sa.Column("case_id", ID, nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("until", sa.Date(), nullable=False),
        sa.Column("because", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=32), nullable=False),
        sa.Column("set_by", sa.String(length=64), nullable=False),
        sa.Column("set_on", sa.Date(), nullable=False),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["claim_case.id"], name=op.f("fk_chase_hold_case_id")),
        sa.ForeignKeyConstraint(["shop_id"], ["shop.id"], name=op.f("fk_chase_hold_shop_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_chase_hold")),
    )
    op.create_index("ix_chase_hold_case", "chase_hold", ["case_id", "state"], unique=False)
    op.create_table(
        "errand",
        sa.Column("id", ID, nullable=False),
        sa.Column("shop_id", ID, nullable=False),
        sa.Column("case_id", ID, nullable=True),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("occasion", sa.String(length=160), nullable=False),
        sa.Column("owner", sa.String(length=64), nullable=False),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("command", sa.Text(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=True),
        sa.Column("opened_on", sa.Date(), nullable=False),
        sa.Column("pass_on", sa.Date(), nullable=True),
        sa.Column("state", sa.String(length=32), nullable=False),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.Column("ended_by", sa.String(length=64), nullable=True),
        sa.Column("outcome", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["claim_case.id"], name=op.f("fk_errand_case_id")),
        sa.ForeignKeyConstraint(["shop_id"], ["shop.id"], name=op.f("fk_errand_shop_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_errand")),
        sa.UniqueConstraint("occasion", name=op.f("uq_errand_occasion")),
    )
    op.create_index(op.f("ix_errand_case_id"), "errand", ["case_id"], unique=False)
    op.create_index("ix_errand_open", "errand", ["shop_id", "state", "pass_on"], unique=False)
    op.create_table(
        "insurer_reply",
        sa.Column("id", ID, nullable=False),
        sa.Column("shop_id", ID, nullable=False),
        sa.Column("case_id", ID, nullable=False),
        sa.Column("file_id", ID, nullable=False),
        sa.Column("row", sa.Integer(), nullable=False),
        sa.Column("cover", sa.String(length=32), nullable=True),
        sa.Column("state", sa.String(length=32), nullable=False),
        sa.Column("expected_on", sa.Date(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("received_on", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["claim_case.id"], name=op.f("fk_insurer_reply_case_id")),
        sa.ForeignKeyConstraint(["file_id"], ["source_file.id"], name=op.f("fk_insurer_reply_file_id")),
        sa.ForeignKeyConstraint(["shop_id"], ["shop.id"], name=op.f("fk_insurer_reply_shop_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_insurer_reply")),
        sa.UniqueConstraint("file_id", "row", name=op.f("uq_insurer_reply_file_id_row")),
    )
    op.create_index(op.f("ix_insurer_reply_case_id"), "insurer_reply", ["case_id"], unique=False)
    op.create_table(
        "interruption",
        sa.Column("id", ID, nullable=False),
        sa.Column("shop_id", ID, nullable=False),
        sa.Column("case_id", ID, nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("happened_on", sa.Date(), nullable=False),
        sa.Column("letter_no", sa.String(length=32), nullable=True),
        sa.Column("proof", sa.String(length=255), nullable=False),
        sa.Column("proof_stored_as", sa.String(length=255), nullable=False),
        sa.Column("recorded_by", sa.String(length=64), nullable=False),
        sa.Column("recorded_on", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["claim_case.id"], name=op.f("fk_interruption_case_id")),
        sa.ForeignKeyConstraint(["shop_id"], ["shop.id"], name=op.f("fk_interruption_shop_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_interruption")),
        sa.UniqueConstraint(
            "case_id", "kind", "happened_on", name=op.f("uq_interruption_case_id_kind_happened_on")
        ),
    )
    op.create_table(
        "notice_attachment",
        sa.Column("id", ID, nullable=False),
        sa.Column("notice_id", ID, nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=255), nullable=False),
        sa.Column("stored_as", sa.String(length=255), nullable=False),
        sa.ForeignKeyConstraint(["notice_id"], ["notice.id"], name=op.f("fk_notice_attachment_notice_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notice_attachment")),
        sa.UniqueConstraint("notice_id", "position", name=op.f("uq_notice_attachment_notice_id_position")),
    )
    op.create_table(
        "notice_demand",
        sa.Column("id", ID, nullable=False),
        sa.Column("notice_id", ID, nullable=False),
        sa.Column("case_id", ID, nullable=False),
        sa.Column("cover", sa.String(length=32), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["claim_case.id"], name=op.f("fk_notice_demand_case_id")),
        sa.ForeignKeyConstraint(["notice_id"], ["notice.id"], name=op.f("fk_notice_demand_notice_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notice_demand")),
        sa.UniqueConstraint(
            "notice_id", "case_id", "cover", name=op.f("uq_notice_demand_notice_id_case_id_cover")
        ),
    )
    op.create_table(
        "dispute",
        sa.Column("id", ID, nullable=False),
        sa.Column("shop_id", ID, nullable=False),
        sa.Column("case_id", ID, nullable=False),
        sa.Column("number", sa.String(length=32), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("happened_on", sa.Date(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=True),
        sa.Column("institution", sa.String(length=128), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("reasons_on", sa.Date(), nullable=True),
        sa.Column("difference_id", ID, nullable=True),
        sa.Column("proof", sa.String(length=255), nullable=True),
        sa.Column("proof_stored_as", sa.String(length=255), nullable=True),
        sa.Column("state", sa.String(length=32), nullable=False),
        sa.Column("answered_on", sa.Date(), nullable=True),
        sa.Column("outcome", sa.String(length=32), nullable=True),
        sa.Column("resolved_on", sa.Date(), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("opened_by", sa.String(length=64), nullable=False),
        sa.Column("resolved_by", sa.String(length=64), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["claim_case.id"], name=op.f("fk_dispute_case_id")),
        sa.ForeignKeyConstraint(["difference_id"], ["difference.id"], name=op.f("fk_dispute_difference_id")),
        sa.ForeignKeyConstraint(["shop_id"], ["shop.id"], name=op.f("fk_dispute_shop_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dispute")),
        sa.UniqueConstraint("shop_id", "number", name=op.f("uq_dispute_shop_id_number")),
    )
    op.create_index("ix_dispute_case", "dispute", ["case_id", "state"], unique=False)
    op.create_index("ix_dispute_open", "dispute", ["shop_id", "state"], unique=False)
    op.create_table(
        "dispute_clock",
        sa.Column("id", ID, nullable=False),
        sa.Column("shop_id", ID, nullable=False),
        sa.Column("dispute_id", ID, nullable=False),
        sa.Column("rule_code", sa.String(length=32), nullable=False),
        sa.Column("started_on", sa.Date(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("state", sa.String(length=32), nullable=False),
        sa.Column("provisional", sa.Boolean(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["dispute_id"], ["dispute.id"], name=op.f("fk_dispute_clock_dispute_id")),
        sa.ForeignKeyConstraint(["shop_id"], ["shop.id"], name=op.f("fk_dispute_clock_shop_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dispute_clock")),
        sa.UniqueConstraint("dispute_id", "rule_code", name=op.f("uq_dispute_clock_dispute_id_rule_code")),
    )
    op.create_index("ix_dispute_clock_due", "dispute_clock", ["shop_id", "state", "due_on"], unique=False)
    op.drop_index(op.f("ix_deadline_shop_id"), table_name="deadline")
    op.drop_index("ix_deadline_due", table_name="deadline")
    op.create_index("ix_deadline_due", "deadline", ["shop_id", "state", "due_on"], unique=False)
    op.drop_table("legal_rule")
    op.create_table(
        "legal_rule",
        sa.Column("id", ID, nullable=False),
        sa.Column("code", sa.String(length=32), nullable=False),
        sa.Column("cover", sa.String(length=32), nullable=False),
        sa.Column("length", sa.Integer(), nullable=False),
        sa.Column("unit", sa.String(length=32), nullable=False),
        sa.Column("trigger", sa.String(length=48), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("set_by", sa.String(length=64), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_legal_rule")),
        sa.UniqueConstraint("code", "valid_from", name=op.f("uq_legal_rule_code_valid_from")),
    )
    for table in WATCHED:
        for statement in watchers(table, op.get_bind().dialect.name):
            op.execute(statement)
    op.execute("INSERT INTO case_change (shop_id, case_id) SELECT shop_id, id FROM claim_case")


def downgrade() -> None:
    raise NotImplementedError(
        "Migrations go forward only. Restore the backup made before the upgrade instead."
    )
