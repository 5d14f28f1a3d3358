"""The closing room on real rows: blockers, closing by another person, reopening, money that comes late."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from models.bank import BankLine
from models.blocker import Blocker
from models.case import Case, ExpectedLine
from models.entry import Movement, post
from models.event import Event
from models.insurer import Insurer
from models.payout import Payout
from models.refund import Position
from models.shop import Shop
from models.values import Refusal
from models.words import EntryKind, Liability, Outcome, RefundState, Resolution, Stage
from models.work_order import WorkOrder
from tasks.closing.job import check_closing, close_case, reopen_case, reopen_late_cases
from tests import factories as make
from worker.job import Night

NightOf = Callable[..., Night]


@pytest.fixture
def tonight(night: NightOf) -> Night:
    return night(date(2026, 11, 21))


def position(session: Session, order: WorkOrder, **facts: Any) -> Position:
    given = {
        "bill": 500_000, "expected": 500_000, "received": 500_000, "over_receipt": 0, "third_party": 0,
        "customer_paid": 0, "write_off": 0, "refunded": 0, "surplus": 0, "refund_due": 0, "topup_due": 0,
        "releasable": 0, "rule": "refund/1", "working": {}, "computed_on": date(2026, 11, 20),
    }  # fmt: skip
    found = Position(work_order_id=order.id, **given | facts)
    session.add(found)
    session.flush()
    return found


def done(session: Session, night: Night, shop: Shop, **facts: Any) -> Case:
    """A repair of 5,000.00 yuan that its insurer has paid whole."""
    order = make.add_work_order(session, shop)
    given = {
        "insurance_receptionist": "王敏", "stage1_reviewer": "李娜", "invoice_amount": 500_000,
        "invoice_date": date(2026, 9, 12), "accident_liability": Liability.SINGLE,
    }  # fmt: skip
    case = make.add_case(session, order, **given | facts)
    make.add_payout(session, make.add_expected_line(session, case))
    position(session, order)
    post(
        session,
        [
            Movement(order.id, EntryKind.BILL, 500_000, None, f"bill:{order.id}:file:1"),
            Movement(
                order.id, EntryKind.PAYOUT, 500_000, date(2026, 10, 15), f"file:1:{case.claim_no}:payout"
            ),
        ],
        **night.trail,
    )
    return case


def codes(session: Session, case: Case) -> set[str]:
    return set(session.scalars(select(Blocker.code).where(Blocker.case_id == case.id)))


def order_of(session: Session, case: Case) -> WorkOrder:
    return session.get_one(WorkOrder, case.work_order_id)


def ask(night: Night, case: Case, by: str = "赵经理", role: str = "manager", **given: Any) -> Night:
    return replace(night, by=by, parameters={"case_id": case.id, "role": role, **given})


def events(session: Session, case: Case) -> list[str]:
    return list(session.scalars(select(Event.kind).where(Event.case_id == case.id).order_by(Event.id)))


# ------------------------------------------------------------------ what is in the way


def test_a_case_that_is_done_has_no_blockers(session: Session, shop: Shop, tonight: Night) -> None:
    case = done(session, tonight, shop)

    assert check_closing(session, tonight) == 0
    assert codes(session, case) == set()


def _short(session: Session, night: Night, case: Case) -> None:
    session.scalars(select(Payout).where(Payout.case_id == case.id)).one().amount = 499_999


def _absorbed(session: Session, night: Night, case: Case) -> None:
    session.scalars(
        select(ExpectedLine).where(ExpectedLine.case_id == case.id)
    ).one().resolution = Resolution.SHOP_ABSORB


def _held(session: Session, night: Night, case: Case) -> None:
    post(
        session,
        [Movement(case.work_order_id, EntryKind.OVER_RECEIPT_HOLD, 100, None, f"over:{case.id}")],
        **night.trail,
    )


def _owed_on(session: Session, night: Night, case: Case) -> None:
    post(
        session,
        [Movement(case.work_order_id, EntryKind.PAYOUT_THIRD_PARTY, 100, None, f"third:{case.id}")],
        **night.trail,
    )


def _refund_open(session: Session, night: Night, case: Case) -> None:
    session.get_one(Position, case.work_order_id).refund_due = 100


def _top_up(session: Session, night: Night, case: Case) -> None:
    session.get_one(Position, case.work_order_id).topup_due = 100


def _changed(session: Session, night: Night, case: Case) -> None:
    order_of(session, case).settle_on = night.date


def _deposit(session: Session, night: Night, case: Case) -> None:
    make.add_customer_line(session, order_of(session, case), 100)


def _paid(session: Session, night: Night, case: Case) -> None:
    make.add_refund(session, order_of(session, case), 100, state=RefundState.PAID, payee="王小明")


def _invoice(session: Session, night: Night, case: Case) -> None:
    case.invoice_amount = 499_999


def _returned(session: Session, night: Night, case: Case) -> None:
    make.add_round(session, case, resubmitted_on=None)


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (_short, "payout_open"),
        (_absorbed, "result_not_approved"),
        (_held, "over_receipt_held"),
        (_owed_on, "third_party_owed"),
        (_refund_open, "refund_open"),
        (_top_up, "topup_due"),
        (_changed, "money_changed"),
        (_deposit, "deposit_receipt"),
        (_paid, "refund_not_signed:"),
        (_invoice, "invoice_differs"),
        (_returned, "round_open"),
    ],
)
def test_what_is_in_the_way_is_listed_and_refuses_the_closing(
    session: Session, shop: Shop, tonight: Night, change: Callable[[Session, Night, Case], None], code: str
) -> None:
    case = done(session, tonight, shop)
    change(session, tonight, case)
    session.flush()

    check_closing(session, tonight)

    assert [each[: len(code)] for each in codes(session, case)] == [code]
    with pytest.raises(Refusal, match=f"{case.claim_no} can't be closed, one thing is in the way:\n"):
        close_case(session, ask(tonight, case))
    assert case.stage is Stage.PAYOUT


def test_a_blocker_keeps_its_day_and_goes_by_itself(session: Session, shop: Shop, night: NightOf) -> None:
    case = done(session, night(date(2026, 11, 20)), shop)
    order = order_of(session, case)
    make.add_customer_line(session, order, 100)

    assert check_closing(session, night(date(2026, 11, 20))) == 1
    assert check_closing(session, night(date(2026, 11, 21))) == 0
    assert session.scalars(select(Blocker.since)).all() == [date(2026, 11, 20)]
    order.deposit_receipt_back_on = date(2026, 11, 22)
    session.flush()
    assert check_closing(session, night(date(2026, 11, 22))) == 1
    assert codes(session, case) == set()


def test_a_signature_that_a_ledger_tells_of_counts(session: Session, shop: Shop, tonight: Night) -> None:
    case = done(session, tonight, shop)
    make.add_refund(
        session, order_of(session, case), 100, state=RefundState.PAID, payee="王小明", origin="file:1:LP"
    )

    check_closing(session, tonight)

    assert codes(session, case) == set()


def test_one_invoice_may_be_for_two_claims_on_one_repair(
    session: Session, shop: Shop, tonight: Night
) -> None:
    case = done(session, tonight, shop)
    second = make.add_case(
        session, order_of(session, case), is_lead=False, insurance_receptionist="王敏", stage1_reviewer="李娜"
    )
    make.add_payout(session, make.add_expected_line(session, second, 0), 0)

    check_closing(session, tonight)

    assert codes(session, second) == set()


def test_cases_that_wait_for_their_insurer_are_not_looked_at_by_night(
    session: Session, shop: Shop, tonight: Night
) -> None:
    case = done(session, tonight, shop, stage=Stage.SUBMITTED, invoice_amount=None)

    assert check_closing(session, tonight) == 0
    check_closing(session, replace(tonight, parameters={"case_id": case.id}))
    assert codes(session, case) == {"no_invoice"}


# ------------------------------------------------------------------ closing and opening again


def test_a_case_is_closed_by_somebody_else_than_its_handler(
    session: Session, shop: Shop, tonight: Night
) -> None:
    case = done(session, tonight, shop)

    assert close_case(session, ask(tonight, case, "李娜", "reviewer")) == 1
    assert close_case(session, ask(tonight, case, "李娜", "reviewer")) == 0

    assert (case.stage, case.closed_date, case.closed_by) == (Stage.CLOSED, date(2026, 11, 21), "李娜")
    assert events(session, case) == ["case_closed"]


@pytest.mark.parametrize(
    ("by", "role", "says"),
    [
        ("王敏", "manager", "nobody closes a case of their own"),
        ("钱出纳", "cashier", "closed by a reviewer, manager or admin"),
        ("孙经办", "handler", "closed by a reviewer, manager or admin"),
        ("周会计", "accountant", "closed by a reviewer, manager or admin"),
        ("吴客", "viewer", "closed by a reviewer, manager or admin"),
        ("system", "", "closed by a reviewer, manager or admin"),
    ],
)
def test_who_may_not_close_is_refused(
    session: Session, shop: Shop, tonight: Night, by: str, role: str, says: str
) -> None:
    case = done(session, tonight, shop)

    with pytest.raises(Refusal, match=says) as refused:
        close_case(session, ask(tonight, case, by, role))

    assert f"huikuan case close {case.claim_no}" in str(refused.value)
    assert (case.stage, events(session, case)) == (Stage.PAYOUT, [])


def test_a_reopened_case_keeps_who_had_closed_it_and_gets_a_new_date(
    session: Session, shop: Shop, night: NightOf
) -> None:
    first, later = night(date(2026, 11, 20)), night(date(2026, 12, 1))
    case = done(session, first, shop)
    close_case(session, ask(first, case, "李娜", "reviewer"))

    assert reopen_case(session, ask(later, case, because="保险公司补赔")) == 1
    assert (case.stage, case.closed_date, case.closed_by) == (Stage.PAYOUT, None, None)
    close_case(session, ask(later, case, "李娜", "reviewer"))

    assert case.closed_date == date(2026, 12, 1)
    assert events(session, case) == ["case_closed", "case_reopened", "case_closed"]
    why = session.scalars(select(Event.inputs).where(Event.kind == "case_reopened")).one()
    assert why == {"closed_on": "2026-11-20", "closed_by": "李娜", "because": "保险公司补赔"}


@pytest.mark.parametrize(
    ("role", "because", "closed", "says"),
    [
        ("reviewer", "补赔", True, "opened again by a manager or admin"),
        ("manager", " ", True, "Say why"),
        ("manager", "补赔", False, "is not closed"),
    ],
)
def test_what_may_not_be_reopened_is_refused(
    session: Session, shop: Shop, tonight: Night, role: str, because: str, closed: bool, says: str
) -> None:
    case = done(session, tonight, shop)
    if closed:
        close_case(session, ask(tonight, case))

    with pytest.raises(Refusal, match=says):
        reopen_case(session, ask(tonight, case, "李娜", role, because=because))


@pytest.mark.parametrize(
    ("facts", "stage"),
    [
        ({}, Stage.SUBMITTED),
        ({"file_handover_date": None, "insurer_accepted_date": None}, Stage.REPAIR),
    ],
)
def test_a_case_without_money_is_reopened_where_it_stood(
    session: Session, shop: Shop, tonight: Night, facts: dict[str, Any], stage: Stage
) -> None:
    case = make.add_case(session, make.add_work_order(session, shop), stage=Stage.CLOSED, **facts)

    reopen_case(session, ask(tonight, case, because="结错了"))

    assert case.stage is stage


# ------------------------------------------------------------------ money that comes late


def close_on(session: Session, night: Night, shop: Shop) -> Case:
    case = done(session, night, shop)
    close_case(session, ask(night, case))
    return case


def money_comes(session: Session, night: Night, case: Case, kind: EntryKind, occasion: str) -> None:
    post(session, [Movement(case.work_order_id, kind, 70_000, night.date, occasion)], **night.trail)
    order_of(session, case).settle_on = night.date
    session.flush()


@pytest.mark.parametrize("occasion", ["payout:9:9:9", "file:2:LP:payout"])
def test_money_on_a_closed_case_opens_it_again(
    session: Session, shop: Shop, night: NightOf, occasion: str
) -> None:
    case = close_on(session, night(date(2026, 11, 20)), shop)
    later = night(date(2026, 12, 1))
    money_comes(session, later, case, EntryKind.OVER_RECEIPT_HOLD, occasion)

    assert reopen_late_cases(session, later) == 1
    assert reopen_late_cases(session, later) == 0

    session.refresh(case)
    assert (case.stage, case.closed_date) == (Stage.PAYOUT, None)
    why = session.scalars(select(Event.inputs).where(Event.kind == "case_reopened")).one()
    assert isinstance(why, dict)
    assert (why["closed_on"], why["kind"], why["amount"]) == ("2026-11-20", "over_receipt_hold", 70_000)


def test_money_of_the_day_of_closing_opens_it_only_if_it_came_after(
    session: Session, shop: Shop, tonight: Night
) -> None:
    before, after = close_on(session, tonight, shop), close_on(session, tonight, shop)
    order_of(session, before).settle_on = tonight.date
    money_comes(session, tonight, after, EntryKind.PAYOUT, "payout:9:9:9")

    assert reopen_late_cases(session, tonight) == 1

    session.refresh(before)
    session.refresh(after)
    assert (before.stage, after.stage) == (Stage.CLOSED, Stage.PAYOUT)


def test_a_refund_kept_as_owed_and_paid_later_opens_nothing(
    session: Session, shop: Shop, night: NightOf
) -> None:
    first, later = night(date(2026, 11, 20)), night(date(2026, 12, 1))
    case = done(session, first, shop)
    post(
        session,
        [
            Movement(case.work_order_id, EntryKind.DEPOSIT, 70_000, None, f"deposit:{case.id}"),
            Movement(case.work_order_id, EntryKind.REFUND_RESERVED, 70_000, None, f"reserved:{case.id}"),
        ],
        **first.trail,
    )
    close_case(session, ask(first, case))
    money_comes(session, later, case, EntryKind.REFUND_PAID, f"paid:{case.id}")

    assert reopen_late_cases(session, later) == 0


@pytest.mark.parametrize(
    ("occasion", "on", "opened"),
    [
        ("file:1:LP:payout", date(2026, 11, 21), 0),
        ("bill:9:file:9", date(2026, 11, 21), 0),
        ("match:1", date(2026, 10, 31), 0),
        ("refund_bounced:1", date(2026, 11, 21), 1),
    ],
)
def test_a_closing_that_a_ledger_told_of_stands_until_other_money_comes_after_it(
    session: Session, shop: Shop, tonight: Night, occasion: str, on: date, opened: int
) -> None:
    case = done(session, tonight, shop, stage=Stage.CLOSED, closed_date=date(2026, 10, 31), closed_by="李娜")
    post(
        session, [Movement(case.work_order_id, EntryKind.REFUND_BOUNCED, 100, on, occasion)], **tonight.trail
    )
    order_of(session, case).settle_on = tonight.date
    session.flush()

    assert reopen_late_cases(session, tonight) == opened


def late_line(session: Session, shop: Shop, case: Case, **facts: Any) -> BankLine:
    alias = session.get_one(Insurer, case.insurer_id).name
    given = {
        "payer": f"中国{alias}", "booked_on": date(2026, 12, 1), "outcome": Outcome.UNMATCHED,
        "reason": "case_closed", "detail": {"candidates": [case.claim_no]},
    }  # fmt: skip
    amount = facts.pop("amount", 70_000)
    return make.add_bank_line(session, make.add_account(session, shop), amount, **given | facts)


@pytest.mark.parametrize("by", ["plate", "report number"])
def test_a_bank_line_that_names_a_closed_case_opens_it_again(
    session: Session, shop: Shop, night: NightOf, by: str
) -> None:
    case = close_on(session, night(date(2026, 11, 20)), shop)
    by_number: dict[str, Any] = {"reason": "unknown_key", "detail": {"keys": [case.report_no]}}
    line = late_line(session, shop, case, **(by_number if by == "report number" else {}))

    assert reopen_late_cases(session, night(date(2026, 12, 1))) == 1

    session.refresh(case)
    assert case.stage is Stage.PAYOUT
    why = session.scalars(select(Event.inputs).where(Event.kind == "case_reopened")).one()
    assert isinstance(why, dict)
    assert (why["bank_line"], why["booked_on"]) == (line.id, "2026-12-01")


@pytest.mark.parametrize(
    "facts",
    [
        {"payer": "某某贸易有限公司"},
        {"booked_on": date(2026, 11, 20)},
        {"booked_on": date(2026, 12, 2)},
        {"detail": {"candidates": ["LP2026-0001", "LP2026-0002"]}},
        {"detail": None},
        {"outcome": Outcome.IGNORED},
        {"reason": "already_paid"},
        {"reason": "unknown_key", "detail": {"keys": ["RDAA202632050099999999"]}},
        {"amount": -70_000},
    ],
    ids=str,
)
def test_a_line_that_is_not_surely_late_money_of_the_case_opens_nothing(
    session: Session, shop: Shop, night: NightOf, facts: dict[str, Any]
) -> None:
    case = close_on(session, night(date(2026, 11, 20)), shop)
    late_line(session, shop, case, **facts)

    assert reopen_late_cases(session, night(date(2026, 12, 1))) == 0


def test_a_closing_without_a_day_is_opened_by_money_that_no_ledger_brought(
    session: Session, shop: Shop, tonight: Night
) -> None:
    case = done(session, tonight, shop, stage=Stage.CLOSED, closed_by="李娜")
    order_of(session, case).settle_on = tonight.date
    session.flush()
    assert reopen_late_cases(session, tonight) == 0

    money_comes(session, tonight, case, EntryKind.REFUND_BOUNCED, "refund_bounced:1")

    assert reopen_late_cases(session, tonight) == 1
