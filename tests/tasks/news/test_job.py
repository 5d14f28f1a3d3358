"""News goes out through the jobs that make it: once, to whom it concerns, and while it is news."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from models.bank import BankLine
from models.case import Case
from models.entry import Movement, post
from models.event import Happening, record
from models.match import Match, MatchPart
from models.notice import Notice
from models.refund import Refund
from models.shop import Setting, Shop
from models.words import (
    ContactKind,
    EntryKind,
    MatchKind,
    MatchState,
    NoticeState,
    Outcome,
    PayoutState,
    RefundState,
    Stage,
)
from models.work_order import WorkOrder
from tasks.cases.job import record_fact
from tasks.differences.job import find_differences
from tasks.news.job import tell_customers
from tasks.reconciliation.job import match_lines
from tasks.refunds.job import compute_refunds, pay_refund
from tests import factories
from tests.tasks.refunds.repairs import approved, by, in_file, settled
from worker.job import Night

NightOf = Callable[..., Night]
LAST_WEEK = date(2026, 11, 14)


@pytest.fixture
def tonight(night: NightOf) -> Night:
    return night(date(2026, 11, 21))


@pytest.fixture
def case(session: Session, shop: Shop, tonight: Night) -> Case:
    """Give a claim of 王小明, who can be reached, in its first stage."""
    order = factories.add_work_order(session, shop, plate_no="苏E12345")
    factories.add_contact(session, shop, ContactKind.CUSTOMER, "王小明", plate_no="苏E12345")
    case = factories.add_case(
        session, order, stage=Stage.REPAIR, insurer_accepted_date=None, insurance_receptionist="赵接待"
    )
    factories.add_expected_line(session, case)
    post(session, [Movement(order.id, EntryKind.BILL, 500_000, None, f"bill:{order.id}")], **tonight.trail)
    return case


def fact(session: Session, night: Night, case: Case, name: str, value: str, on: str) -> None:
    given = {"case_id": case.id, "fact": name, "value": value, "on": on, "role": "manager"}
    record_fact(session, replace(night, by="王敏", parameters=given))


def told(session: Session) -> list[tuple[str, NoticeState]]:
    session.expire_all()
    rows = session.scalars(select(Notice).where(Notice.kind != "refund_ready").order_by(Notice.id))
    return [(row.kind, row.state) for row in rows]


def words(session: Session, kind: str) -> dict[str, Any]:
    found = session.scalars(select(Notice).where(Notice.kind == kind)).one().words
    assert isinstance(found, dict)
    return found


def choose(session: Session, shop: Shop, key: str, value: object) -> None:
    session.add(
        Setting(
            scope="shop", scope_id=shop.id, key=key, value=value, valid_from=date(2026, 1, 1), set_by="王敏",
            set_at=factories.LONG_AGO,
        )
    )  # fmt: skip
    session.flush()


def test_a_deposit_that_was_taken_is_confirmed_once(session: Session, tonight: Night, case: Case) -> None:
    fact(session, tonight, case, "deposit", "5000.00", "2026-11-20")

    assert tell_customers(session, tonight) == 1
    assert tell_customers(session, tonight) == 0

    said = words(session, "deposit_received")
    assert (said["amount"], said["amount_in_words"], said["received_on"]) == (
        "5,000.00", "人民币伍仟元整", "2026年11月20日",
    )  # fmt: skip
    assert (said["customer"], said["plate"], said["report_no"][:4]) == ("王*", "苏E***45", "****")
    assert told(session) == [("deposit_received", NoticeState.WAITING)]


def test_a_second_deposit_of_the_day_written_down_a_night_later_is_confirmed_too(
    session: Session, tonight: Night, case: Case
) -> None:
    fact(session, tonight, case, "deposit", "5000.00", "2026-11-20")
    tell_customers(session, tonight)
    later = replace(tonight, date=tonight.date + timedelta(days=1))
    fact(session, later, case, "deposit", "1200.00", "2026-11-20")

    assert tell_customers(session, later) == 1
    assert tell_customers(session, later) == 0

    of_deposits = select(Notice.words).where(Notice.kind == "deposit_received").order_by(Notice.id)
    confirmed: list[Any] = list(session.scalars(of_deposits))
    assert [each["amount"] for each in confirmed] == ["5,000.00", "1,200.00"]
    assert len({each["notice_no"] for each in confirmed}) == 2
    assert told(session) == [("deposit_received", NoticeState.WAITING)] * 2


def test_a_deposit_of_last_month_is_no_news(session: Session, tonight: Night, case: Case) -> None:
    fact(session, tonight, case, "deposit", "5000.00", "2026-10-20")

    assert tell_customers(session, tonight) == 0


def test_a_customer_hears_that_the_insurer_took_the_file(
    session: Session, tonight: Night, case: Case
) -> None:
    fact(session, tonight, case, "acceptance", "理赔岗", "2026-11-20")

    assert tell_customers(session, tonight) == 1
    assert words(session, "progress")["accepted_on"] == "2026年11月20日"


def test_a_customer_is_asked_for_the_papers_the_insurer_misses(
    session: Session, tonight: Night, case: Case
) -> None:
    fact(session, tonight, case, "acceptance", "理赔岗", "2026-10-20")
    fact(session, tonight, case, "return", "行驶证过期，发票不清", "2026-11-20")

    tell_customers(session, tonight)

    said = words(session, "missing_documents")
    assert [paper["name"] for paper in said["papers"]] == ["行驶证"]
    assert (said["bring_by"], said["handler"]) == ("2026年11月28日", "赵接待")
    assert "发票" not in str(said)


def pay_by_bank(session: Session, shop: Shop, case: Case, amount: int) -> BankLine:
    """Let a transfer arrive that names the report."""
    account = factories.add_account(session, shop)
    return factories.add_bank_line(
        session, account, amount, memo=f"{case.report_no}赔款", payer="人保财险", booked_on=date(2026, 11, 20)
    )


def test_a_payout_is_told_when_its_transfer_is_matched(
    session: Session, shop: Shop, tonight: Night, case: Case
) -> None:
    case.insurer_accepted_date = date(2026, 10, 1)
    pay_by_bank(session, shop, case, 500_000)
    assert tell_customers(session, tonight) == 0

    match_lines(session, tonight)
    tell_customers(session, tonight)

    said = words(session, "progress")
    assert (said["paid_on"], said["paid"], said["still_expected"]) == ("2026年11月20日", "5,000.00", "")


def test_nothing_is_told_before_a_transfer_is_fully_allocated(
    session: Session, shop: Shop, tonight: Night, case: Case
) -> None:
    case.insurer_accepted_date = date(2026, 10, 1)
    line = pay_by_bank(session, shop, case, 500_000)
    match_lines(session, tonight)
    part = session.scalars(select(MatchPart)).one()
    session.execute(update(MatchPart).where(MatchPart.id == part.id).values(amount=line.amount - 100))

    assert tell_customers(session, tonight) == 0


def test_a_payout_that_only_a_ledger_knows_is_not_told(
    session: Session, shop: Shop, tonight: Night, case: Case
) -> None:
    order = session.get_one(WorkOrder, case.work_order_id)
    line = factories.add_expected_line(session, factories.add_case(session, order, is_lead=False))
    factories.add_payout(session, line, received_on=date(2026, 11, 20), state=PayoutState.ASSERTED)
    record(session, [Happening("case_imported", {}, line.case_id)], **tonight.trail)

    assert tell_customers(session, tonight) == 0


def test_who_got_his_refund_is_told_so(session: Session, shop: Shop, tonight: Night) -> None:
    refund = in_file(session, tonight, shop)
    pay_refund(session, by(tonight, "钱出纳", "cashier", refund_id=refund.id, on="2026-11-21"))
    compute_refunds(session, tonight)

    tell_customers(session, tonight)
    tell_customers(session, tonight)

    said = words(session, "refund_paid")
    assert (said["amount"], said["paid_on"], said["account_tail"]) == (
        "4,400.00",
        "2026年11月21日",
        "****4567",
    )
    assert (said["still_due"], said["signed_by"]) == ("", "")


def test_a_refund_handed_over_names_no_account(session: Session, shop: Shop, tonight: Night) -> None:
    refund = approved(session, tonight, shop, account=False)
    pay_refund(session, by(tonight, "钱出纳", "cashier", refund_id=refund.id, on="2026-11-21"))

    tell_customers(session, tonight)

    assert words(session, "refund_paid")["account_tail"] == ""


def test_a_payment_that_was_taken_back_is_not_told(session: Session, shop: Shop, tonight: Night) -> None:
    refund = approved(session, tonight, shop, account=False)
    pay_refund(session, by(tonight, "钱出纳", "cashier", refund_id=refund.id, on="2026-11-21"))
    tell_customers(session, tonight)
    session.execute(update(Refund).values(state=RefundState.APPROVED))

    tell_customers(session, tonight)

    assert told(session) == [("refund_paid", NoticeState.SUPPRESSED)]


def short_by_800(session: Session, shop: Shop, night: Night) -> WorkOrder:
    """Let an insurer pay 11,000.00 of 11,800.00, and nothing for a week (domain 1.8, scenario 4)."""
    order = settled(session, night, shop, paid=0)
    [case] = session.scalars(select(Case).where(Case.work_order_id == order.id))
    [line] = session.scalars(select_lines(order))
    factories.add_payout(session, line, 1_100_000, received_on=LAST_WEEK, case_id=case.id)
    post(session, [Movement(order.id, EntryKind.PAYOUT, 1_100_000, LAST_WEEK, "payout:x")], **night.trail)
    find_differences(session, night)
    compute_refunds(session, night)
    return order


def select_lines(order: WorkOrder) -> Any:
    from models.case import ExpectedLine

    return select(ExpectedLine).where(ExpectedLine.work_order_id == order.id)


def test_who_must_wait_for_a_difference_is_told_why(session: Session, shop: Shop, tonight: Night) -> None:
    short_by_800(session, shop, tonight)

    tell_customers(session, tonight)

    said = words(session, "refund_waiting")
    assert (said["received"], said["amount"], said["short"]) == ("11,000.00", "3,600.00", "800.00")
    assert [each["amount"] for each in said["arrivals"]] == ["11,000.00"]


def test_a_customer_who_is_to_make_it_up_is_asked_for_the_sum(
    session: Session, shop: Shop, tonight: Night
) -> None:
    order = settled(session, tonight, shop, deposit=0, paid=0)
    [line] = session.scalars(select_lines(order))
    factories.add_payout(session, line, 1_180_000, received_on=date(2026, 11, 20))
    post(session, [Movement(order.id, EntryKind.PAYOUT, 1_180_000, None, "payout:y")], **tonight.trail)
    compute_refunds(session, tonight)
    record(session, [Happening("payout_matched", {}, line.case_id)], **tonight.trail)

    tell_customers(session, tonight)

    said = words(session, "top_up_asked")
    assert (said["amount"], said["amount_in_words"], said["bill"], said["pay_by"]) == (
        "600.00", "人民币陆佰元整", "12,400.00", "2026年11月28日",
    )  # fmt: skip


def test_what_was_paid_meanwhile_is_not_asked_any_more(session: Session, shop: Shop, tonight: Night) -> None:
    test_a_customer_who_is_to_make_it_up_is_asked_for_the_sum(session, shop, tonight)
    [case] = session.scalars(select(Case))
    fact(session, tonight, case, "top-up", "600.00", "2026-11-21")
    compute_refunds(session, tonight)

    tell_customers(session, tonight)

    assert told(session) == [("top_up_asked", NoticeState.SUPPRESSED)]


def test_while_a_transfer_waits_to_be_accepted_no_customer_is_asked_for_money(
    session: Session, shop: Shop, tonight: Night
) -> None:
    order = short_by_800(session, shop, tonight)
    [case] = session.scalars(select(Case).where(Case.work_order_id == order.id))
    line = factories.add_bank_line(
        session, factories.add_account(session, shop), 80_000, outcome=Outcome.PROPOSED
    )
    match = Match(
        shop_id=shop.id, kind=MatchKind.PAYOUT, state=MatchState.PROPOSED, reason="x", rule="x", evidence={},
        occasion="x", decided_on=date(2026, 11, 21), decided_by="system", decided_at=factories.LONG_AGO,
    )  # fmt: skip
    session.add(match)
    session.flush()
    session.add(MatchPart(match_id=match.id, bank_line_id=line.id, case_id=case.id, amount=80_000))
    session.flush()

    assert tell_customers(session, tonight) == 0


@pytest.mark.parametrize("key, value", [("news_days", 0), ("tell.deposit_received", "no")])
def test_a_shop_chooses_what_its_customers_hear(
    session: Session, shop: Shop, tonight: Night, case: Case, key: str, value: object
) -> None:
    choose(session, shop, key, value)
    fact(session, tonight, case, "deposit", "5000.00", "2026-11-20")

    assert tell_customers(session, tonight) == 0


def test_of_a_claim_nobody_vouches_for_nothing_is_told(session: Session, tonight: Night, case: Case) -> None:
    case.authorised_by = None
    fact(session, tonight, case, "deposit", "5000.00", "2026-11-20")

    assert tell_customers(session, tonight) == 0


def test_news_without_an_address_is_forgotten_after_a_week(
    session: Session, tonight: Night, case: Case, night: NightOf
) -> None:
    case.insured_name = "李雷"
    session.flush()
    session.execute(update(WorkOrder).values(plate_no="苏E99999"))
    case.plate_no = "苏E99999"
    fact(session, tonight, case, "deposit", "5000.00", "2026-11-20")
    tell_customers(session, tonight)
    before = told(session)

    tell_customers(session, night(date(2026, 11, 29)))

    assert (before, told(session)) == (
        [("deposit_received", NoticeState.HELD)], [("deposit_received", NoticeState.SUPPRESSED)],
    )  # fmt: skip


def test_another_shops_customers_are_not_told(session: Session, tonight: Night, case: Case) -> None:
    other = factories.add_shop(session)
    fact(session, tonight, case, "deposit", "5000.00", "2026-11-20")

    assert tell_customers(session, replace(tonight, shop_id=other.id)) == 0


def test_a_night_tells_of_its_own_day_only(session: Session, tonight: Night, case: Case) -> None:
    fact(session, tonight, case, "deposit", "5000.00", "2026-11-20")
    later = replace(tonight, date=tonight.date + timedelta(days=1), at=datetime(2026, 11, 22, 18, tzinfo=UTC))

    assert tell_customers(session, later) == 0
