"""Matches are taken back by reversing rows: the money is where it was, the line is open again."""

from collections import Counter
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

from models.bank import BankAccount, BankLine
from models.case import Case, ExpectedLine
from models.entry import Entry, Movement, balances, post
from models.match import Match
from models.payout import Payout
from models.refund import Refund
from models.run import Run
from models.shop import Shop
from models.values import Refusal
from models.words import (
    EntryKind,
    MatchState,
    Outcome,
    PayoutState,
    RefundState,
    RunState,
    Stage,
)
from models.work_order import WorkOrder
from tasks.reconciliation.case_queries import known_cases
from tasks.reconciliation.job import accept_match, match_lines, undo_match, undo_run
from tests import factories
from worker.job import Night

Nights = Callable[..., Night]
TONIGHT = date(2026, 11, 21)
PLATE = "苏E12345"


@pytest.fixture
def account(session: Session, shop: Shop) -> BankAccount:
    return factories.add_account(session, shop)


def add_case(session: Session, shop: Shop, owed: int = 700_000, plate: str = PLATE, **facts: Any) -> Case:
    order = factories.add_work_order(session, shop, plate_no=plate)
    case = factories.add_case(session, order, **facts)
    factories.add_expected_line(session, case, owed)
    return case


def paid(session: Session, account: BankAccount, amount: int, **facts: Any) -> BankLine:
    return factories.add_bank_line(session, account, amount, **{"memo": f"{PLATE}赔款"} | facts)


def by_hand(night: Nights, on: date = TONIGHT, **parameters: Any) -> Night:
    return night(on, by="周会计", parameters={"role": "accountant", **parameters})


def only_match(session: Session) -> Match:
    return session.scalars(select(Match).where(Match.state == MatchState.APPLIED)).one()


def money(session: Session, shop: Shop) -> dict[str, Any]:
    """Where all money lies, what is open, and where cases and lines stand."""
    orders = session.scalars(select(WorkOrder.id).where(WorkOrder.shop_id == shop.id)).all()
    session.expire_all()
    return {
        "accounts": {
            order: {account: fen for account, fen in lies.items() if fen}
            for order, lies in balances(session, orders).items()
        },
        "open": [(case.claim_no, case.open_amount) for case in known_cases(session, shop.id, set(), set())],
        "stages": session.execute(select(Case.id, Case.stage).order_by(Case.id)).all(),
        "lines": session.execute(select(BankLine.id, BankLine.outcome).order_by(BankLine.id)).all(),
        "asserted": session.scalars(
            select(Payout.id).where(Payout.state == PayoutState.ASSERTED).order_by(Payout.id)
        ).all(),
        "refunds": session.execute(
            select(Refund.id, Refund.state, Refund.paid_on, Refund.bounced_on).order_by(Refund.id)
        ).all(),
    }


@pytest.mark.parametrize("amounts", [(700_000,), (200_000, 500_000), (650_000,), (750_000,), (699_997,)])
def test_what_was_matched_and_taken_back_is_as_it_was(
    session: Session, shop: Shop, account: BankAccount, night: Nights, amounts: tuple[int, ...]
) -> None:
    case = add_case(session, shop, stage=Stage.SUBMITTED)
    for amount in amounts:
        paid(session, account, amount, booked_on=date(2026, 11, 10))
    before = money(session, shop)
    match_lines(session, night(TONIGHT))
    assert money(session, shop) != before

    opened = undo_match(session, by_hand(night, match_id=only_match(session).id))

    assert opened == len(amounts)
    assert money(session, shop) == before
    assert session.get_one(WorkOrder, case.work_order_id).settle_on == TONIGHT
    assert [e.kind for e in session.scalars(select(Entry).order_by(Entry.id))].count(EntryKind.REVERSAL) > 0


def test_a_ledgers_receipt_stands_alone_again(
    session: Session, shop: Shop, account: BankAccount, night: Nights
) -> None:
    case = add_case(session, shop)
    expected = session.scalars(select(ExpectedLine).where(ExpectedLine.case_id == case.id)).one()
    factories.add_payout(session, expected, received_on=date(2026, 11, 20))
    paid(session, account, 700_000)
    before = money(session, shop)
    match_lines(session, night(TONIGHT))
    assert money(session, shop)["asserted"] == []

    undo_match(session, by_hand(night, match_id=only_match(session).id))

    assert money(session, shop) == before


def test_a_refund_that_did_not_come_back_is_paid_again(
    session: Session, shop: Shop, account: BankAccount, night: Nights
) -> None:
    order = session.get_one(WorkOrder, add_case(session, shop).work_order_id)
    factories.add_refund(
        session, order, 5_000, state=RefundState.PAID, paid_on=date(2026, 11, 10), payee="李四"
    )
    paid(session, account, 5_000, memo="退汇", payer="李四")
    before = money(session, shop)
    match_lines(session, night(TONIGHT))
    assert session.scalars(select(Refund.state)).one() is RefundState.BOUNCED

    undo_match(session, by_hand(night, match_id=only_match(session).id))
    again = money(session, shop)
    match_lines(session, night(date(2026, 11, 22)))
    accept_match(
        session, by_hand(night, date(2026, 11, 22), line_id=session.scalars(select(BankLine.id)).one())
    )

    assert again == before
    assert session.scalars(select(Refund.state)).one() is RefundState.BOUNCED


