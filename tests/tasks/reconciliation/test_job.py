"""What the night writes, and what a person accepts or rejects."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models.bank import BankAccount, BankLine
from models.case import Case, ExpectedLine
from models.entry import Entry
from models.event import Event
from models.match import Match
from models.payout import Payout
from models.refund import Refund
from models.shop import Shop
from models.values import Refusal
from models.words import EntryKind, LineKind, MatchState, Outcome, PayoutState, RefundState, Stage
from models.work_order import WorkOrder
from tasks.reconciliation import queries
from tasks.reconciliation.job import accept_match, match_lines, reject_match
from tests import factories
from worker.job import Night

Nights = Callable[..., Night]
TONIGHT = date(2026, 11, 21)
PLATE = "苏E12345"


@pytest.fixture
def account(session: Session, shop: Shop) -> BankAccount:
    return factories.add_account(session, shop)


def add_case(session: Session, shop: Shop, owed: int = 700_000, **facts: Any) -> Case:
    case = factories.add_case(session, factories.add_work_order(session, shop, plate_no=PLATE), **facts)
    factories.add_expected_line(session, case, owed)
    return case


def paid(session: Session, account: BankAccount, amount: int, **facts: Any) -> BankLine:
    return factories.add_bank_line(session, account, amount, **{"memo": f"{PLATE}赔款"} | facts)


def asked(night: Nights, line: BankLine, number: int | None = None, **facts: Any) -> Night:
    return night(
        TONIGHT,
        parameters={"line_id": line.id, "proposal": number, "role": "accountant"},
        **{"by": "周会计"} | facts,
    )


def entries(session: Session) -> list[tuple[EntryKind, int]]:
    return [(entry.kind, entry.amount) for entry in session.scalars(select(Entry).order_by(Entry.id))]


def standing(session: Session, line: BankLine) -> tuple[Outcome, str | None]:
    session.refresh(line)
    return line.outcome, line.reason


def states(session: Session) -> list[MatchState]:
    return list(session.scalars(select(Match.state).order_by(Match.id)))


def test_a_transfer_becomes_a_payout_with_its_entry_and_trail(
    session: Session, shop: Shop, account: BankAccount, night: Nights
) -> None:
    case = add_case(session, shop, stage=Stage.SUBMITTED)
    line = paid(session, account, 700_000, booked_on=date(2026, 11, 20))

    moved = match_lines(session, night(TONIGHT))

    payout = session.scalars(select(Payout)).one()
    event = session.scalars(select(Event)).one()
    order = session.get_one(WorkOrder, case.work_order_id)
    assert moved == 1
    assert standing(session, line) == (Outcome.MATCHED, "exact")
    assert (payout.amount, payout.received_on, payout.state) == (
        700_000,
        date(2026, 11, 20),
        PayoutState.EVIDENCED,
    )
    assert entries(session) == [(EntryKind.PAYOUT, 700_000)]
    assert (order.settle_on, case.stage) == (TONIGHT, Stage.PAYOUT)
    assert (event.kind, event.case_id, event.rule) == ("payout_matched", case.id, "match/3")


def test_third_party_money_fills_first_and_what_is_over_is_held(
    session: Session, shop: Shop, account: BankAccount, night: Nights
) -> None:
    case = add_case(session, shop, 400_000)
    factories.add_expected_line(session, case, 600_000, kind=LineKind.OTHER_AGENCY)
    paid(session, account, 1_050_000)

    match_lines(session, night(TONIGHT))

    assert entries(session) == [
        (EntryKind.PAYOUT_THIRD_PARTY, 600_000), (EntryKind.PAYOUT, 400_000), (EntryKind.OVER_RECEIPT_HOLD, 50_000),
    ]  # fmt: skip


def test_third_party_money_is_the_customers_where_he_has_paid_already(
    session: Session, shop: Shop, account: BankAccount, night: Nights
) -> None:
    case = add_case(session, shop, 400_000)
    factories.add_expected_line(
        session, case, 600_000, kind=LineKind.OTHER_AGENCY, customer_paid_third_party_on=date(2026, 10, 1)
    )
    paid(session, account, 1_000_000)

    match_lines(session, night(TONIGHT))

    assert entries(session) == [(EntryKind.PAYOUT, 600_000), (EntryKind.PAYOUT, 400_000)]


def test_one_claim_for_two_repairs_settles_both_again(
    session: Session, shop: Shop, account: BankAccount, night: Nights
) -> None:
    case = add_case(session, shop, 400_000)
    other = factories.add_work_order(session, shop)
    factories.add_expected_line(session, case, 200_000, work_order_id=other.id)
    paid(session, account, 600_000)

    match_lines(session, night(TONIGHT))

    orders = session.scalars(select(WorkOrder.settle_on)).all()
    assert orders == [TONIGHT, TONIGHT]
    assert session.scalars(select(Entry.work_order_id).order_by(Entry.id)).all() == [
        case.work_order_id,
        other.id,
    ]


def test_a_remittance_number_is_posted_once(
    session: Session, shop: Shop, account: BankAccount, night: Nights
) -> None:
    add_case(session, shop)
    add_case(session, shop, 300_000).plate_no = "苏E67890"
    paid(session, account, 700_000, memo=f"{PLATE}赔款 结算单号JS20261109001")
    match_lines(session, night(TONIGHT))
    second = paid(session, account, 300_000, memo="苏E67890赔款 结算单号JS20261109001")

    match_lines(session, night(TONIGHT))

    assert standing(session, second) == (Outcome.PROPOSED, "remittance_posted")
    with pytest.raises(Refusal, match="a transfer with that number is posted already"):
        accept_match(session, asked(night, second))
    assert session.scalar(select(func.sum(Payout.amount))) == 700_000


def test_of_two_transfers_with_one_remittance_number_in_one_night_the_first_is_posted(
    session: Session, shop: Shop, account: BankAccount, night: Nights
) -> None:
    add_case(session, shop)
    add_case(session, shop, 300_000).plate_no = "苏E67890"
    first = paid(session, account, 700_000, memo=f"{PLATE}赔款 结算单号JS20261109001")
    second = paid(session, account, 300_000, memo="苏E67890赔款 结算单号JS20261109001")

    match_lines(session, night(TONIGHT))

    assert standing(session, first) == (Outcome.MATCHED, "exact")
    assert standing(session, second) == (Outcome.PROPOSED, "remittance_posted")


def test_what_was_weighed_is_kept_with_score_and_rule(
    session: Session, shop: Shop, account: BankAccount, night: Nights
) -> None:
    first, second = add_case(session, shop), add_case(session, shop, 300_000)
    paid(session, account, 300_000)

    match_lines(session, night(TONIGHT))

    match = session.scalars(select(Match)).one()
    assert isinstance(match.evidence, dict)
    assert (match.rule, match.score) == ("match/3", 100)
    assert match.evidence["candidates"] == [
        {"claim_no": first.claim_no, "open": 700_000, "score": 75},
        {"claim_no": second.claim_no, "open": 300_000, "score": 100},
    ]


def test_a_line_booked_after_the_night_is_left_for_later(
    session: Session, shop: Shop, account: BankAccount, night: Nights
) -> None:
    add_case(session, shop)
    line = paid(session, account, 700_000, booked_on=date(2026, 11, 22))

    match_lines(session, night(TONIGHT))

    assert line.outcome is Outcome.OPEN
    assert match_lines(session, night(date(2026, 11, 22))) == 1


def test_a_line_is_looked_at_again_when_its_case_arrives(
    session: Session, shop: Shop, account: BankAccount, night: Nights
) -> None:
    line = paid(session, account, 700_000)
    match_lines(session, night(TONIGHT))
    assert standing(session, line) == (Outcome.UNMATCHED, "unknown_key")

    add_case(session, shop)
    match_lines(session, night(date(2026, 11, 22)))

    assert line.outcome is Outcome.MATCHED


def test_the_first_of_two_transfers_is_proposed_as_short_until_the_second_comes(
    session: Session, shop: Shop, account: BankAccount, night: Nights
) -> None:
    add_case(session, shop)
    first = paid(session, account, 200_000)
    match_lines(session, night(TONIGHT))
    assert (*standing(session, first), states(session)) == (
        Outcome.PROPOSED,
        "short_paid",
        [MatchState.PROPOSED],
    )

    paid(session, account, 500_000)
    match_lines(session, night(date(2026, 11, 22)))

    assert standing(session, first) == (Outcome.MATCHED, "only_set")
    assert states(session) == [MatchState.UNDONE, MatchState.APPLIED]
    assert session.scalar(select(func.sum(Payout.amount))) == 700_000


def test_another_shops_case_is_not_paid(
    session: Session, shop: Shop, account: BankAccount, night: Nights
) -> None:
    add_case(session, factories.add_shop(session))
    line = paid(session, account, 700_000)

    match_lines(session, night(TONIGHT))

    assert standing(session, line)[1] == "unknown_key"


def test_money_with_a_result_of_its_difference_is_no_longer_expected(
    session: Session, shop: Shop, account: BankAccount, night: Nights
) -> None:
    case = add_case(session, shop)
    expected = session.scalars(select(ExpectedLine).where(ExpectedLine.case_id == case.id)).one()
    factories.add_payout(session, expected, 650_000, state=PayoutState.EVIDENCED)
    expected.resolution = "SHOP_ABSORB"  # type: ignore[assignment] # stored as its text, as everywhere
    line = paid(session, account, 50_000)

    match_lines(session, night(TONIGHT))

    assert standing(session, line) == (Outcome.PROPOSED, "already_paid")


# ------------------------------------------------------------------ by hand


def test_an_accepted_proposal_pays_what_it_says(
    session: Session, shop: Shop, account: BankAccount, night: Nights
) -> None:
    add_case(session, shop)
    line = paid(session, account, 650_000)
    match_lines(session, night(TONIGHT))

    accept_match(session, asked(night, line))

    match = session.scalars(select(Match)).one()
    assert standing(session, line) == (Outcome.MATCHED, "short_paid")
    assert (match.state, match.decided_by) == (MatchState.APPLIED, "周会计")
    assert entries(session) == [(EntryKind.PAYOUT, 650_000)]


def test_a_list_in_the_remark_pays_every_claim_on_it(
    session: Session, shop: Shop, account: BankAccount, night: Nights
) -> None:
    cases = [add_case(session, shop, 300_000), add_case(session, shop, 400_000)]
    cases[1].plate_no = "苏E67890"
    paid(session, account, 700_000, memo=f"赔款 {PLATE} 苏E67890")

    match_lines(session, night(TONIGHT))

    (row,) = queries.report(session, shop.id)
    assert [tuple(part) for part in row.pays] == [(cases[0].claim_no, 300_000), (cases[1].claim_no, 400_000)]


def test_accepting_evidence_posts_nothing_a_second_time(
    session: Session, shop: Shop, account: BankAccount, night: Nights
) -> None:
    case = add_case(session, shop)
    expected = session.scalars(select(ExpectedLine).where(ExpectedLine.case_id == case.id)).one()
    payout = factories.add_payout(session, expected, received_on=date(2026, 11, 1))
    line = paid(session, account, 700_000)
    match_lines(session, night(TONIGHT))
    assert standing(session, line)[1] == "ledger_other_day"

    accept_match(session, asked(night, line))

    assert payout.state is PayoutState.EVIDENCED
    assert entries(session) == []


def test_accepting_a_return_makes_the_refund_bounce(
    session: Session, shop: Shop, account: BankAccount, night: Nights
) -> None:
    case = add_case(session, shop)
    order = session.get_one(WorkOrder, case.work_order_id)
    refund = factories.add_refund(
        session, order, 5_000, state=RefundState.PAID, paid_on=date(2026, 11, 10), payee="李四"
    )
    line = paid(session, account, 5_000, memo="退汇", payer="待清算款项")
    match_lines(session, night(TONIGHT))

    accept_match(session, asked(night, line))

    assert session.get_one(Refund, refund.id).state is RefundState.BOUNCED
    assert entries(session) == [(EntryKind.REFUND_BOUNCED, 5_000)]
    assert order.settle_on == TONIGHT
    assert [part.claim_no for part in queries.report(session, shop.id)[0].pays] == [case.claim_no]


def test_a_proposal_is_refused_when_the_facts_behind_it_changed(
    session: Session, shop: Shop, account: BankAccount, night: Nights
) -> None:
    case = add_case(session, shop)
    line = paid(session, account, 650_000)
    match_lines(session, night(TONIGHT))
    expected = session.scalars(select(ExpectedLine).where(ExpectedLine.case_id == case.id)).one()
    factories.add_payout(session, expected, 100_000)

    with pytest.raises(Refusal, match=f"open on {case.claim_no} became 6,000.00 yuan"):
        accept_match(session, asked(night, line))

    assert entries(session) == []


def test_a_proposal_is_not_accepted_twice(
    session: Session, shop: Shop, account: BankAccount, night: Nights
) -> None:
    add_case(session, shop)
    line = paid(session, account, 650_000)
    match_lines(session, night(TONIGHT))
    accept_match(session, asked(night, line))

    with pytest.raises(Refusal, match="is matched already"):
        accept_match(session, asked(night, line))

    assert len(entries(session)) == 1


def test_which_proposal_must_be_said_where_there_are_several(
    session: Session, shop: Shop, account: BankAccount, night: Nights
) -> None:
    cases = [add_case(session, shop), add_case(session, shop)]
    line = paid(session, account, 700_000)
    match_lines(session, night(TONIGHT))

    with pytest.raises(Refusal, match="2 proposals; say which"):
        accept_match(session, asked(night, line))
    with pytest.raises(Refusal, match="no proposal 3"):
        accept_match(session, asked(night, line, 3))
    accept_match(session, asked(night, line, 2))

    assert session.scalars(select(Payout.case_id)).all() == [cases[1].id]


def test_a_rejected_proposal_does_not_come_back_and_the_line_goes_on_waiting(
    session: Session, shop: Shop, account: BankAccount, night: Nights
) -> None:
    add_case(session, shop)
    line = paid(session, account, 650_000)
    match_lines(session, night(TONIGHT))

    reject_match(session, asked(night, line))
    match_lines(session, night(date(2026, 11, 22)))

    assert standing(session, line) == (Outcome.UNMATCHED, "rejected_by_person")
    assert states(session) == [MatchState.REJECTED]


def test_one_of_two_proposals_is_rejected_and_the_other_stays(
    session: Session, shop: Shop, account: BankAccount, night: Nights
) -> None:
    add_case(session, shop), add_case(session, shop)
    line = paid(session, account, 650_000)
    match_lines(session, night(TONIGHT))

    reject_match(session, asked(night, line, 1))
    match_lines(session, night(date(2026, 11, 22)))

    assert line.outcome is Outcome.PROPOSED
    assert len(queries.report(session, shop.id)[0].proposals) == 1


def test_a_line_that_is_no_payout_is_put_aside_by_a_person(
    session: Session, shop: Shop, account: BankAccount, night: Nights
) -> None:
    line = paid(session, account, 650_000, memo="赔款")
    match_lines(session, night(TONIGHT))

    reject_match(session, asked(night, line))

    assert standing(session, line) == (Outcome.IGNORED, "rejected_by_person")
    assert match_lines(session, night(date(2026, 11, 22))) == 0


@pytest.mark.parametrize("role", ["cashier", "handler", "reviewer", "viewer", "system"])
def test_only_who_keeps_the_books_decides_on_bank_lines(
    session: Session, shop: Shop, account: BankAccount, night: Nights, role: str
) -> None:
    add_case(session, shop)
    line = paid(session, account, 650_000)
    match_lines(session, night(TONIGHT))

    with pytest.raises(Refusal, match="for an accountant, manager or admin"):
        accept_match(session, night(TONIGHT, by="钱会", parameters={"line_id": line.id, "role": role}))


def test_a_line_that_is_not_there_is_refused(session: Session, night: Nights) -> None:
    with pytest.raises(Refusal, match="no bank line 4711"):
        accept_match(session, night(TONIGHT, by="operator", parameters={"line_id": 4711}))
