"""Multiply what some repairs left behind: the same rows under other numbers, names and days (PostgreSQL)."""

from typing import Any

from sqlalchemy import Column, Connection, Date, String, Table, UniqueConstraint, text

from models.base import Utc
from models.everything import metadata

APART = 10_000
"""Between the number of a row and that of its copy; the patterns have fewer rows."""

DAYS = 1_000
"""Over so many days before their own the copies are spread."""

HOUSE = frozenset({
    "alembic_version", "bank_account", "business_day", "chase_plan", "insurer", "insurer_alias",
    "insurer_group", "interest_rate", "ladder_level", "ledger_build", "legal_rule", "recording",
    "report_pattern", "run", "seat", "sequence", "setting", "shop", "sign_of_life", "staff", "staff_session",
})  # fmt: skip
"""What a house has once, however many repairs it did."""

_UNNAMED = {("past_row", "work_order_id"), ("past_row", "row_id")}
"""Numbers of other rows that no foreign key tells."""


def multiply(connection: Connection, copies: int, shops: int) -> None:
    """Copy every repair so many times, over the shops in turn."""
    connection.execute(text("SET LOCAL session_replication_role = replica"))  # triggers noted it once
    for table in metadata.sorted_tables:
        if table.name not in HOUSE:
            _multiply(connection, table, copies, shops)


def _multiply(connection: Connection, table: Table, copies: int, shops: int) -> None:
    names = ", ".join(f'"{column.name}"' for column in table.columns)
    values = ", ".join(_copied(table, column, shops) for column in table.columns)
    many = f'FROM "{table.name}" AS o, generate_series(1, :copies) AS k'
    if "shop_id" in table.columns:  # the patterns lived in the first shop
        many += " WHERE o.shop_id = 1"
    into = f'INSERT INTO "{table.name}" ({names}) SELECT {values} {many}'
    connection.execute(text(into), {"copies": copies})
    if "id" in table.columns:
        last = f'SELECT max(id) FROM "{table.name}"'  # noqa: S608 - our own names
        sequence = f"pg_get_serial_sequence('{table.name}', 'id')"
        connection.execute(text(f"SELECT setval({sequence}, greatest(({last}), 1))"))


def _copied(table: Table, column: Column[Any], shops: int) -> str:
    """What stands in a column of the copy number k."""
    own = f'o."{column.name}"'
    if column.name in ("shop_id", "account_id"):  # a shop has one account, of the same number
        return f"1 + k % {shops}"
    if _tells_a_row(table, column):
        return f"{own} + k * {APART}"
    if column.name == "plate_no":
        letters = "chr(65 + k / 26000) || chr(65 + k / 1000 % 26)"
        made = f"'苏' || {letters} || lpad((k % 1000)::text, 3, '0') || right({own}, 2)"
        return f"CASE WHEN {own} = '' THEN '' ELSE {made} END"
    if column.name == "report_no":
        return f"left({own}, 12) || lpad(k::text, 6, '0') || right({own}, 4)"
    if column.name == "sha256":
        return f"right({own}, 40) || '~' || k"
    if isinstance(column.type, String) and _is_unique(table, column):
        return f"{own} || '~' || k"
    if isinstance(column.type, (Date, Utc)):
        return f"{own} - k % {DAYS} * interval '1 day'"
    return own


def _tells_a_row(table: Table, column: Column[Any]) -> bool:
    if (table.name, column.name) in _UNNAMED or column.name == "id":
        return True
    return any(key.column.table.name not in HOUSE for key in column.foreign_keys)


def _is_unique(table: Table, column: Column[Any]) -> bool:
    together = [each for each in table.constraints if isinstance(each, UniqueConstraint)]
    return bool(column.unique) or any(column.name in each.columns for each in together)