def test_what_a_person_took_back_is_proposed_and_not_applied_by_itself_again(
    session: Session, shop: Shop, account: BankAccount, night: Nights
) -> None:
    add_case(session, shop)
    line = paid(session, account, 700_000)
    match_lines(session, night(TONIGHT))
    undo_match(session, by_hand(night, match_id=only_match(session).id))

    match_lines(session, night(date(2026, 11, 22)))
    session.refresh(line)
    stands = (line.outcome, line.reason)
    accept_match(session, by_hand(night, date(2026, 11, 22), line_id=line.id))

    assert stands == (Outcome.PROPOSED, "undone_by_person")
    assert Counter(session.scalars(select(Match.state))) == {MatchState.UNDONE: 1, MatchState.APPLIED: 1}
    assert Counter(session.scalars(select(Payout.state))) == {
        PayoutState.REVERSED: 1,
        PayoutState.EVIDENCED: 1,
    }


def test_a_whole_run_is_taken_back_as_one_act_and_may_be_looked_at_again(
    session: Session, shop: Shop, account: BankAccount, night: Nights
) -> None:
    add_case(session, shop)
    add_case(session, shop, 300_000, plate="苏E67890")
    paid(session, account, 700_000)
    paid(session, account, 300_000, memo="苏E67890赔款")
    run = Run(
        job="match_lines", business_date=TONIGHT, scope=shop.code, parameters={}, requested_by="system",
        why="schedule", state=RunState.SUCCEEDED, lease_token="t-1", requested_at=factories.LONG_AGO,
    )  # fmt: skip
    session.add(run)
    session.flush()
    before = money(session, shop)
    match_lines(session, night(TONIGHT, lease_token="t-1"))
    after = money(session, shop)

    undo_run(session, by_hand(night, run_id=run.id, look_again=True))
    between = money(session, shop)
    match_lines(session, night(date(2026, 11, 22)))

    assert between == before
    assert money(session, shop) == after


def test_of_a_run_that_applied_nothing_nothing_is_taken_back(session: Session, night: Nights) -> None:
    with pytest.raises(Refusal, match="Run 4711 applied nothing"):
        undo_run(session, by_hand(night, run_id=4711))


def refunded(session: Session, shop: Shop, account: BankAccount, night: Nights, state: RefundState) -> Refund:
    """A repair of 5,000.00 with as much deposit; the insurer's 7,000.00 are matched, 7,000.00 were reserved."""
    case = add_case(session, shop)
    paid(session, account, 700_000)
    trail = night(TONIGHT).trail
    movements = [
        Movement(case.work_order_id, EntryKind.BILL, 500_000, None, "b"),
        Movement(case.work_order_id, EntryKind.DEPOSIT, 500_000, None, "d"),
    ]
    post(session, movements, **trail)
    match_lines(session, night(TONIGHT))
    refund = factories.add_refund(
        session, session.get_one(WorkOrder, case.work_order_id), 700_000, state=state, approved_by="孙审核"
    )
    kinds = [EntryKind.REFUND_RESERVED, *([EntryKind.REFUND_PAID] if state is RefundState.PAID else [])]
    post(
        session,
        [Movement(case.work_order_id, kind, 700_000, TONIGHT, f"{kind}:{refund.id}:1") for kind in kinds],
        **trail,
    )
    return refund


@pytest.mark.parametrize("state", [RefundState.APPROVED, RefundState.PAID, RefundState.IN_FILE])
def test_money_under_a_refund_is_not_pulled_away_and_the_refund_is_named(
    session: Session, shop: Shop, account: BankAccount, night: Nights, state: RefundState
) -> None:
    refund = refunded(session, shop, account, night, state)
    before = money(session, shop)

    with pytest.raises(Refusal, match=rf"is under refund {refund.id} of 7,000.00 yuan \({state}\)"):
        undo_match(session, by_hand(night, match_id=only_match(session).id))

    assert money(session, shop) == before


def test_an_approved_refund_goes_along_on_request_and_waits_again(
    session: Session, shop: Shop, account: BankAccount, night: Nights
) -> None:
    refund = refunded(session, shop, account, night, RefundState.APPROVED)

    undo_match(session, by_hand(night, match_id=only_match(session).id, with_refunds=True))

    session.refresh(refund)
    lies = balances(session, [refund.work_order_id])[refund.work_order_id]
    assert (refund.state, refund.approved_by) == (RefundState.WAITING, None)
    assert {account.value: fen for account, fen in lies.items() if fen} == {
        "bank": -500_000, "deposit_held": 500_000, "customer_owes": -500_000, "shop_earned": 500_000,
    }  # fmt: skip


