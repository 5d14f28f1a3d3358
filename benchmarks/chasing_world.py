"""Shops with open claims for the benchmark of chasing, on SQLite or PostgreSQL; one in five is due tonight.

By number, without dice. Of ten claims that are due four ask whether the file arrived, three how far it is,
three remind of the day (domain 2.6); with `letters` as many of the ten have run out and get a letter
instead. The others wait for a later day; one in eight of them is paid.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import Connection, Engine, select
from sqlalchemy.orm import Session

from models import reference
from models.insurer import InsurerGroup
from models.words import ContactKind
from tests import factories

Row = tuple[object, ...]

NIGHT = date(2026, 11, 21)
GROUPS = ("人保财险", "平安产险", "太保产险")
_ACCEPTED = {"receipt": 2, "progress": 15, "reminder": 27, "letter": 32}
"""Days before the night on which the insurer accepted a claim that is due for the step."""
LATER = NIGHT + timedelta(days=10)


@dataclass(frozen=True)
class Size:
    """How many claims in how many shops; of `due_in` claims one is due."""

    cases: int
    shops: int = 1
    due_in: int = 5
    letters: int = 0

    @property
    def due(self) -> int:
        return self.cases // self.due_in

    @property
    def branches(self) -> int:
        """One for 200 due claims; each shop has its own: as many notices in however many shops."""
        return max(1, self.due // 200)

    def shop(self, case: int) -> int:
        return case // self.due_in % self.shops

    def branch(self, case: int) -> int:
        own = self.branches // self.shops
        return self.shop(case) * own + case // self.due_in // self.shops % own

    def stands(self, case: int) -> str:
        """What the claim comes to tonight."""
        if case % self.due_in:
            return "paid" if case % 8 == 1 else "waits"
        at = case // self.due_in // self.shops // (self.branches // self.shops) % 10
        if at >= 10 - self.letters:
            return "letter"
        return "receipt" if at < 4 else "progress" if at < 7 else "reminder"


def fill(engine: Engine, size: Size) -> None:
    """Write the shops down. The steps that were taken before have no notices: nobody looks at them."""
    with Session(engine) as session:
        reference.load(session)
        session.commit()
    shops, insurers = _fill_small(engine, size)
    with _without_guards(engine) as connection:
        for into, rows in _tables(size, shops, insurers):
            _pour(connection, into, rows)
    with engine.connect() as connection:
        connection.execution_options(isolation_level="AUTOCOMMIT").exec_driver_sql(
            _COUNTED[engine.dialect.name]
        )


_COUNTED = {"postgresql": "VACUUM ANALYZE", "sqlite": "ANALYZE"}
"""What the database does by itself before the next night."""


def _fill_small(engine: Engine, size: Size) -> tuple[list[int], list[int]]:
    with Session(engine) as session:
        groups = session.scalars(select(InsurerGroup.name).where(InsurerGroup.name.in_(GROUPS))).all()
        shops = [factories.add_shop(session, code=f"S{n:04}", name=f"第{n}店") for n in range(size.shops)]
        insurers = []
        for n in range(size.branches):
            name = f"{groups[n % len(groups)]}第{n:05}支公司"
            insurers.append(factories.add_insurer(session, name, groups[n % len(groups)]).id)
            shop = shops[n // (size.branches // size.shops) % size.shops]
            factories.add_contact(session, shop, ContactKind.INSURER, name)
        session.commit()
        return [shop.id for shop in shops], insurers


@contextmanager
def _without_guards(engine: Engine) -> Iterator[Connection]:
    """Neither triggers nor foreign keys while the world is made: it is whole by construction."""
    if engine.dialect.name == "postgresql":
        with engine.begin() as connection:
            connection.exec_driver_sql("SET LOCAL session_replication_role = replica")
            yield connection
        return
    with engine.connect() as connection:
        connection.exec_driver_sql("COMMIT")
        connection.exec_driver_sql("PRAGMA foreign_keys = OFF")
        connection.exec_driver_sql("BEGIN")
        yield connection
        for notes in ("case_change", "chase_look"):
            connection.exec_driver_sql(f"DELETE FROM {notes}")  # noqa: S608 - two names of our own
        connection.exec_driver_sql("COMMIT")
        connection.exec_driver_sql("PRAGMA foreign_keys = ON")
        connection.exec_driver_sql("BEGIN")


def _pour(connection: Connection, into: str, rows: Iterable[Row]) -> None:
    """Hand rows over as they are made; `into` is a table with its columns."""
    driver = connection.connection.cursor()
    if connection.dialect.name == "postgresql":
        with driver.copy(f"COPY {into} FROM STDIN") as copy:
            for row in rows:
                copy.write_row(row)
    else:
        marks = ", ".join("?" for _ in into.split(","))
        plain = (tuple(str(each) if isinstance(each, date) else each for each in row) for row in rows)
        driver.executemany(f"INSERT INTO {into} VALUES ({marks})", plain)  # noqa: S608 - names of our own
    driver.close()


def _tables(size: Size, shops: Sequence[int], insurers: Sequence[int]) -> Iterator[tuple[str, Iterable[Row]]]:
    def each(row: Callable[[int], Iterable[Row]]) -> Iterator[Row]:
        return (made for case in range(1, size.cases + 1) for made in row(case))

    def shop(case: int) -> int:
        return shops[size.shop(case)]

    yield (
        "work_order (id, shop_id, work_order_no, plate_no)",
        each(lambda n: [(n, shop(n), f"PG{n}", plate(n))]),
    )
    yield (
        "claim_case (id, shop_id, claim_no, work_order_id, is_lead, stage, is_agency_claim, insured_name, "
        "plate_no, insurer_id, report_no, file_handover_date, insurer_accepted_date, authorised_by)"
    ), each(
        lambda n: [(
            n, shop(n), f"LP2026-{n:07}", n, True, "payout", True, f"王{n}", plate(n),
            insurers[size.branch(n)], f"RDAA2026320500{n:08}", accepted(size, n), accepted(size, n), "王敏",
        )]
    )  # fmt: skip
    yield "expected_line (id, case_id, work_order_id, cover, kind, amount)", each(_lines)
    yield (
        "payout (case_id, expected_line_id, amount, received_on, state, origin)",
        each(lambda n: _payouts(size, n)),
    )
    yield (
        (
            "deadline (shop_id, case_id, rule_code, cover, round_no, started_on, due_on, state, "
            "stopped_days, estimate, provisional, source, inputs, computed_on)"
        ),
        each(lambda n: _clocks(size, n, shop(n))),
    )
    yield (
        ("chase_step (shop_id, case_id, cover, step, round_no, taken_on, open_amount, notice_occasion)"),
        each(
            lambda n: [
                (shop(n), n, "车损", step, 0, on, owed(n), f"before:{n}:{step}")
                for step, on in _taken(size, n)
            ]
        ),
    )
    yield (
        "chase_state (case_id, shop_id, step, reason, open_amount, since, look_again_on)"
    ), each(lambda n: [_state(size, n, shop(n))])  # fmt: skip


def plate(case: int) -> str:
    return f"苏{'ABCDEFGHJKLMNPQRSTUVWXYZ'[case // 100_000]}{case % 100_000:05}"


def owed(case: int) -> int:
    """Fen that the insurer owes on the own damage of a claim, whole yuan from 200 to 9,200."""
    return 100 * (200 + case * 7919 % 9000)


def accepted(size: Size, case: int) -> date:
    """Some were not looked at on their day: the steps of a night hang on many different days."""
    late = case // size.due_in % 7 if case % size.due_in == 0 else 0
    return NIGHT - timedelta(days=_ACCEPTED.get(size.stands(case), 5) + late)


def _lines(case: int) -> Iterator[Row]:
    """Every fourth claim has a second cover, which is paid already."""
    yield 2 * case, case, case, "车损", "own_repair", owed(case)
    if case % 4 == 0:
        yield 2 * case + 1, case, case, "三者", "other_agency", 50_000


def _payouts(size: Size, case: int) -> Iterator[Row]:
    on = NIGHT - timedelta(days=1)
    if size.stands(case) == "paid":
        yield case, 2 * case, owed(case), on, "evidenced", f"bench:{case}"
    if case % 4 == 0:
        yield case, 2 * case + 1, 50_000, on, "evidenced", f"bench:{case}:2"


def _clocks(size: Size, case: int, shop: int) -> Iterator[Row]:
    """Four clocks, as the night computes them for a claim that was accepted and not yet agreed upon."""
    began = accepted(size, case)
    for rule, days, estimate, source in (
        ("advance_payment", 60, False, "保险法 25"),
        ("decision", 30, False, "保险法 23(1)；最高法保险解释(二) 15"),
        ("limitation", 720, True, "保险法 26(1)"),
        ("payment", 40, True, "保险法 23(1)"),
    ):
        due = began + timedelta(days=days)
        state, inputs = "missed" if due < NIGHT else "running", f'{{"raw_due_on": "{due}", "open_amount": 5}}'
        yield shop, case, rule, "车损", 0, began, due, state, 0, estimate, False, source, inputs, began


def _taken(size: Size, case: int) -> list[tuple[int, date]]:
    """The steps taken before tonight, with their days."""
    began, stands = accepted(size, case), size.stands(case)
    steps = {"receipt": 0, "progress": 1, "reminder": 2, "letter": 3, "waits": 1, "paid": 1}[stands]
    return [(step, began + timedelta(days=days)) for step, days in ((0, 2), (1, 15), (2, 26))][:steps]


def _state(size: Size, case: int, shop: int) -> Row:
    stands, taken = size.stands(case), _taken(size, case)
    step, since = (taken[-1][0], taken[-1][1]) if taken else (None, accepted(size, case))
    if stands == "paid":
        return case, shop, step, "paid", 0, since, None
    reason = None if taken else "not_due"
    look = LATER if stands == "waits" else NIGHT
    return case, shop, step, reason, owed(case), since, look
