"""Refunds on their way out, payout differences, and what stands before a next stage.

New tables, and guards on `entry`: the code of the revision before goes on working within them.
"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

ID = sa.Integer().with_variant(sa.BigInteger(), "postgresql")

ENTRY_ACCOUNTS = (
    "bill:customer_owes:shop_earned",
    "deposit:bank:deposit_held",
    "self_pay:bank:customer_owes",
    "top_up:bank:customer_owes",
    "payout:bank:customer_owes",
    "payout_third_party:bank:third_party_owed",
    "reassigned_in:transfer:customer_owes",
    "reassigned_in_third_party:transfer:third_party_owed",
    "third_party_proof:third_party_owed:customer_owes",
    "third_party_paid:third_party_owed:bank",
    "over_receipt_hold:bank:over_receipt_held",
    "over_receipt_returned:over_receipt_held:bank",
    "over_receipt_reassigned:over_receipt_held:transfer",
    "over_receipt_released:over_receipt_held:customer_owes",
    "over_receipt_to_third_party:over_receipt_held:third_party_owed",
    "write_off:written_off:customer_owes",
    "refund_reserved:customer_owes:refund_reserved",
    "refund_released:refund_reserved:customer_owes",
    "refund_paid:refund_reserved:bank",
    "refund_bounced:bank:customer_owes",
    "refund_offset:refund_reserved:transfer",
    "refund_transfer_in:transfer:customer_owes",
)
LAID_ASIDE = "'refund_reserved', 'third_party_owed', 'over_receipt_held'"
MIRROR = (
    "SELECT 1 FROM entry AS was WHERE was.id = NEW.reverses_id AND was.kind <> 'reversal' "
    "AND was.work_order_id = NEW.work_order_id AND was.amount = NEW.amount "
    "AND was.debit = NEW.credit AND was.credit = NEW.debit"
)
HELD = (
    "SELECT COALESCE(SUM(CASE WHEN credit IN ('deposit_held', 'customer_owes') THEN amount ELSE 0 END "
    "- CASE WHEN debit IN ('deposit_held', 'customer_owes') THEN amount ELSE 0 END), 0) "
    "FROM entry WHERE work_order_id = NEW.work_order_id"
)
LIES_THERE = (
    "SELECT COALESCE(SUM(CASE WHEN credit = NEW.debit THEN amount ELSE -amount END), 0) FROM entry "
    "WHERE work_order_id = NEW.work_order_id AND (credit = NEW.debit OR debit = NEW.debit)"
)


IS_NO_MIRROR = (
    "(NEW.kind = 'reversal' OR NEW.reverses_id IS NOT NULL) "
    f"AND NOT (NEW.kind = 'reversal' AND EXISTS ({MIRROR}))"
)
IS_NOT_HELD = f"NEW.kind = 'refund_reserved' AND NEW.amount > ({HELD})"
# A reversed payout may leave less than was passed on; what is reserved for a refund is never short.
IS_NOT_THERE = (
    f"NEW.debit IN ({LAID_ASIDE}) AND (NEW.kind <> 'reversal' OR NEW.debit = 'refund_reserved') "
    f"AND NEW.amount > ({LIES_THERE})"
)
ACCOUNTS = "NEW.kind || ':' || NEW.debit || ':' || NEW.credit NOT IN "
IS_MISBOOKED = f"NEW.kind <> 'reversal' AND {ACCOUNTS}({', '.join(repr(each) for each in ENTRY_ACCOUNTS)})"
GUARDS = (
    ("accounts", IS_MISBOOKED, "these are not the accounts of its kind"),
    ("mirror", IS_NO_MIRROR, "a reversal mirrors one entry"),
    ("held", IS_NOT_HELD, "more than is held for the customer"),
    ("laid_aside", IS_NOT_THERE, "more than lies on the account"),
)


def guards() -> list[str]:
    """Say how this database is told what to refuse of an entry."""
    if op.get_bind().dialect.name == "sqlite":
        return [
            f"CREATE TRIGGER entry_{name} BEFORE INSERT ON entry WHEN {refused} "
            f"BEGIN SELECT RAISE(ABORT, 'entry refused: {sentence}'); END"
            for name, refused, sentence in GUARDS
        ]
    first = (
        f"IF NEW.debit IN ({LAID_ASIDE}) OR NEW.kind = 'refund_reserved' THEN "
        "PERFORM 1 FROM work_order WHERE id = NEW.work_order_id FOR NO KEY UPDATE; END IF; "
    )
    checks = "".join(
        f"IF {refused} THEN RAISE EXCEPTION 'entry refused: {sentence}' "
        "USING ERRCODE = 'check_violation'; END IF; "
        for _, refused, sentence in GUARDS
    )
    body = f"BEGIN {first}{checks}RETURN NEW; END"
    return [
        f"CREATE OR REPLACE FUNCTION entry_guard() RETURNS trigger LANGUAGE plpgsql AS $$ {body} $$",
        "CREATE TRIGGER entry_guard BEFORE INSERT ON entry FOR EACH ROW EXECUTE FUNCTION entry_guard()",
    ]


def upgrade() -> None:
    op.add_column("claim_case", sa.Column("payment_final_on", sa.Date(), nullable=True))
    op.create_table(
        "payee_account",
        sa.Column("id", ID, nullable=False),
        sa.Column("shop_id", ID, nullable=False),
        sa.Column("payee", sa.String(length=128), nullable=False),
        sa.Column("plate_no", sa.String(length=16), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("bank_name", sa.String(length=128), nullable=False),
        sa.Column("recorded_by", sa.String(length=64), nullable=False),
        sa.Column("recorded_on", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(["shop_id"], ["shop.id"], name=op.f("fk_payee_account_shop_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payee_account")),
        sa.UniqueConstraint(
            "shop_id", "payee", "plate_no", name=op.f("uq_payee_account_shop_id_payee_plate_no")
        ),
    )
    op.create_table(
        "payment_file",
        sa.Column("id", ID, nullable=False),
        sa.Column("shop_id", ID, nullable=False),
        sa.Column("number", sa.String(length=32), nullable=False),
        sa.Column("layout", sa.String(length=32), nullable=False),
        sa.Column("account_id", ID, nullable=True),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("total", sa.BigInteger(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("path", sa.String(length=255), nullable=False),
        sa.Column("made_by", sa.String(length=64), nullable=False),
        sa.Column("made_on", sa.Date(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["bank_account.id"], name=op.f("fk_payment_file_account_id")),
        sa.ForeignKeyConstraint(["shop_id"], ["shop.id"], name=op.f("fk_payment_file_shop_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payment_file")),
        sa.UniqueConstraint("shop_id", "number", name=op.f("uq_payment_file_shop_id_number")),
    )
    op.create_table(
        "blocker",
        sa.Column("id", ID, nullable=False),
        sa.Column("shop_id", ID, nullable=False),
        sa.Column("case_id", ID, nullable=False),
        sa.Column("gate", sa.String(length=32), nullable=False),
        sa.Column("code", sa.String(length=48), nullable=False),
        sa.Column("sentence", sa.Text(), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["claim_case.id"], name=op.f("fk_blocker_case_id")),
        sa.ForeignKeyConstraint(["shop_id"], ["shop.id"], name=op.f("fk_blocker_shop_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_blocker")),
        sa.UniqueConstraint("case_id", "gate", "code", name=op.f("uq_blocker_case_id_gate_code")),
    )
    op.create_index(op.f("ix_blocker_shop_id"), "blocker", ["shop_id"], unique=False)
    op.create_table(
        "difference",
        sa.Column("id", ID, nullable=False),
        sa.Column("shop_id", ID, nullable=False),
        sa.Column("case_id", ID, nullable=False),
        sa.Column("work_order_id", ID, nullable=False),
        sa.Column("expected_line_id", ID, nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.String(length=32), nullable=False),
        sa.Column("opened_on", sa.Date(), nullable=False),
        sa.Column("resolution", sa.String(length=32), nullable=True),
        sa.Column("over_result", sa.String(length=32), nullable=True),
        sa.Column("to_case_id", ID, nullable=True),
        sa.Column("consent", sa.Text(), nullable=True),
        sa.Column("consent_on", sa.Date(), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("prepared_by", sa.String(length=64), nullable=True),
        sa.Column("approved_by", sa.String(length=64), nullable=True),
        sa.Column("resolved_on", sa.Date(), nullable=True),
        sa.CheckConstraint("amount <> 0", name=op.f("ck_difference_amount_not_zero")),
        sa.ForeignKeyConstraint(["case_id"], ["claim_case.id"], name=op.f("fk_difference_case_id")),
        sa.ForeignKeyConstraint(
            ["expected_line_id"], ["expected_line.id"], name=op.f("fk_difference_expected_line_id")
        ),
        sa.ForeignKeyConstraint(["shop_id"], ["shop.id"], name=op.f("fk_difference_shop_id")),
        sa.ForeignKeyConstraint(["to_case_id"], ["claim_case.id"], name=op.f("fk_difference_to_case_id")),
        sa.ForeignKeyConstraint(
            ["work_order_id"], ["work_order.id"], name=op.f("fk_difference_work_order_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_difference")),
    )
    op.create_index(op.f("ix_difference_case_id"), "difference", ["case_id"], unique=False)
    op.create_index(op.f("ix_difference_shop_id"), "difference", ["shop_id"], unique=False)
    op.create_index(op.f("ix_difference_work_order_id"), "difference", ["work_order_id"], unique=False)
    op.create_index(
        "uq_difference_open",
        "difference",
        ["expected_line_id"],
        unique=True,
        sqlite_where=sa.text("state = 'open'"),
        postgresql_where=sa.text("state = 'open'"),
    )
    op.create_table(
        "payment_item",
        sa.Column("refund_id", ID, autoincrement=False, nullable=False),
        sa.Column("payment_file_id", ID, nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("payee", sa.String(length=128), nullable=False),
        sa.CheckConstraint("amount > 0", name=op.f("ck_payment_item_amount_positive")),
        sa.ForeignKeyConstraint(
            ["payment_file_id"], ["payment_file.id"], name=op.f("fk_payment_item_payment_file_id")
        ),
        sa.ForeignKeyConstraint(["refund_id"], ["refund.id"], name=op.f("fk_payment_item_refund_id")),
        sa.PrimaryKeyConstraint("refund_id", name=op.f("pk_payment_item")),
    )
    op.create_index(
        op.f("ix_payment_item_payment_file_id"), "payment_item", ["payment_file_id"], unique=False
    )
    op.create_table(
        "refund_part",
        sa.Column("id", ID, nullable=False),
        sa.Column("refund_id", ID, nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("other_work_order_id", ID, nullable=True),
        sa.CheckConstraint("amount > 0", name=op.f("ck_refund_part_amount_positive")),
        sa.ForeignKeyConstraint(
            ["other_work_order_id"], ["work_order.id"], name=op.f("fk_refund_part_other_work_order_id")
        ),
        sa.ForeignKeyConstraint(["refund_id"], ["refund.id"], name=op.f("fk_refund_part_refund_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_refund_part")),
        sa.UniqueConstraint(
            "refund_id",
            "kind",
            "other_work_order_id",
            name=op.f("uq_refund_part_refund_id_kind_other_work_order_id"),
        ),
    )
    op.create_index(op.f("ix_refund_part_refund_id"), "refund_part", ["refund_id"], unique=False)
    op.add_column("refund", sa.Column("approved_on", sa.Date(), nullable=True))
    op.add_column("refund", sa.Column("remind_on", sa.Date(), nullable=True))
    op.add_column("refund", sa.Column("changed", sa.Text(), nullable=True))
    op.add_column("refund", sa.Column("signed_by", sa.String(length=128), nullable=True))
    op.add_column("refund", sa.Column("signed_on", sa.Date(), nullable=True))
    op.add_column("refund", sa.Column("signature_proof", sa.String(length=255), nullable=True))
    op.add_column("work_order", sa.Column("deposit_receipt_back_on", sa.Date(), nullable=True))
    op.create_index(op.f("ix_refund_remind_on"), "refund", ["remind_on"], unique=False)
    for statement in guards():
        op.execute(statement)


def downgrade() -> None:
    raise NotImplementedError(
        "Migrations go forward only. Restore the backup made before the upgrade instead."
    )
