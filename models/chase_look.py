"""Which cases the chase has to look at although no day says so: the database itself notes them.

A case that came, was closed or opened again, became the shop's to chase, or got money to expect. Whoever
chases takes the rows away; no row waits for another. So a night finds what is due and does not read the rest.
"""

from sqlalchemy import DDL, Index, event
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, Id


class ChaseLook(Base):
    """A case to look at in its next night."""

    __tablename__ = "chase_look"
    __table_args__ = (Index("ix_chase_look_case", "shop_id", "case_id"),)

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    shop_id: Mapped[int] = mapped_column(Id)
    case_id: Mapped[int] = mapped_column(Id)


_NOTE = "INSERT INTO chase_look (shop_id, case_id)"
_CASE = f"{_NOTE} VALUES (NEW.shop_id, NEW.id);"
_MONEY = (
    f"{_NOTE} SELECT shop_id, case_id FROM chase_state "  # noqa: S608 - names of our own
    "WHERE case_id = NEW.case_id AND reason = 'nothing_expected';"
)
WATCHED = (
    ("claim_case", "came", "INSERT", (), _CASE),
    ("claim_case", "changed", "UPDATE", ("stage", "is_agency_claim"), _CASE),
    ("expected_line", "came", "INSERT", (), _MONEY),
    ("expected_line", "changed", "UPDATE", ("amount",), _MONEY),
)
"""Table, name, what happens, the columns whose change is noted, and how."""


def statements(dialect: str) -> list[str]:
    """The SQL that makes 'sqlite' or 'postgresql' note them; the migration runs the same."""
    return [sql for watched in WATCHED for sql in _trigger(dialect, *watched)]


def _trigger(
    dialect: str, table: str, name: str, verb: str, columns: tuple[str, ...], note: str
) -> list[str]:
    of = f" OF {', '.join(columns)}" if columns else ""
    begins = f"CREATE TRIGGER {table}_chase_{name} AFTER {verb}{of} ON {table} FOR EACH ROW"
    differs = " OR ".join(f"OLD.{each} <> NEW.{each}" for each in columns)  # none of them may be NULL
    when = f" WHEN ({differs})" if columns else ""
    if dialect == "sqlite":
        return [f"{begins}{when} BEGIN {note} END"]
    function = f"{table}_chase_{name}()"
    body = f"$$ BEGIN {note} RETURN NULL; END $$"
    return [
        f"CREATE OR REPLACE FUNCTION {function} RETURNS trigger LANGUAGE plpgsql AS {body}",
        f"{begins}{when} EXECUTE FUNCTION {function}",
    ]


def watch() -> None:
    """Make `metadata.create_all` note them as the migrations do, once all the tables are there."""
    for dialect in ("sqlite", "postgresql"):
        for sql in statements(dialect):
            event.listen(
                Base.metadata, "after_create", DDL(sql.replace("%", "%%")).execute_if(dialect=dialect)
            )


watch()
