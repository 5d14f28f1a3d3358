"""A night finds the claims that are due for chasing by index, and reads no other.

The database notes what no day says: claims that came, closed, opened again or got money to expect. What waits
for a fact, what a clock changed tonight, and the count of reasons have an index each.
"""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

ID = sa.Integer().with_variant(sa.BigInteger(), "postgresql")
NOTE = "INSERT INTO chase_look (shop_id, case_id)"
CASE = f"{NOTE} VALUES (NEW.shop_id, NEW.id);"
MONEY = (
    f"{NOTE} SELECT shop_id, case_id FROM chase_state "  # noqa: S608 - names of our own
    "WHERE case_id = NEW.case_id AND reason = 'nothing_expected';"
)
WATCHED = (
    ("claim_case", "came", "INSERT", (), CASE),
    ("claim_case", "changed", "UPDATE", ("stage", "is_agency_claim"), CASE),
    ("expected_line", "came", "INSERT", (), MONEY),
    ("expected_line", "changed", "UPDATE", ("amount",), MONEY),
)
WAITS = (
    "look_again_on IS NULL AND (reason IS NULL OR reason NOT IN "
    "('paid', 'not_agency', 'nothing_expected', 'below_floor', 'with_lawyer'))"
)
KNOWN = f"""
    {NOTE} SELECT c.shop_id, c.id FROM claim_case c LEFT JOIN chase_state s ON s.case_id = c.id
    WHERE (c.stage = 'closed' AND s.case_id IS NOT NULL) OR (c.stage <> 'closed' AND (
        s.case_id IS NULL OR (s.reason = 'not_agency' AND c.is_agency_claim)
        OR (s.reason = 'nothing_expected' AND EXISTS (SELECT 1 FROM expected_line e WHERE e.case_id = c.id))
    ))
"""  # noqa: S608


def triggers(
    dialect: str, table: str, name: str, verb: str, columns: tuple[str, ...], note: str
) -> list[str]:
    """Say how this database notes a change."""
    of = f" OF {', '.join(columns)}" if columns else ""
    begins = f"CREATE TRIGGER {table}_chase_{name} AFTER {verb}{of} ON {table} FOR EACH ROW"
    differs = " OR ".join(f"OLD.{each} <> NEW.{each}" for each in columns)
    when = f" WHEN ({differs})" if columns else ""
    if dialect == "sqlite":
        return [f"{begins}{when} BEGIN {note} END"]
    function = f"{table}_chase_{name}()"
    body = f"$$ BEGIN {note} RETURN NULL; END $$"
    return [
        f"CREATE OR REPLACE FUNCTION {function} RETURNS trigger LANGUAGE plpgsql AS {body}",
        f"{begins}{when} EXECUTE FUNCTION {function}",
    ]


def upgrade() -> None:
    op.create_table(
        "chase_look",
        sa.Column("id", ID, nullable=False),
        sa.Column("shop_id", ID, nullable=False),
        sa.Column("case_id", ID, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_chase_look")),
    )
    op.create_index("ix_chase_look_case", "chase_look", ["shop_id", "case_id"])
    waits = sa.text(WAITS)
    op.create_index(
        "ix_chase_state_waits", "chase_state", ["shop_id"], sqlite_where=waits, postgresql_where=waits
    )
    op.create_index("ix_chase_state_reason", "chase_state", ["shop_id", "reason", "since"])
    op.create_index("ix_deadline_computed", "deadline", ["shop_id", "computed_on"])
    for watched in WATCHED:
        for sql in triggers(op.get_context().dialect.name, *watched):
            op.execute(sql)
    op.execute(KNOWN)


def downgrade() -> None:
    raise NotImplementedError(
        "Migrations go forward only. Restore the backup made before the upgrade instead."
    )
