"""Least privilege on PostgreSQL: what a role of the running program, or of a reader, may do.

The role that owns the tables migrates and does nothing else. The program's own role can't change what may
only grow (entries, events, issued ledgers ...), nor any table, trigger or right: who takes the program over
can't rewrite the books. A reader only reads.
"""

from psycopg import sql
from sqlalchemy import Connection, Engine, inspect, text

from models.append_only import PROTECTED
from models.everything import metadata
from models.values import Refusal

_REVISION = "alembic_version"


def grant(engine: Engine, role: str, *, read_only: bool) -> int:
    """Give a role what it needs and take everything else; says on how many tables. Raises Refusal."""
    if engine.dialect.name != "postgresql":
        raise Refusal("Roles are PostgreSQL's; the embedded database is guarded by the rights of its folder.")
    assert metadata.tables  # the models have told which tables are protected
    with engine.begin() as connection:
        _refuse_unknown(connection, role)
        tables = sorted(inspect(connection).get_table_names())
        for statement in _statements(connection, role, tables, read_only=read_only):
            connection.exec_driver_sql(statement)
    return len(tables)


def _refuse_unknown(connection: Connection, role: str) -> None:
    found = connection.execute(
        text("SELECT rolsuper, rolname = current_user AS me FROM pg_roles WHERE rolname = :role"),
        {"role": role},
    ).one_or_none()
    make = f"CREATE ROLE {role} LOGIN PASSWORD '...'"
    if found is None:
        raise Refusal(f"There is no role {role}. Make it in psql ({make}) and run the same command again.")
    if found.rolsuper or found.me:
        raise Refusal(
            f"{role} owns the tables or may do everything: nothing can be taken from it. Make another."
        )


def _statements(connection: Connection, role: str, tables: list[str], *, read_only: bool) -> list[str]:
    def written(template: str, *names: str) -> str:
        made = sql.SQL(template).format(*map(sql.Identifier, names))
        return made.as_string(connection.connection.driver_connection)

    schema = str(connection.execute(text("SELECT current_schema()")).scalar_one())
    statements = [
        written("REVOKE ALL ON ALL TABLES IN SCHEMA {} FROM {}", schema, role),
        written("REVOKE ALL ON ALL SEQUENCES IN SCHEMA {} FROM {}", schema, role),
        written("REVOKE CREATE ON SCHEMA {} FROM PUBLIC", schema),
        written("GRANT USAGE ON SCHEMA {} TO {}", schema, role),
    ]
    for table in tables:
        rights = "SELECT" if read_only or table == _REVISION else _rights(table)
        statements.append(written(f"GRANT {rights} ON TABLE {{}}.{{}} TO {{}}", schema, table, role))
    if not read_only:
        statements.append(written("GRANT USAGE ON ALL SEQUENCES IN SCHEMA {} TO {}", schema, role))
    return statements


def _rights(table: str) -> str:
    return "SELECT, INSERT" if table in PROTECTED else "SELECT, INSERT, UPDATE, DELETE"
