"""From PostgreSQL to the ledger's file, against a bare fetch of the same rows (goal L5: at most 3.5 times).

    python -m benchmarks.ledger_database [--rows 100000] [--cases 10000] [--times 3]

CPU of client and server, the sides by turns in one run. The bare side fetches a table of the form's 42
columns with psycopg, binary, by a server cursor, and does nothing with the rows; "written" sends the same
rows through our writer into a file. "The whole job" begins with a shop's tables instead (cases, repairs,
lines, payouts, receipts, entries): it picks the cases of the month, decides every cell, writes all sheets.
Every cell of the written file, and the job's claim numbers and four amounts, are read back and compared in
the same run.
"""

import argparse
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psycopg
from openpyxl.workbook import Workbook
from python_calamine import CalamineWorkbook
from sqlalchemy import Engine, text
from sqlalchemy.orm import Session

import worker.run  # noqa: F401 - a job runs under its settings
from benchmarks import server_cpu
from benchmarks.ledger_rows import DAY, KINDS, WIDTHS
from migrations.schema import upgrade
from models.values import Period
from tasks.ledgers.columns import FORM_COLUMNS, Kind
from tasks.ledgers.layout import rows_xml
from tasks.ledgers.making import book_of_month
from tasks.ledgers.pen import Pen, Stream
from tasks.ledgers.seal import seal_into
from tasks.ledgers.strings import Strings
from tasks.ledgers.styles import add_styles
from tasks.ledgers.workbook import workbook_bytes
from tests import servers
from worker import db
from worker.job import Night

MOST = 3.5
_FILLING = Path(__file__).with_suffix(".sql")
_TYPES = {Kind.MONEY: "bigint", Kind.DATE: "date", Kind.YES_NO: "boolean"}
_VALUES = {
    Kind.MONEY: "(n * 7919 + {place} * 104729) % 2000000",
    Kind.DATE: "date '2026-11-21' - ((n * 13 + {place}) % 400)",
    Kind.YES_NO: "n % 5 > 0",
    Kind.TEXT: "'{heading}' || lpad(((n * 31 + {place}) % 997)::text, 3, '0')",
}
_OWN = {0: "'LP2026-' || lpad(n::text, 7, '0')", 10: "'RDAA2026320700' || lpad(n::text, 8, '0')"}


def main() -> int:
    asked = argparse.ArgumentParser()
    asked.add_argument("--rows", type=int, default=100_000)
    asked.add_argument("--cases", type=int, default=10_000)
    asked.add_argument("--times", type=int, default=3)
    given = asked.parse_args()
    with _filled(given.rows, given.cases) as (url, engine), tempfile.TemporaryDirectory() as folder:
        written, whole = Path(folder) / "written.xlsx", Path(folder) / "whole.xlsx"
        ways: dict[str, Callable[[], None]] = {
            "bare fetch": lambda: _fetch(engine),
            "written": lambda: _write(engine, written, given.rows),
            "the whole job": lambda: _build(engine, whole),
        }
        costs = {way: list[float]() for way in ways}
        for _ in range(given.times):
            for way, work in ways.items():
                before = _used(url)
                work()
                costs[way].append(_used(url) - before)
        wrong = _wrong_cells(engine, written) + _wrong_amounts(engine, whole)
    count = {"the whole job": given.cases}
    each = {way: statistics.median(spent) / count.get(way, given.rows) for way, spent in costs.items()}
    say(f"{given.rows:,} rows, {given.cases:,} cases, median of {given.times}; cells wrong: {wrong}")
    for way, seconds in each.items():
        ratio = f"{seconds / each['bare fetch']:8.2f}x the fetch"
        say(f"  {way:<14}{seconds * 1e6:8.1f} us CPU a row, client and server{ratio}")
    say(f"  goal: written at most {MOST}x")
    return 0 if each["written"] <= MOST * each["bare fetch"] and not wrong else 1


def _used(url: str) -> float:
    return time.process_time() + server_cpu.used(url)


@contextmanager
def _filled(rows: int, cases: int) -> Iterator[tuple[str, Engine]]:
    with servers.postgres() as server, servers.database(server) as url:
        engine = db.make_engine(url)
        upgrade(engine)
        with engine.begin() as connection:
            for sql in _FILLING.read_text(encoding="utf-8").split(";\n")[:-1]:
                connection.execute(text(sql), {"n": cases} if ":n" in sql else {})
            for sql in _table(rows):
                connection.execute(text(sql))
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("VACUUM ANALYZE"))
        yield url, engine
        engine.dispose()


