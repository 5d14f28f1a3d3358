"""Plans: read first, then applied exactly as they stand, once, or not at all."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from models.bank import BankAccount, BankLine
from models.case import Case, ExpectedLine
from models.entry import Entry
from models.match import Match
from models.match_plan import MatchPlan
from models.shop import Shop
from models.values import Refusal
from models.words import MatchState, Outcome, PlanState
from tasks.reconciliation.job import apply_plan, make_plan, match_lines
from tests import factories
from worker.job import Night

Nights = Callable[..., Night]
TONIGHT = date(2026, 11, 21)


@pytest.fixture
def account(session: Session, shop: Shop) -> BankAccount:
    return factories.add_account(session, shop)


def add_case(session: Session, shop: Shop, owed: int, plate: str) -> Case:
    case = factories.add_case(session, factories.add_work_order(session, shop, plate_no=plate))
    factories.add_expected_line(session, case, owed)
    return case


def paid(session: Session, account: BankAccount, amount: int, plate: str) -> BankLine:
    return factories.add_bank_line(session, account, amount, memo=f"{plate}赔款")


def by_hand(night: Nights, **parameters: Any) -> Night:
    return night(TONIGHT, by="周会计", parameters={"role": "accountant", **parameters})


@pytest.fixture
def planned(session: Session, shop: Shop, account: BankAccount, night: Nights) -> MatchPlan:
    """A plan of two matches, 7,000.00 and 2,950.00 of 3,000.00."""
    add_case(session, shop, 700_000, "苏E11111")
    add_case(session, shop, 300_000, "苏E22222")
    paid(session, account, 700_000, "苏E11111")
    paid(session, account, 299_998, "苏E22222")
    number = make_plan(session, by_hand(night))
    return session.scalars(select(MatchPlan).where(MatchPlan.number == number)).one()


def test_a_plan_has_a_number_counts_and_fen_and_applies_nothing(session: Session, planned: MatchPlan) -> None:
    assert (planned.number, planned.lines, planned.amount, planned.state) == (1, 2, 999_998, PlanState.OPEN)
    assert isinstance(planned.items, list)
    assert [item["reason"] for item in planned.items] == ["exact", "rounding"]
    assert session.scalars(select(Entry)).all() == []
    assert set(session.scalars(select(BankLine.outcome))) == {Outcome.OPEN}


def test_a_plan_is_applied_exactly(
    session: Session, shop: Shop, account: BankAccount, night: Nights, planned: MatchPlan
) -> None:
    add_case(session, shop, 500_000, "苏E33333")
    later = paid(session, account, 500_000, "苏E33333")

    count = apply_plan(session, by_hand(night, number=1))

    assert count == 2
    assert (planned.state, planned.applied_by) == (PlanState.APPLIED, "周会计")
    assert sorted(session.scalars(select(Entry.amount))) == [299_998, 700_000]
    session.refresh(later)
    assert later.outcome is Outcome.OPEN


def test_the_night_decides_what_the_plan_would_have(
    session: Session, night: Nights, planned: MatchPlan
) -> None:
    match_lines(session, night(TONIGHT))

    assert isinstance(planned.items, list)
    applied = session.scalars(select(Match.occasion).where(Match.state == MatchState.APPLIED))
    assert set(applied) == {item["occasion"] for item in planned.items}


def test_a_plan_that_does_not_hold_any_more_is_refused_and_says_what_changed(
    session: Session, night: Nights, planned: MatchPlan
) -> None:
    expected = session.scalars(select(ExpectedLine).where(ExpectedLine.amount == 700_000)).one()
    factories.add_payout(session, expected, 100_000, received_on=date(2026, 10, 1))

    with pytest.raises(
        Refusal, match=r"of its 2 matches 1 are decided otherwise now: 2026-11-20 7,000.00 .*: LP"
    ):
        apply_plan(session, by_hand(night, number=1))

    assert session.scalars(select(Entry)).all() == []
    assert planned.state is PlanState.OPEN


def test_a_plan_is_applied_once(session: Session, night: Nights, planned: MatchPlan) -> None:
    apply_plan(session, by_hand(night, number=1))

    with pytest.raises(Refusal, match="Plan 1 was applied on 2026-11-21 by 周会计"):
        apply_plan(session, by_hand(night, number=1))


def test_there_is_no_such_plan(session: Session, night: Nights) -> None:
    with pytest.raises(Refusal, match="There is no plan 9"):
        apply_plan(session, by_hand(night, number=9))


def test_a_second_plan_has_the_next_number(session: Session, night: Nights, planned: MatchPlan) -> None:
    assert make_plan(session, by_hand(night)) == 2


def test_who_may_not_match_may_not_apply(session: Session, night: Nights, planned: MatchPlan) -> None:
    with pytest.raises(Refusal, match="for an accountant"):
        apply_plan(session, night(TONIGHT, by="钱会", parameters={"number": 1, "role": "cashier"}))
