"""Sixty transfers in one night: many rows go another way to the database than a few, and come to the same."""

from collections.abc import Callable
from datetime import date

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models.bank import BankLine
from models.case import Case
from models.entry import Entry, Movement, post
from models.event import Event
from models.match import Match, MatchPart
from models.payout import Payout
from models.shop import Shop
from models.values import Refusal
from models.words import EntryKind, Outcome, Stage
from models.work_order import WorkOrder
from tasks.reconciliation.job import match_lines
from tests import factories
from worker.job import Night

TONIGHT = date(2026, 11, 21)
MANY = 60


def test_sixty_transfers_are_matched_posted_and_told(
    session: Session, shop: Shop, night: Callable[..., Night]
) -> None:
    account = factories.add_account(session, shop)
    file = factories.add_file(session, shop)
    for number in range(MANY):
        order = factories.add_work_order(session, shop, plate_no=f"苏F{number:05}")
        case = factories.add_case(session, order, stage=Stage.SUBMITTED)
        factories.add_expected_line(session, case, 100_000 + number)
        factories.add_bank_line(
            session, account, 100_000 + number, memo=f"{order.plate_no}赔款", file_id=file.id
        )

    moved = match_lines(session, night(TONIGHT))

    total = sum(100_000 + number for number in range(MANY))
    assert moved == MANY
    for rows in (Match, MatchPart, Payout, Entry, Event):
        assert session.scalar(select(func.count()).select_from(rows)) == MANY
    for amounts in (MatchPart.amount, Payout.amount, Entry.amount):
        assert int(session.scalar(select(func.sum(amounts))) or 0) == total
    assert set(session.scalars(select(BankLine.outcome))) == {Outcome.MATCHED}
    assert set(session.scalars(select(Case.stage))) == {Stage.PAYOUT}
    assert set(session.scalars(select(WorkOrder.settle_on))) == {TONIGHT}
    assert match_lines(session, night(TONIGHT)) == 0


def test_of_many_entries_one_that_was_posted_before_is_refused_with_all(
    session: Session, shop: Shop, night: Callable[..., Night]
) -> None:
    order = factories.add_work_order(session, shop)
    movements = [
        Movement(order.id, EntryKind.DEPOSIT, 1_000, TONIGHT, f"test:{number % (MANY - 1)}")
        for number in range(MANY)
    ]

    with session.begin_nested() as attempt:
        with pytest.raises(Refusal, match="Nothing was written"):
            post(session, movements, **night(TONIGHT).trail)
        attempt.rollback()

    assert session.scalar(select(func.count()).select_from(Entry)) == 0
