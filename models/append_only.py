"""Tables that may only grow: the database itself refuses to change or delete their rows."""

from collections.abc import Callable, Sequence

from sqlalchemy import DDL, FromClause, Table, event


def statements(table: str, dialect: str) -> list[str]:
    """The SQL that protects `table` on 'sqlite' or 'postgresql'; migrations run the same."""
    if dialect == "sqlite":
        return [
            f"CREATE TRIGGER {table}_no_{verb} BEFORE {verb.upper()} ON {table} "
            f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
            for verb in ("update", "delete")
        ]
    body = f"BEGIN RAISE EXCEPTION '{table} is append-only'; END"
    name = f"{table}_append_only"
    return [
        f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ {body} $$",
        f"CREATE TRIGGER {name} BEFORE UPDATE OR DELETE ON {table} FOR EACH ROW EXECUTE FUNCTION {name}()",
    ]


PROTECTED: set[str] = set()
"""The tables that may only grow, by name; complete once `models.everything` is imported."""


def protect(table: FromClause) -> None:
    """Make `metadata.create_all` protect the table as the migrations do."""
    assert isinstance(table, Table)
    PROTECTED.add(table.name)
    run_after_create(table, statements)


def run_after_create(table: FromClause, of: Callable[[str, str], Sequence[str]]) -> None:
    """Make `metadata.create_all` run the statements `of(table, dialect)` once the table is there."""
    assert isinstance(table, Table)
    for dialect in ("sqlite", "postgresql"):
        for sql in of(table.name, dialect):
            event.listen(table, "after_create", DDL(sql.replace("%", "%%")).execute_if(dialect=dialect))