def _table(count: int) -> tuple[str, str]:
    """The statements that make the table of the form's columns, and fill it."""
    columns = ", ".join(f"{each.field} {_TYPES.get(each.kind, 'text')}" for each in FORM_COLUMNS)
    values = [
        _OWN.get(place, _VALUES[each.kind].format(place=place, heading=each.heading))
        for place, each in enumerate(FORM_COLUMNS)
    ]
    return f"CREATE TABLE bench ({columns})", (
        f"INSERT INTO bench SELECT {', '.join(values)} FROM generate_series(1, {count}) n"  # noqa: S608 - our own words
    )


@contextmanager
def _rows(engine: Engine) -> Iterator[Iterator[Sequence[Any]]]:
    with engine.connect() as connection:
        driver = connection.connection.driver_connection
        assert isinstance(driver, psycopg.Connection)
        with closing(driver.cursor("bench", binary=True)) as cursor:
            cursor.itersize = 2000
            yield iter(cursor.execute("SELECT * FROM bench"))


def _fetch(engine: Engine) -> None:
    with _rows(engine) as rows:
        for _ in rows:
            pass


def _write(engine: Engine, file: Path, count: int) -> None:
    workbook = Workbook()
    workbook.remove(workbook.worksheets[0])
    add_styles(workbook)
    pen, strings = Pen(workbook.create_sheet("台账")), Strings()
    pen.text(count + 1, 1, "合计")
    writer = rows_xml(pen, WIDTHS, strings, KINDS)
    with _rows(engine) as rows, file.open("wb") as stream:
        pen.streams.append(Stream(count + 1, writer.chunks(rows, 1)))
        seal_into(stream, workbook, {"台账": pen}, strings, DAY)


def _build(engine: Engine, file: Path) -> None:
    at = datetime(2026, 11, 21, 18, tzinfo=UTC)
    with Session(engine) as session:
        book = book_of_month(session, Night(DAY, 1, "BENCH", "system", at), Period.of(DAY))
    file.write_bytes(workbook_bytes(book))


def _wrong_cells(engine: Engine, file: Path) -> int:
    """How many cells of the file are otherwise than in the table."""
    read = CalamineWorkbook.from_path(str(file)).get_sheet_by_name("台账").to_python()
    with _rows(engine) as rows:
        return sum(
            _seen(cell, kind) != value
            for cells, values in zip(read, rows, strict=False)
            for cell, kind, value in zip(cells, KINDS, values, strict=True)
        ) + sum(1 for _ in rows)


def _wrong_amounts(engine: Engine, file: Path) -> int:
    """How many claim numbers and amounts of the job's file are not what the tables say."""
    sql = text(
        "SELECT claim_no, repair_net_amount, line.amount, came.amount, CASE WHEN came.amount > 0 THEN "
        "greatest(0, 6000 + came.amount - repair_net_amount) END FROM claim_case "
        "JOIN work_order ON work_order.id = work_order_id JOIN expected_line line ON case_id = claim_case.id "
        "LEFT JOIN payout came ON expected_line_id = line.id ORDER BY claim_no"
    )
    with engine.connect() as connection:
        known = [tuple(row) for row in connection.execute(sql)]
    read = CalamineWorkbook.from_path(str(file)).get_sheet_by_name("台账").to_python()[5 : 5 + len(known)]
    seen = [(row[0], *(_seen(row[place], Kind.MONEY) for place in (17, 18, 34, 36))) for row in read]
    return sum(a != (b or None) for a, b in zip(seen, known, strict=True))


def _seen(value: object, kind: Kind) -> object:
    if kind is Kind.MONEY:
        return round(value * 100) if isinstance(value, int | float) else None
    if kind is Kind.DATE:
        return value.date() if isinstance(value, datetime) else value
    return {"是": True, "否": False}.get(str(value)) if kind is Kind.YES_NO else value


def say(line: str) -> None:
    sys.stdout.write(line + "\n")


if __name__ == "__main__":
    sys.exit(main())
