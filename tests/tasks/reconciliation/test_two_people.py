"""Two people who reconcile one shop at the same moment, on a real PostgreSQL: one wins, nothing is doubled."""

from collections.abc import Callable
from datetime import date
from functools import partial
from typing import Any

import pytest
from sqlalchemy import func, select

from models.bank import BankLine
from models.entry import Entry
from models.match import Match
from models.payout import Payout
from models.words import MatchState, Outcome
from tests import factories
from tests.money.test_at_once import at_once, refused
from worker import db
from worker.run import run
from worker.seat import Order

TONIGHT = date(2026, 11, 21)
SHOP = "FUYUAN"
pytestmark = [
    pytest.mark.parametrize("database", ["postgres"], indirect=True),
    pytest.mark.usefixtures("database"),
]

Act = Callable[[], Any]


def a_shop(*owed: int, paid: tuple[int, ...] = ()) -> list[int]:
    """Claims of one car with what is open on each, and bank lines that name it; returns the lines."""
    with db.transaction() as session:
        shop = factories.add_shop(session, code=SHOP)
        account = factories.add_account(session, shop)
        for amount in owed:
            order = factories.add_work_order(session, shop, plate_no="苏E12345")
            factories.add_expected_line(session, factories.add_case(session, order), amount)
        return [
            factories.add_bank_line(session, account, amount, memo="苏E12345赔款", booked_on=TONIGHT).id
            for amount in paid
        ]


def does(who: str, job: str, **parameters: Any) -> Act:
    given = {"role": "accountant", **parameters}
    return partial(run, Order(job, TONIGHT, SHOP, f"{job}:{who}", who, "by_hand", given))


def posted() -> tuple[int, int]:
    """Fen of payouts and of entries."""
    with db.reading() as session:
        payouts, entries = (session.scalar(select(func.sum(each.amount))) for each in (Payout, Entry))
    return int(payouts or 0), int(entries or 0)


def test_a_plan_that_two_apply_at_once_is_applied_by_one() -> None:
    a_shop(700_000, paid=(700_000,))
    does("周会计", "make_plan")()

    results = at_once([does(who, "apply_plan", number=1) for who in ("周会计", "吴会计")])

    assert [said.split(" by ")[0] for said in refused(results)] == ["Plan 1 was applied on 2026-11-21"]
    assert posted() == (700_000, 700_000)


def test_a_proposal_that_two_accept_at_once_is_accepted_by_one() -> None:
    (line,) = a_shop(700_000, paid=(300_000,))
    does("system", "match_lines")()

    results = at_once([does(who, "accept_match", line_id=line) for who in ("周会计", "吴会计")])

    (said,) = refused(results)
    assert f"Bank line {line} (2026-11-21, 3,000.00 yuan) is matched already" in said
    assert posted() == (300_000, 300_000)


def test_of_two_lines_for_one_claim_that_two_accept_at_once_one_is_posted() -> None:
    first, second = a_shop(700_000, paid=(700_000, 700_000))
    does("system", "match_lines")()

    results = at_once(
        [does("周会计", "accept_match", line_id=first), does("吴会计", "accept_match", line_id=second)]
    )

    (said,) = refused(results)
    assert "since then what is open on" in said
    assert posted() == (700_000, 700_000)


def test_what_a_person_accepts_while_a_run_decides_is_posted_once() -> None:
    (line,) = a_shop(700_000, paid=(500_000,))
    does("system", "match_lines")()

    results = at_once([does("周会计", "accept_match", line_id=line), does("again", "match_lines")])

    assert refused(results) == []
    assert posted() == (500_000, 500_000)
    with db.reading() as session:
        assert session.scalars(select(BankLine.outcome)).all() == [Outcome.MATCHED]


def test_two_runs_at_once_match_every_line_once() -> None:
    a_shop(700_000, 300_000, paid=(700_000, 300_000))

    results = at_once([does(who, "match_lines") for who in ("system", "周会计")])

    assert refused(results) == []
    assert sorted(result.count for result in results) == [0, 2]
    assert posted() == (1_000_000, 1_000_000)


def test_a_match_that_two_take_back_at_once_is_taken_back_once() -> None:
    a_shop(700_000, paid=(700_000,))
    does("system", "match_lines")()
    with db.reading() as session:
        match = session.scalars(select(Match.id).where(Match.state == MatchState.APPLIED)).one()

    results = at_once([does(who, "undo_match", match_id=match) for who in ("周会计", "吴会计")])

    (said,) = refused(results)
    assert f"Match {match} is undone" in said
    with db.reading() as session:
        assert session.scalar(select(func.count()).select_from(Entry)) == 2
