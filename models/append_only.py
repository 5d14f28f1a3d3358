"""Tables that may only grow: the database itself refuses to change or delete their rows."""

from sqlalchemy import DDL, FromClause, Table, event


def statements(table: str, dialect: str) -> list[str]:
    """The SQL that protects `table` on 'sqlite' or 'postgresql'; migrations run the same."""
    if dialect == "sqlite":
        return [
            f"CREATE TRIGGER {table}_no_{verb} BEFORE {verb.upper()} ON {table} "
            f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
            for verb in ("update", "delete")
        ]
    return [
        f"CREATE OR REPLACE FUNCTION {table}_append_only() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{table} is append-only'; END $$",
        f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON {table} "
        f"FOR EACH ROW EXECUTE FUNCTION {table}_append_only()",
    ]


def protect(table: FromClause) -> None:
    """Make `metadata.create_all` protect the table as the migrations do."""
    assert isinstance(table, Table)  # noqa: S101 - a declarative __table__ always is; tells the type checker
    for dialect in ("sqlite", "postgresql"):
        for sql in statements(table.name, dialect):
            event.listen(table, "after_create", DDL(sql.replace("%", "%%")).execute_if(dialect=dialect))
