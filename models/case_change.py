"""Which cases have to be looked at again: the database itself notes every change of what clocks rest on.

A row without a day is a change that has just happened; one with a day is a fact that lies in the future.
Whoever computes the clocks takes the rows away. Nothing is added up here and no row waits for another, so
that two who change the same case never stand in each other's way.
"""

from datetime import date

from sqlalchemy import DDL, Index, event
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, Id

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
"""The columns whose change is noted, by table."""

NOTE_ITSELF = "INSERT INTO case_change (shop_id, case_id) VALUES (NEW.shop_id, NEW.id);"
NOTE_ITS_CASE = (
    "INSERT INTO case_change (shop_id, case_id) SELECT shop_id, id FROM claim_case WHERE id = NEW.case_id;"
)


class CaseChange(Base):
    """A case to look at again, at once or on a day."""

    __tablename__ = "case_change"
    __table_args__ = (Index("ix_case_change_look_on", "shop_id", "look_on"),)

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    shop_id: Mapped[int] = mapped_column(Id)
    case_id: Mapped[int] = mapped_column(Id)
    look_on: Mapped[date | None]


def statements(table: str, dialect: str) -> list[str]:
    """The SQL that makes 'sqlite' or 'postgresql' note the changes of `table`; migrations run the same."""
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


def watch() -> None:
    """Make `metadata.create_all` note changes as the migrations do, once all the tables are there."""
    for dialect in ("sqlite", "postgresql"):
        for table in WATCHED:
            for sql in statements(table, dialect):
                event.listen(
                    Base.metadata, "after_create", DDL(sql.replace("%", "%%")).execute_if(dialect=dialect)
                )


watch()
