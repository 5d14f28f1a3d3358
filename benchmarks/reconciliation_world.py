"""A large shop on PostgreSQL for the benchmarks of matching: open claims, and bank lines that pay them.

Of a hundred lines 85 name their claim by plate or report number and pay it to the fen; five pay too little,
ten name no claim of ours. Every tenth car has two open claims. By number, without dice: the truth is known.
"""

from collections.abc import Iterable
from datetime import date, timedelta

import psycopg
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from models import reference
from models.insurer import InsurerGroup
from models.remark import one_key
from tests import factories

Row = tuple[object, ...]

GROUPS = {"PICC": "人保财险苏州市分公司", "PAIC": "平安产险苏州中心支公司", "CPIC": "太保产险苏州分公司"}
FIRST = date(2026, 9, 1)
NIGHT = date(2026, 11, 21)
_CODES = tuple(GROUPS)
_LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ"


def plate(claim: int) -> str:
    """The car of a claim; every tenth claim is of the car before it."""
    car = claim - (claim % 10 == 9)
    return f"苏{_LETTERS[car // 100_000]}{car % 100_000:05}"


def report_no(claim: int) -> str:
    """A number as the claim's insurer writes them."""
    group = _CODES[claim % len(_CODES)]
    return {
        "PICC": f"RDAA202632050000{claim:08}", "PAIC": f"9{claim:020}", "CPIC": f"4{claim:021}",
    }[group]  # fmt: skip


def owed(claim: int) -> int:
    """Fen that the insurer owes on a claim, whole yuan from 200 to 9,200."""
    return 100 * (200 + claim * 7919 % 9000)


def pays(line: int) -> int | None:
    """The claim that a line pays to the fen, or None; every second claim is paid."""
    return 2 * line if line % 20 not in (3, 7, 13) else None


def amount(line: int) -> int:
    return owed(2 * line) - (9_000 if line % 20 == 3 else 0)


def payer(line: int) -> str:
    return insurer(2 * line)


def insurer(claim: int) -> str:
    """The branch that pays a claim, by name."""
    return GROUPS[_CODES[claim % len(_CODES)]]


def names(line: int) -> bool:
    """Whether it says which claim it pays."""
    return line % 20 not in (7, 13)


def memo(line: int) -> str:
    """A plate or a report number among words; of lines that name nothing of ours another car's plate."""
    claim = 2 * line
    if not names(line):
        return f"赔款 浙A{line % 100_000:05} 理赔"
    number = plate(claim)
    ways = (f"车险赔款 {number}", f"理赔款报案号{report_no(claim)}", f"{number[:2]}·{number[2:]}赔款支付")
    return ways[line % len(ways)]


def booked_on(line: int) -> date:
    return FIRST + timedelta(days=30 + line % 50)


def fill(engine: Engine, claims: int, lines: int) -> int:
    """Write the shop down; returns its id."""
    with Session(engine) as session:
        reference.load(session)
        shop = factories.add_shop(session, code="LARGE", name="大店")
        account = factories.add_account(session, shop)
        file = factories.add_file(session, shop)
        groups = dict(session.execute(select(InsurerGroup.code, InsurerGroup.id)).tuples().all())
        insurers = [
            factories.add_insurer(session, GROUPS[code], _name(session, groups[code])) for code in _CODES
        ]
        shop_id, ids = shop.id, [insurer.id for insurer in insurers]
        where = (shop_id, account.id, file.id)
        session.commit()
    with engine.connect() as connection, connection.connection.cursor() as cursor:
        copy(cursor, "work_order (id, shop_id, work_order_no, plate_no)",
              ((n, shop_id, f"PG{n}", plate(n)) for n in range(1, claims + 1)))  # fmt: skip
        copy(
            cursor,
            "claim_case (id, shop_id, claim_no, work_order_id, is_lead, stage, is_agency_claim, "
            "insured_name, plate_no, insurer_id, report_no, insurer_accepted_date, settlement_agreed_on)",
            ((n, shop_id, f"LP{n:06}", n, True, "submitted", True, f"王{n}", plate(n), ids[n % len(ids)],
              report_no(n), FIRST, FIRST + timedelta(days=n % 25)) for n in range(1, claims + 1)),
        )  # fmt: skip
        copy(cursor, "expected_line (id, case_id, work_order_id, cover, kind, amount)",
              ((n, n, n, "未分", "own_repair", owed(n)) for n in range(1, claims + 1)))  # fmt: skip
        copy(
            cursor,
            "bank_line (id, shop_id, account_id, file_id, row, booked_on, amount, payer, payer_account, "
            "memo, search_text, remark_key, remark_words, identity, raw, outcome)",
            ((n, *where, n + 1, booked_on(n), amount(n), payer(n), "", memo(n), memo(n),
              *(one_key(memo(n)) or (None, None)), f"S{n}", "[]", "open") for n in range(1, lines + 1)),
        )  # fmt: skip
        connection.connection.commit()
    with engine.connect() as connection:
        connection.execution_options(isolation_level="AUTOCOMMIT").exec_driver_sql(
            "ANALYZE work_order, claim_case, expected_line, bank_line"
        )
    return shop_id


def _name(session: Session, group_id: int) -> str:
    return session.get_one(InsurerGroup, group_id).name


def copy(cursor: psycopg.Cursor, into: str, rows: Iterable[Row]) -> None:
    """Hand rows over as they are made."""
    with cursor.copy(f"COPY {into} FROM STDIN") as copy:
        for row in rows:
            copy.write_row(row)
