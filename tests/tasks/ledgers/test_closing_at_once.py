"""Two people who close one month at the same moment."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime
from threading import Barrier

import pytest
from sqlalchemy import insert, select

from models.ledger import LedgerClose
from models.run import Seat
from models.values import Refusal
from tests import factories
from worker import db
from worker.run import run
from worker.seat import Order


@pytest.mark.usefixtures("database")
def test_of_two_who_close_a_month_at_once_one_is_told_that_the_other_did() -> None:
    with db.transaction() as session:
        code = factories.add_shop(session).code
        proof = {"job": "prove_money", "business_date": date(2026, 11, 1), "scope": code, "lease_token": "t"}
        session.execute(insert(Seat).values(**proof, taken_at=datetime(2026, 11, 2, tzinfo=UTC)))
    together = Barrier(2)

    def close(day: int) -> str:
        given = {"month": "2026-10", "role": "manager", "is_first": True}
        order = Order(
            "close_period", date(2026, 11, day), code, f"ledger:{day}", f"经理{day}", parameters=given
        )
        together.wait()
        try:
            run(order)
        except Refusal as refusal:
            return str(refusal)
        return "closed"

    with ThreadPoolExecutor(2) as pool:
        said = sorted(pool.map(close, (3, 4)))

    with db.reading() as session:
        closes = session.scalars(select(LedgerClose.number)).all()
    assert closes == ["TZ-2026-0001"]
    assert "2026-10 was closed on" in said[0]
    assert said[1] == "closed"
