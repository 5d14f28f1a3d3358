"""An insurer takes money back: the payout it means is proposed, and never guessed."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from models.bank import BankAccount, BankLine
from models.case import Case
from models.match import Match
from models.payout import Payout
from models.shop import Shop
from models.values import Refusal
from models.words import MatchState, Outcome, PayoutState
from tasks.differences.job import reverse_payout
from tasks.reconciliation.job import accept_match, match_lines
from tests import factories
from worker.job import Night

Nights = Callable[..., Night]
TONIGHT = date(2026, 11, 21)
PLATE = "苏E12345"


@pytest.fixture
def account(session: Session, shop: Shop) -> BankAccount:
    return factories.add_account(session, shop)


@pytest.fixture
def case(session: Session, shop: Shop, account: BankAccount, night: Nights) -> Case:
    """A claim of 7,000.00 that was paid on the 10th."""
    made = factories.add_case(session, factories.add_work_order(session, shop, plate_no=PLATE))
    factories.add_expected_line(session, made, 700_000)
    line(session, account, 700_000, date(2026, 11, 10))
    match_lines(session, night(TONIGHT))
    return made


def line(
    session: Session, account: BankAccount, amount: int, on: date, memo: str = f"{PLATE}赔款"
) -> BankLine:
    return factories.add_bank_line(session, account, amount, booked_on=on, memo=memo)


def by_hand(night: Nights, **parameters: Any) -> Night:
    return night(TONIGHT, by="周会计", parameters={"role": "accountant", **parameters})


def test_the_payout_of_the_same_amount_is_proposed(
    session: Session, account: BankAccount, case: Case, night: Nights
) -> None:
    back = line(session, account, -700_000, date(2026, 11, 15), "冲正 赔款")

    match_lines(session, night(TONIGHT))

    session.refresh(back)
    proposal = session.scalars(select(Match).where(Match.state == MatchState.PROPOSED)).one()
    paid = session.scalars(select(Match.id).where(Match.state == MatchState.APPLIED)).one()
    assert (back.outcome, back.reason) == (Outcome.PROPOSED, "insurer_reversal")
    assert isinstance(proposal.evidence, dict)
    assert (proposal.evidence["reverses"], proposal.evidence["claim_no"]) == (paid, case.claim_no)


@pytest.mark.parametrize(
    ("amount", "day"), [(-699_999, 15), (-700_000, 9)], ids=["another amount", "before it was paid"]
)
def test_without_such_a_payout_a_person_looks(
    session: Session, account: BankAccount, case: Case, night: Nights, amount: int, day: int
) -> None:
    back = line(session, account, amount, date(2026, 11, day), "冲正 赔款")

    match_lines(session, night(TONIGHT))

    session.refresh(back)
    assert (back.outcome, back.reason) == (Outcome.UNMATCHED, "insurer_reversal")


def test_it_is_accepted_once_the_receipt_is_reversed(
    session: Session, account: BankAccount, case: Case, night: Nights
) -> None:
    back = line(session, account, -700_000, date(2026, 11, 15), "冲正 赔款")
    match_lines(session, night(TONIGHT))
    with pytest.raises(Refusal, match=f"receipt of 7000.00 yuan on {case.claim_no} still stands"):
        accept_match(session, by_hand(night, line_id=back.id))
    reverse_payout(session, by_hand(night, case_id=case.id, amount=700_000, on="2026-11-15", because="冲正"))

    accept_match(session, by_hand(night, line_id=back.id))

    session.refresh(back)
    assert (back.outcome, back.reason) == (Outcome.MATCHED, "insurer_reversal")
    assert session.scalars(select(Payout.state)).all() == [PayoutState.REVERSED]
