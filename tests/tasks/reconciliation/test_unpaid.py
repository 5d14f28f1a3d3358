"""A statement said that a refund was paid, and that was a mistake: taken back, and paid again."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from models.bank import BankLine
from models.entry import Entry, Movement, balances, post
from models.match import Match
from models.refund import Refund
from models.run import Run
from models.shop import Shop
from models.values import Refusal
from models.words import Account, EntryKind, MatchKind, MatchState, Outcome, RefundState, RunState
from models.work_order import WorkOrder
from tasks.proof import whole
from tasks.reconciliation.job import accept_match, match_lines, undo_match, undo_run
from tasks.refunds.job import bounce_refund, compute_refunds, make_payment_file, pay_refund
from tests import factories
from tests.tasks.reconciliation.test_undo import by_hand
from tests.tasks.refunds.repairs import approve, approved, by, in_file, newest
from worker.job import Night

Nights = Callable[..., Night]
PAID_ON = date(2026, 11, 23)
TONIGHT = date(2026, 11, 24)


@pytest.fixture
def refund(session: Session, shop: Shop, night: Nights) -> Refund:
    """Give 4,400.00 yuan to 王小明, approved and in the payment file of 2026-11-21."""
    return in_file(session, night(date(2026, 11, 21)), shop)


@pytest.fixture
def line(session: Session, shop: Shop, refund: Refund) -> BankLine:
    """Give the line of the statement on which it left."""
    account = factories.add_account(session, shop)
    return factories.add_bank_line(
        session, account, -refund.amount, payer="王小明", memo="理赔退款", booked_on=PAID_ON
    )


def now(session: Session, refund: Refund) -> Refund:
    session.expire_all()
    return session.get_one(Refund, refund.id)


def lies(session: Session, refund: Refund) -> dict[str, int]:
    found = balances(session, [refund.work_order_id])[refund.work_order_id]
    return {account: fen for account, fen in found.items() if fen}


def paid_entries(session: Session) -> list[tuple[str, bool]]:
    """The occasion of every payment, and whether it was reversed."""
    undone = set(session.scalars(select(Entry.reverses_id)))
    rows = session.scalars(select(Entry).where(Entry.kind == EntryKind.REFUND_PAID).order_by(Entry.id))
    return [(row.occasion, row.id in undone) for row in rows]


def match_of(session: Session, kind: MatchKind) -> int:
    standing = (Match.kind == kind, Match.state == MatchState.APPLIED)
    return session.scalars(select(Match.id).where(*standing)).one()


def undo(session: Session, night: Nights, kind: MatchKind = MatchKind.REFUND_PAYMENT, **more: Any) -> None:
    undo_match(session, by_hand(night, TONIGHT, match_id=match_of(session, kind), **more))


def comes_back(session: Session, line: BankLine) -> BankLine:
    return factories.add_bank_line(
        session, factories.add_account(session, session.get_one(Shop, line.shop_id), number="6222000011112222"),
        -line.amount, payer="王小明", memo="退汇 户名不符", booked_on=TONIGHT,
    )  # fmt: skip


def adds_up(session: Session, shop: Shop) -> bool:
    return not dict(whole.prove(session, shop.id).off)


def test_a_payment_taken_back_lies_reserved_as_before(
    session: Session, shop: Shop, night: Nights, refund: Refund, line: BankLine
) -> None:
    before = lies(session, refund)
    match_lines(session, night(TONIGHT))
    assert now(session, refund).state is RefundState.PAID

    undo(session, night)

    again = now(session, refund)
    assert (again.state, again.paid_on) == (RefundState.IN_FILE, None)
    assert lies(session, refund) == before
    assert before[Account.REFUND_RESERVED] == 440_000
    assert paid_entries(session) == [(f"refund_paid:{refund.id}", True)]
    assert session.get_one(WorkOrder, refund.work_order_id).settle_on == TONIGHT
    compute_refunds(session, night(TONIGHT))
    assert now(session, refund).state is RefundState.IN_FILE
    assert adds_up(session, shop)


def test_after_that_the_same_line_pays_it_again_when_a_person_says_so(
    session: Session, shop: Shop, night: Nights, refund: Refund, line: BankLine
) -> None:
    match_lines(session, night(TONIGHT))
    undo(session, night)

    match_lines(session, night(date(2026, 11, 25)))
    session.refresh(line)
    stands = line.outcome
    accept_match(session, by_hand(night, date(2026, 11, 25), line_id=line.id))

    assert stands is Outcome.PROPOSED, "what a person took back is not made by itself again"
    assert (now(session, refund).state, refund.paid_on) == (RefundState.PAID, PAID_ON)
    assert paid_entries(session) == [
        (f"refund_paid:{refund.id}", True), (f"refund_paid:{refund.id}:2", False),
    ]  # fmt: skip
    assert adds_up(session, shop)


def test_or_the_cashier_pays_it_and_that_too_can_be_taken_back_and_done_again(
    session: Session, shop: Shop, night: Nights, refund: Refund, line: BankLine
) -> None:
    for _ in range(2):
        match_lines(session, night(TONIGHT))
        if now(session, refund).state is not RefundState.PAID:
            accept_match(session, by_hand(night, TONIGHT, line_id=line.id))
        undo(session, night)

    pay_refund(session, by(night(TONIGHT), "钱会", "cashier", refund_id=refund.id, on=TONIGHT.isoformat()))

    assert [reversed_ for _, reversed_ in paid_entries(session)] == [True, True, False]
    assert lies(session, refund).get(Account.REFUND_RESERVED) is None
    session.get_one(BankLine, line.id).outcome = Outcome.IGNORED
    session.flush()
    assert adds_up(session, shop)


def test_what_has_come_back_since_is_taken_back_first(
    session: Session, night: Nights, refund: Refund, line: BankLine
) -> None:
    comes_back(session, line)
    match_lines(session, night(TONIGHT))
    bounced = match_of(session, MatchKind.BOUNCED_REFUND)
    before = lies(session, refund)

    with pytest.raises(
        Refusal, match=f"refund {refund.id} of 4,400.00.*is bounced.*reconcile undo {bounced}$"
    ):
        undo(session, night)

    assert (now(session, refund).state, lies(session, refund)) == (RefundState.BOUNCED, before)
    undo(session, night, MatchKind.BOUNCED_REFUND)
    undo(session, night)
    assert now(session, refund).state is RefundState.IN_FILE


def test_what_a_cashier_saw_come_back_was_paid(
    session: Session, night: Nights, refund: Refund, line: BankLine
) -> None:
    match_lines(session, night(TONIGHT))
    given = {"refund_id": refund.id, "on": TONIGHT.isoformat(), "because": "户名不符"}
    bounce_refund(session, by(night(TONIGHT), "钱会", "cashier", **given))

    with pytest.raises(Refusal, match=f"is bounced. See: huikuan refund show {refund.id}"):
        undo(session, night)


def test_a_run_in_which_it_left_and_came_back_is_taken_back_whole(
    session: Session, shop: Shop, night: Nights, refund: Refund, line: BankLine
) -> None:
    comes_back(session, line)
    before = lies(session, refund)
    run = Run(
        job="match_lines", business_date=TONIGHT, scope=shop.code, parameters={}, requested_by="system",
        why="schedule", state=RunState.SUCCEEDED, lease_token="t-1", requested_at=factories.LONG_AGO,
    )  # fmt: skip
    session.add(run)
    session.flush()
    match_lines(session, night(TONIGHT, lease_token="t-1"))
    compute_refunds(session, night(TONIGHT))
    assert newest(session, refund.work_order_id).state is RefundState.WAITING

    undo_run(session, by_hand(night, TONIGHT, run_id=run.id))
    compute_refunds(session, night(TONIGHT))

    states = session.scalars(select(Refund.state).order_by(Refund.number)).all()
    assert states == [RefundState.IN_FILE, RefundState.DECLINED], "one is under way, not two"
    assert lies(session, refund) == before


def more_for_the_customer(session: Session, night: Nights, refund: Refund) -> Refund:
    """After the payment 300.00 more are due: a second refund of the repair waits."""
    more = Movement(refund.work_order_id, EntryKind.WRITE_OFF, 30_000, None, "w")
    post(session, [more], **night(TONIGHT).trail)
    compute_refunds(session, night(TONIGHT))
    return newest(session, refund.work_order_id)


def test_a_refund_that_waits_after_it_is_withdrawn(
    session: Session, night: Nights, refund: Refund, line: BankLine
) -> None:
    match_lines(session, night(TONIGHT))
    second = more_for_the_customer(session, night, refund)
    assert (second.number, second.state, second.amount) == (2, RefundState.WAITING, 30_000)

    undo(session, night)
    compute_refunds(session, night(TONIGHT))
    withdrawn = now(session, second).state
    match_lines(session, night(date(2026, 11, 25)))
    accept_match(session, by_hand(night, date(2026, 11, 25), line_id=line.id))
    compute_refunds(session, night(date(2026, 11, 25)))

    third = newest(session, refund.work_order_id)
    assert withdrawn is RefundState.DECLINED
    assert (third.number, third.state, third.amount) == (3, RefundState.WAITING, 30_000)


@pytest.mark.parametrize(
    ("state", "first"),
    [
        (RefundState.APPROVED, "decline {} --because"),
        (RefundState.IN_FILE, "failed {} --because"),
        (RefundState.UNCLAIMED, "paid {} --on DATE"),
    ],
)
def test_a_refund_promised_after_it_comes_first(
    session: Session, night: Nights, refund: Refund, line: BankLine, state: RefundState, first: str
) -> None:
    match_lines(session, night(TONIGHT))
    second = more_for_the_customer(session, night, refund)
    approve(session, night(TONIGHT), second)
    now(session, second).state = state
    session.flush()
    command = f"huikuan refund {first.format(second.id)}"

    with pytest.raises(Refusal, match=f"refund {second.id} of the same repair, 300.00.*First: {command}"):
        undo(session, night)

    assert now(session, refund).state is RefundState.PAID


def test_each_refund_of_a_batch_goes_back_to_where_it_was(
    session: Session, shop: Shop, night: Nights
) -> None:
    """One debit for the whole file; both of its refunds are on their way again."""
    tonight = night(date(2026, 11, 21))
    refunds = [approved(session, tonight, shop, name=name, plate=plate) for name, plate in
               (("王小明", "苏E11111"), ("李四", "苏E22222"))]  # fmt: skip
    make_payment_file(session, by(tonight, "钱会", "cashier"))
    account = factories.add_account(session, shop)
    factories.add_bank_line(session, account, -880_000, payer="", memo="批量代付 2笔", booked_on=PAID_ON)
    match_lines(session, night(TONIGHT))
    assert [now(session, each).state for each in refunds] == [RefundState.PAID] * 2

    undo(session, night)

    assert [now(session, each).state for each in refunds] == [RefundState.IN_FILE] * 2
