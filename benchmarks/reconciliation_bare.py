"""The bare ways to match: what PostgreSQL does alone, and one query per line. See reconciliation_matching."""

from collections.abc import Iterable

import psycopg
from sqlalchemy import Engine, func, select, text
from sqlalchemy.orm import Session

from benchmarks import reconciliation_world as world
from models.case import Case, ExpectedLine
from models.insurer import Insurer

_KEYED = "CREATE TEMP TABLE came (line bigint, key text, insurer text, amount bigint) ON COMMIT DROP"
_AS_THEY_COME = """
    CREATE TEMP TABLE came (line bigint, booked_on date, payer text, memo text, amount bigint) ON COMMIT DROP
"""
_ON = """
    SELECT line, id FROM came JOIN bare_expected AS e
        ON e.{} = came.key AND e.insurer = came.insurer AND e.amount = came.amount
"""
_REFUSED = """
    SELECT min(line), id FROM (
        SELECT line, min(id) AS id FROM ({}) AS pair GROUP BY line HAVING count(*) = 1
    ) AS one GROUP BY id HAVING count(*) = 1
"""
"""Of pairs of line and claim those in which neither has another."""
_SEARCHED = """
    WITH owed AS MATERIALIZED (
        SELECT c.id, c.plate_no, c.report_no, i.name AS insurer, sum(e.amount) AS owed FROM claim_case c
        JOIN insurer i ON i.id = c.insurer_id JOIN expected_line e ON e.case_id = c.id GROUP BY c.id, i.name
    ), key AS MATERIALIZED (
        SELECT line, amount, payer, booked_on,
            substring(replace(memo, '·', '') from '[京沪苏浙皖][A-Z][A-Z0-9]{5}') AS plate,
            substring(upper(memo) from '报案号([A-Z0-9]+)') AS report
        FROM came
    )
    SELECT line, id, amount, booked_on FROM key JOIN owed
        ON plate = plate_no AND insurer = payer AND owed = amount
    UNION ALL SELECT line, id, amount, booked_on FROM key JOIN owed
        ON report = report_no AND insurer = payer AND owed = amount
"""
_WRITTEN = """
    INSERT INTO match (shop_id, kind, state, reason, rule, rank, score, run_token, evidence, occasion,
        decided_on, decided_by, decided_at)
        SELECT 1, 'payout', 'applied', 'exact', 'bare', 1, 100, 'bare',
            jsonb_build_object('claim', id, 'amount', amount),
            'payout:L' || line || '=' || id || ':' || amount, DATE '2026-11-21', 'bare', now() FROM pairs;
    INSERT INTO match_part (match_id, bank_line_id, case_id, amount)
        SELECT m.id, line, p.id, amount FROM pairs p
        JOIN match m ON m.occasion = 'payout:L' || line || '=' || p.id || ':' || amount;
    INSERT INTO payout (case_id, expected_line_id, amount, received_on, state, recorded_by, match_id, origin)
        SELECT case_id, case_id, amount, DATE '2026-11-20', 'evidenced', 'bare', match_id, 'match:' || id
        FROM match_part;
    INSERT INTO entry (shop_id, work_order_id, kind, debit, credit, amount, value_date, business_date,
        occasion, recorded_by, recorded_at)
        SELECT 1, case_id, 'payout', 'bank', 'customer_owes', amount, DATE '2026-11-20', DATE '2026-11-21',
            'bare:' || id, 'bare', now() FROM match_part;
    INSERT INTO event (shop_id, case_id, work_order_id, kind, rule, inputs, business_date, by, recorded_at)
        SELECT 1, case_id, case_id, 'payout_matched', 'bare',
            jsonb_build_object('match', match_id, 'amount', amount), DATE '2026-11-21', 'bare', now()
        FROM match_part;
    UPDATE bank_line SET outcome = 'matched', reason = 'exact' FROM pairs WHERE bank_line.id = pairs.line;
    UPDATE claim_case SET stage = 'payout' FROM pairs WHERE claim_case.id = pairs.id;
    UPDATE work_order SET settle_on = DATE '2026-11-21' FROM pairs WHERE work_order.id = pairs.id
"""