def test_what_was_paid_to_the_customer_stays_paid_and_is_owed_by_him(
    session: Session, shop: Shop, account: BankAccount, night: Nights
) -> None:
    refund = refunded(session, shop, account, night, RefundState.PAID)

    undo_match(session, by_hand(night, match_id=only_match(session).id, with_refunds=True))

    session.refresh(refund)
    lies = balances(session, [refund.work_order_id])[refund.work_order_id]
    assert refund.state is RefundState.PAID
    assert (
        sum(fen for account, fen in lies.items() if account in {"customer_owes", "deposit_held"}) == -700_000
    )


def test_a_match_is_not_taken_back_twice(
    session: Session, shop: Shop, account: BankAccount, night: Nights
) -> None:
    add_case(session, shop)
    paid(session, account, 700_000)
    match_lines(session, night(TONIGHT))
    ident = only_match(session).id
    undo_match(session, by_hand(night, match_id=ident))

    with pytest.raises(Refusal, match=f"Match {ident} is undone since 2026-11-21 by 周会计"):
        undo_match(session, by_hand(night, match_id=ident))


def test_money_that_was_moved_since_is_not_taken_back(
    session: Session, shop: Shop, account: BankAccount, night: Nights
) -> None:
    add_case(session, shop)
    paid(session, account, 700_000)
    match_lines(session, night(TONIGHT))
    match = only_match(session)
    session.scalars(select(Payout)).one().state = PayoutState.REVERSED
    session.flush()

    with pytest.raises(Refusal, match="only 0.00 lie where it put them"):
        undo_match(session, by_hand(night, match_id=match.id))


@pytest.mark.parametrize("kind", [EntryKind.OVER_RECEIPT_RETURNED, EntryKind.OVER_RECEIPT_REASSIGNED])
def test_over_receipt_that_went_on_is_not_taken_out_once_more(
    session: Session, shop: Shop, account: BankAccount, night: Nights, kind: EntryKind
) -> None:
    case = add_case(session, shop)
    paid(session, account, 750_000)
    match_lines(session, night(TONIGHT))
    gone = Movement(case.work_order_id, kind, 50_000, TONIGHT, "difference:1:over:1")
    post(session, [gone], **night(TONIGHT).trail)
    before = money(session, shop)

    with pytest.raises(Refusal, match=r"500\.00 yuan went back to the insurer or to another claim since"):
        undo_match(session, by_hand(night, match_id=only_match(session).id))

    assert money(session, shop) == before


@pytest.mark.parametrize("role", ["cashier", "handler", "viewer", "system"])
def test_only_who_keeps_the_books_takes_back(session: Session, night: Nights, role: str) -> None:
    with pytest.raises(Refusal, match="for an accountant, manager or admin"):
        undo_match(session, night(TONIGHT, by="钱会", parameters={"match_id": 1, "role": role}))


@pytest.mark.parametrize("newest_first", [False, True])
def test_a_case_goes_back_to_its_stage_whichever_of_its_receipts_is_taken_back_first(
    session: Session, shop: Shop, account: BankAccount, night: Nights, newest_first: bool
) -> None:
    case = add_case(session, shop, stage=Stage.SUBMITTED)
    paid(session, account, 450_000, booked_on=date(2026, 11, 1))
    paid(session, account, 200_000, booked_on=date(2026, 11, 5))
    match_lines(session, night(TONIGHT))
    matches = list(session.scalars(select(Match.id).order_by(Match.id)))
    assert len(matches) == 2

    for ident in sorted(matches, reverse=newest_first):
        undo_match(session, by_hand(night, match_id=ident))

    session.refresh(case)
    assert case.stage is Stage.SUBMITTED


AMOUNTS = st.sampled_from([100_000, 200_000, 300_000, 450_000, 700_000])
TEXTS = st.sampled_from([PLATE, "苏E67890", f"{PLATE} 苏E67890", "赔款"])


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    owed=st.lists(st.tuples(AMOUNTS, st.booleans()), min_size=1, max_size=4),
    lines=st.lists(st.tuples(AMOUNTS, TEXTS, st.integers(1, 20)), max_size=6),
    data=st.data(),
)
def test_apply_then_undo_restores_the_state_exactly(
    session: Session, shop: Shop, account: BankAccount, night: Nights,
    owed: list[tuple[int, bool]], lines: list[tuple[int, str, int]], data: st.DataObject,
) -> None:  # fmt: skip
    with session.begin_nested() as example:
        for amount, other in owed:
            add_case(session, shop, amount, "苏E67890" if other else PLATE, stage=Stage.SUBMITTED)
        for amount, text, day in lines:
            paid(session, account, amount, memo=text, booked_on=date(2026, 11, day))
        before = money(session, shop)
        match_lines(session, night(TONIGHT))
        applied = session.scalars(select(Match.id).where(Match.state == MatchState.APPLIED)).all()

        for ident in data.draw(st.permutations(applied)):
            undo_match(session, by_hand(night, match_id=ident))

        after = money(session, shop)
        stood = {line: Outcome.OPEN for line, _ in before["lines"]}
        left = {line for line, outcome in after["lines"] if outcome in {Outcome.PROPOSED, Outcome.UNMATCHED}}
        assert {line: Outcome.OPEN if line in left else outcome for line, outcome in after["lines"]} == stood
        assert after | {"lines": []} == before | {"lines": []}
        example.rollback()
    session.expire_all()