def prepare(engine: Engine, claims: int) -> None:
    """The expected lines with what names them: what the bare joins read."""
    columns = "id bigint, claim_no text, plate text, report text, insurer text, amount bigint"
    with engine.begin() as connection:
        connection.execute(text(f"CREATE TABLE bare_expected ({columns})"))
        with connection.connection.cursor() as cursor:
            rows = (
                (n, f"LP{n:06}", world.plate(n), world.report_no(n), world.insurer(n), world.owed(n))
                for n in range(1, claims + 1)
            )
            world.copy(cursor, "bare_expected", rows)
        connection.execute(text("ANALYZE bare_expected"))


def joined(engine: Engine, lines: int) -> dict[int, int]:
    """COPY the lines with the plate or report number of each, join, and refuse what is ambiguous.

    Refused are a line of two claims and a claim of two lines, as ours does.
    """
    keys = (line_key(n) for n in range(1, lines + 1))
    return _joined(engine, keys, _REFUSED.format(f"{_ON.format('plate')} UNION ALL {_ON.format('report')}"))


def joined_by_number(engine: Engine, lines: int) -> dict[int, int]:
    """The same with an easier question: each line has the claim's own number, which no bank writes, once."""
    keys = (f"LP{2 * n:06}" if world.names(n) else "" for n in range(1, lines + 1))
    return _joined(engine, keys, _ON.format("claim_no"))


def line_key(line: int) -> str:
    """What a line names its claim by."""
    if not world.names(line):
        return ""
    return world.report_no(2 * line) if line % 3 == 1 else world.plate(2 * line)


def _joined(engine: Engine, keys: Iterable[str], statement: str) -> dict[int, int]:
    with engine.begin() as connection, connection.connection.cursor() as cursor:
        cursor.execute(_KEYED)
        rows = ((n, key, world.payer(n), world.amount(n)) for n, key in enumerate(keys, 1))
        world.copy(cursor, "came", rows)
        return _pairs(cursor, statement)


def searched(engine: Engine, lines: int) -> dict[int, int]:
    """COPY the lines as a bank writes them; find the keys in their remarks, and join."""
    with engine.begin() as connection, connection.connection.cursor() as cursor:
        _copy_lines(cursor, lines)
        cursor.execute(_SEARCHED)
        return {line: claim for line, claim, *_ in cursor.fetchall()}


def written(engine: Engine, lines: int) -> dict[int, int]:
    """The same, and as many rows as ours writes, by one INSERT ... SELECT each; all of it taken back."""
    with engine.connect() as connection, connection.connection.cursor() as cursor:
        _copy_lines(cursor, lines)
        cursor.execute("CREATE TEMP TABLE pairs ON COMMIT DROP AS " + _SEARCHED)
        cursor.execute(_WRITTEN)
        found = _pairs(cursor, "SELECT line, id FROM pairs")
        connection.rollback()
        return found


def _copy_lines(cursor: psycopg.Cursor, lines: int) -> None:
    cursor.execute(_AS_THEY_COME)
    world.copy(
        cursor, "came",
        ((n, world.booked_on(n), world.payer(n), world.memo(n), world.amount(n))
         for n in range(1, lines + 1)),
    )  # fmt: skip


def _pairs(cursor: psycopg.Cursor, statement: str) -> dict[int, int]:
    return dict(cursor.execute(statement.encode()).fetchall())


def one_by_one(engine: Engine, lines: int) -> dict[int, int]:
    """As others do it: an ORM query for every line, by its claim's number, insurer and amount.

    Its keys are handed to it, the lines are not read, and nobody asks what was paid before or who else asks.
    """
    found = {}
    with Session(engine) as session:
        for line in range(1, lines + 1):
            claims = session.scalars(
                select(Case)
                .join(ExpectedLine, ExpectedLine.case_id == Case.id)
                .join(Insurer, Insurer.id == Case.insurer_id)
                .where(Case.plate_no == world.plate(2 * line), Case.claim_no == f"LP{2 * line:06}")
                .where(Insurer.name == world.payer(line))
                .group_by(Case.id)
                .having(func.sum(ExpectedLine.amount) == world.amount(line))
            ).all()
            if len(claims) == 1 and world.names(line):
                found[line] = claims[0].id
            session.expunge_all()
    return found
