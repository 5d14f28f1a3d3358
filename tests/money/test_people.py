"""Who may do what with a difference, and what is refused: each a sentence, and nothing half written."""

from datetime import date
from typing import Any

import pytest
from sqlalchemy import func, select

from models.blocker import Blocker
from models.case import Case
from models.difference import Difference
from models.entry import Entry
from models.values import Refusal
from models.words import Account, Cover, Stage
from tasks.gates.job import check_stage_gates
from tests.money.floor import Floor


def short(floor: Floor, paid: str = "11000.00") -> Case:
    """Scenario 4 with a difference that is open."""
    case = floor.claim()
    floor.expect(case, "11800.00")
    floor.bill(case, "12400.00", "600.00")
    floor.take(case, "5000.00")
    floor.pay(case, paid)
    floor.fact(case, "payment-final")
    floor.work()
    return case


def state(floor: Floor) -> tuple[int, int]:
    """How many entries there are, and the newest difference's row, to see that nothing was written."""
    entries = floor.session.execute(select(func.count()).select_from(Entry)).scalar_one()
    return entries, floor.session.execute(select(func.count()).select_from(Difference)).scalar_one()


# ------------------------------------------------------------------ four eyes


def test_a_handler_prepares_and_a_manager_approves(floor: Floor) -> None:
    case = short(floor)

    waits = floor.prepare(case, "SHOP_ABSORB", note="老客户")
    before = floor.position(case).write_off
    floor.approve(case)
    floor.work()

    row = floor.session.scalars(select(Difference)).one()
    assert (waits, before, floor.position(case).write_off) == (0, 0, 80_000)
    assert (row.prepared_by, row.approved_by, row.note) == ("张接车", "王经理", "老客户")


def test_asking_for_what_another_prepared_approves_it(floor: Floor) -> None:
    case = short(floor)
    floor.prepare(case, "SHOP_ABSORB")

    done = floor.prepare(case, "SHOP_ABSORB", by="王经理", role="manager")

    assert done == 1
    assert floor.differences(case) == [("800.00", "resolved", "SHOP_ABSORB")]


def test_the_operator_of_a_trial_needs_nobody_else(floor: Floor) -> None:
    case = short(floor)

    done = floor.prepare(case, "SHOP_ABSORB", by="operator", role="operator")

    assert done == 1


@pytest.mark.parametrize("result", ["RECLAIM", "DISPUTE"])
def test_what_moves_no_money_takes_effect_at_once(floor: Floor, result: str) -> None:
    case = short(floor)

    assert floor.prepare(case, result) == 1

    floor.work()
    assert floor.position(case).hold_reason == f"{result.lower()}_open"


def test_nobody_approves_what_he_has_prepared(floor: Floor) -> None:
    case = short(floor)
    floor.prepare(case, "SHOP_ABSORB", by="王经理", role="manager")

    with pytest.raises(
        Refusal, match="SHOP_ABSORB was prepared by 王经理; nobody approves an entry of their own"
    ):
        floor.approve(case)

    assert floor.differences(case) == [("800.00", "open", "SHOP_ABSORB")]


@pytest.mark.parametrize(
    ("role", "sentence"),
    [
        ("handler", "is handler; a write-off above 0.00 yuan is for a manager or admin"),
        ("reviewer", "is reviewer; a write-off above 0.00 yuan is for a manager or admin"),
        ("accountant", "is accountant; a write-off above 0.00 yuan is for a manager or admin"),
    ],
)
def test_the_shop_bears_nothing_without_the_manager(floor: Floor, role: str, sentence: str) -> None:
    case = short(floor)
    floor.prepare(case, "SHOP_ABSORB")

    with pytest.raises(Refusal, match=sentence):
        floor.approve(case, by="李审核", role=role)


def test_a_shop_may_let_a_reviewer_approve_small_write_offs(floor: Floor) -> None:
    floor.setting("write_off_limit_fen", 80_000)
    case = short(floor)
    floor.prepare(case, "SHOP_ABSORB")

    floor.approve(case, by="李审核", role="reviewer")

    assert floor.differences(case) == [("800.00", "resolved", "SHOP_ABSORB")]


def test_a_fen_above_the_limit_is_for_the_manager(floor: Floor) -> None:
    floor.setting("write_off_limit_fen", 79_999)
    case = short(floor)
    floor.prepare(case, "SHOP_ABSORB")

    with pytest.raises(Refusal, match="a write-off above 799.99 yuan is for a manager"):
        floor.approve(case, by="李审核", role="reviewer")


@pytest.mark.parametrize("role", ["cashier", "viewer", ""])
def test_others_resolve_nothing(floor: Floor, role: str) -> None:
    case = short(floor)

    with pytest.raises(Refusal, match="may not resolve differences"):
        floor.prepare(case, "RECLAIM", by="钱会", role=role)


def test_a_prepared_result_is_sent_back_with_a_reason(floor: Floor) -> None:
    case = short(floor)
    floor.prepare(case, "SHOP_ABSORB")

    floor.decline(case)

    assert floor.differences(case) == [("800.00", "open", None)]


# ------------------------------------------------------------------ what a result lacks

LACKING: list[tuple[str, str, str, dict[str, Any], str]] = [
    ("no consent", "11000.00", "CUSTOMER_TOPUP", {}, "without his recorded consent to 800.00 yuan.*--consent"),
    ("a blank consent", "11000.00", "CUSTOMER_TOPUP", {"consent": " ", "consent_on": "2026-11-02"}, "without his recorded consent"),
    ("a consent without a day", "11000.00", "CUSTOMER_TOPUP", {"consent": "signed"}, "without his recorded consent"),
    ("a consent of tomorrow", "11000.00", "CUSTOMER_TOPUP", {"consent": "signed", "consent_on": "2026-11-03"}, "a consent of 2026-11-03 is after 2026-11-02"),
    ("no rounding", "11000.00", "ROUNDING", {}, "of 800.00 yuan is no rounding: that is up to 0.05"),
    ("a result of too much", "11000.00", "ENTITLED", {}, 'too little, so the result is one of CUSTOMER_TOPUP.*not "ENTITLED"'),
    ("a result of too little", "12100.00", "SHOP_ABSORB", {}, "too much, so the result is one of RETURN_TO_INSURER"),
    ("a word of nobody's", "11000.00", "FORGET", {}, 'not "FORGET"'),
    ("another claim not named", "12100.00", "REASSIGN", {}, "say which claim the money belongs to"),
    ("an unknown claim", "12100.00", "REASSIGN", {"to": "LP-NONE"}, "There is no case LP-NONE"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("name", "paid", "result", "more", "sentence"), LACKING, ids=[row[0] for row in LACKING]
)
def test_a_result_that_lacks_something_is_refused(
    floor: Floor, name: str, paid: str, result: str, more: dict[str, Any], sentence: str
) -> None:
    case = short(floor, paid)
    before = state(floor)

    with pytest.raises(Refusal, match=sentence) as refused:
        floor.prepare(case, result, **more)

    assert case.claim_no in str(refused.value)
    assert "huikuan" in str(refused.value) or "--" in str(refused.value)
    assert state(floor) == before
    assert floor.differences(case)[0][2] is None


def test_another_claim_that_expects_less_is_refused(floor: Floor) -> None:
    case, other = short(floor, "12100.00"), floor.claim()
    floor.expect(other, "299.99")

    with pytest.raises(Refusal, match=f"{other.claim_no} still expects 299.99 yuan, not the 300.00"):
        floor.prepare(case, "REASSIGN", to=other.claim_no)


def test_another_claim_that_is_closed_is_refused(floor: Floor) -> None:
    case, other = short(floor, "12100.00"), floor.claim(stage=Stage.CLOSED, closed_date=date(2026, 10, 1))

    with pytest.raises(Refusal, match=f"First open it again: huikuan case reopen {other.claim_no}"):
        floor.prepare(case, "REASSIGN", to=other.claim_no)


def test_money_that_moved_during_the_day_is_looked_at_first(floor: Floor) -> None:
    case = short(floor)
    floor.pay_by_hand(case, "300.00")

    with pytest.raises(Refusal, match="was 800.00 yuan; since then money moved and it is 500.00"):
        floor.prepare(case, "SHOP_ABSORB")


def test_a_closed_difference_is_closed(floor: Floor) -> None:
    case = short(floor)
    ident = floor.open_difference(case).id
    floor.resolve(case, "SHOP_ABSORB")

    with pytest.raises(Refusal, match=f"Difference {ident} of .* was closed on 2026-11-02: SHOP_ABSORB"):
        floor.resolve_number(ident, "RECLAIM")


def test_an_unknown_difference_is_refused(floor: Floor) -> None:
    with pytest.raises(Refusal, match="There is no difference 4711 in shop"):
        floor.resolve_number(4711, "RECLAIM")


def test_the_shop_never_bears_more_than_the_bill(floor: Floor) -> None:
    case = floor.claim()
    floor.expect(case, "900.00")
    floor.bill(case, "900.00", "0.00")
    floor.pay(case, "100.00")
    floor.fact(case, "payment-final")
    floor.work()
    floor.repair_of(case).repair_net_amount = 70_000

    with pytest.raises(Refusal, match="the shop would bear 800.00 yuan of a bill of 700.00"):
        floor.prepare(case, "SHOP_ABSORB")


def test_the_shop_does_not_bear_what_a_third_party_misses(floor: Floor) -> None:
    case = floor.claim()
    floor.expect(case, "6900.00", Cover.THIRD_PARTY, third=True)
    floor.pay(case, "6000.00")
    floor.fact(case, "payment-final")
    floor.work()

    with pytest.raises(Refusal, match="on a third party's money, which is no part of our bill"):
        floor.prepare(case, "SHOP_ABSORB")


def test_a_closed_case_does_not_move(floor: Floor) -> None:
    case = short(floor)
    floor.session.get_one(Case, case.id).stage = Stage.CLOSED
    floor.session.flush()

    for act in (
        lambda: floor.prepare(case, "RECLAIM"),
        lambda: floor.take_back(case, "11000.00"),
        lambda: floor.expect(case, "1.00"),
        lambda: floor.bill(case, "1.00", "1.00"),
    ):
        with pytest.raises(Refusal, match=f"huikuan case reopen {case.claim_no}"):
            act()


# ------------------------------------------------------------------ reversals and third parties


@pytest.mark.parametrize(
    ("amount", "sentence"),
    [
        ("0.00", "a payout taken back is above zero, not 0.00 yuan"),
        ("-5.00", "is above zero, not -5.00 yuan"),
        ("11000.01", "has received 11000.00 yuan, so 11000.01 can't be taken back"),
        ("20000000000.00", "is more than ten billion"),
    ],
)
def test_a_reversal_of_what_never_came_is_refused(floor: Floor, amount: str, sentence: str) -> None:
    case = short(floor)
    before = state(floor)

    with pytest.raises(Refusal, match=sentence) as refused:
        floor.take_back(case, amount)

    assert case.claim_no in str(refused.value)
    assert state(floor) == before


def test_a_handler_reverses_no_payout(floor: Floor) -> None:
    from tasks.differences.job import reverse_payout

    case = short(floor)

    with pytest.raises(
        Refusal, match="张接车 is handler; what a bank took back is recorded by an accountant"
    ):
        floor.do(reverse_payout, "张接车", "handler", case_id=case.id, amount=1, on="2026-11-02")


def test_money_that_came_from_another_claim_goes_back_there_first(floor: Floor) -> None:
    case, other = short(floor, "12100.00"), floor.claim()
    floor.expect(other, "300.00")
    floor.resolve(case, "REASSIGN", to=other.claim_no)

    with pytest.raises(Refusal, match="came from another claim and can't be taken out like this"):
        floor.take_back(other, "300.00")


def third_party(floor: Floor) -> Case:
    case = floor.claim()
    floor.expect(case, "6900.00", Cover.THIRD_PARTY, third=True)
    floor.bill(case, "100.00", "100.00")
    floor.pay(case, "6900.00")
    floor.work()
    return case


PAYMENTS = [
    ("6900.01", "owes 6900.00 yuan to third parties, not 6900.01"),
    ("0.00", "a payment to a third party is above zero"),
    ("-1.00", "a payment to a third party is above zero"),
]


@pytest.mark.parametrize(("amount", "sentence"), PAYMENTS)
def test_more_than_is_owed_to_a_third_party_is_not_paid(floor: Floor, amount: str, sentence: str) -> None:
    case = third_party(floor)

    with pytest.raises(Refusal, match=sentence) as refused:
        floor.pay_other(case, amount)

    assert case.claim_no in str(refused.value)
    assert floor.lies(case, Account.THIRD_PARTY_OWED) == "6900.00"


def test_a_third_party_is_paid_once(floor: Floor) -> None:
    case = third_party(floor)
    floor.pay_other(case, "6900.00")

    with pytest.raises(Refusal, match="owes 0.00 yuan to third parties, not 6900.00"):
        floor.pay_other(case, "6900.00")


def test_what_the_customer_has_paid_is_not_paid_to_the_third_party(floor: Floor) -> None:
    case = third_party(floor)
    floor.fact(case, "third-party-proof", "6900.00")

    with pytest.raises(Refusal, match="owes 0.00 yuan to third parties"):
        floor.pay_other(case, "6900.00")


def test_what_the_shop_has_paid_is_not_the_customers(floor: Floor) -> None:
    case = third_party(floor)
    floor.pay_other(case, "6900.00")

    with pytest.raises(Refusal, match="The shop itself has paid 6900.00 yuan to the third party"):
        floor.fact(case, "third-party-proof", "6900.00")


def test_a_payment_nobody_made_is_not_taken_back(floor: Floor) -> None:
    case = third_party(floor)

    with pytest.raises(Refusal, match="has no payment of 6900.00 yuan to a third party"):
        floor.unpay_other(case, "6900.00")


def test_a_handler_pays_nobody(floor: Floor) -> None:
    from tasks.differences.job import pay_third_party

    case = third_party(floor)

    with pytest.raises(Refusal, match="money is paid out by a cashier, manager or admin"):
        floor.do(
            pay_third_party, "张接车", "handler", case_id=case.id, amount=1, on="2026-11-02", payee="某厂"
        )


# ------------------------------------------------------------------ bills and what is expected

BILLS = [
    ("12400.01", "600.00", "0.01 yuan nobody pays"),
    ("12399.99", "600.00", "0.01 yuan would be paid twice"),
    ("11800.00", "600.00", "600.00 yuan would be paid twice"),
    ("0.00", "0.00", "a bill is above zero"),
    ("-1.00", "0.00", "a bill is above zero"),
    ("12400.00", "-600.00", "the customer's part is not below zero"),
    ("20000000000.00", "600.00", "a bill of 20000000000.00 yuan is more than ten billion"),
]


@pytest.mark.parametrize(("amount", "customer", "sentence"), BILLS)
def test_a_bill_that_is_not_paid_exactly_once_is_refused(
    floor: Floor, amount: str, customer: str, sentence: str
) -> None:
    case = floor.claim()
    floor.expect(case, "11800.00")
    before = state(floor)

    with pytest.raises(Refusal, match=sentence) as refused:
        floor.bill(case, amount, customer)

    assert case.claim_no in str(refused.value)
    assert "huikuan" in str(refused.value)
    assert state(floor) == before
    assert floor.repair_of(case).repair_net_amount is None


def test_a_bill_typed_twice_is_one_bill(floor: Floor) -> None:
    case = floor.claim()
    floor.expect(case, "11800.00")
    for _ in range(2):
        floor.bill(case, "12400.00", "600.00")

    assert floor.lies(case, Account.SHOP_EARNED) == "12400.00"


def test_a_corrected_bill_reverses_the_first(floor: Floor) -> None:
    case = floor.claim()
    floor.expect(case, "11800.00")
    floor.bill(case, "12400.00", "600.00")

    floor.bill(case, "12500.00", "700.00")
    floor.work()

    assert floor.lies(case, Account.SHOP_EARNED) == "12500.00"
    assert floor.position(case).bill == 1_250_000


def test_a_corrected_bill_satisfies_the_gate_that_asked_for_it(floor: Floor) -> None:
    case = floor.claim(stage=Stage.REPAIR)
    floor.expect(case, "11800.00")
    floor.bill(case, "12400.00", "600.00")

    floor.bill(case, "12500.00", "700.00")

    check_stage_gates(floor.session, floor.night(floor.day))
    lacking = floor.session.scalars(select(Blocker.code).where(Blocker.case_id == case.id)).all()
    assert "identity" not in lacking
    assert floor.repair_of(case).customer_payable_amount == 70_000


EXPECTED: list[tuple[str, dict[str, Any], str]] = [
    ("12400.01", {}, "insurers would pay 12400.01 yuan for a repair that cost 12400.00"),
    ("0.00", {}, "an expected payout is above zero"),
    ("-1.00", {}, "an expected payout is above zero"),
    ("10000000000.01", {}, "is more than ten billion"),
    ("900.00", {"rate": "100%"}, 'a deductible rate of "100%" leaves nothing to pay'),
    ("900.00", {"rate": "120"}, 'a deductible rate of "120" leaves nothing'),
    ("900.00", {"rate": "-5"}, 'a deductible rate of "-5"'),
    ("900.00", {"rate": "nan"}, 'a deductible rate of "nan"'),
    ("900.00", {"rate": "five"}, '"five" is no rate'),
    ("900.00", {"assessed": 80_000}, "an insurer that assessed 800.00 yuan does not owe 900.00"),
    ("900.00", {"work_order_no": "PG-NONE"}, "there is no claim on a work order PG-NONE"),
]


@pytest.mark.parametrize(("amount", "more", "sentence"), EXPECTED, ids=str)
def test_an_expectation_that_cannot_be_is_refused(
    floor: Floor, amount: str, more: dict[str, Any], sentence: str
) -> None:
    from models.case import ExpectedLine
    from models.values import fen
    from tasks.settlements.job import expect_payout

    case = floor.claim()
    floor.bill(case, "12400.00", "12400.00")
    given = {"case_id": case.id, "cover": "车损", "kind": "own_repair", "amount": fen(amount), **more}

    with pytest.raises(Refusal, match=sentence) as refused:
        floor.do(expect_payout, "张接车", "handler", **given)

    assert case.claim_no in str(refused.value)
    assert floor.session.scalars(select(ExpectedLine)).all() == []


def test_covers_that_become_known_are_not_expected_twice(floor: Floor) -> None:
    from models.case import ExpectedLine

    case = floor.claim()
    floor.expect(case, "5600.00", Cover.UNSPLIT)

    floor.expect(case, "2000.00", Cover.COMPULSORY)
    floor.expect(case, "3700.00", Cover.THIRD_PARTY)

    lines = floor.session.execute(select(ExpectedLine.cover, ExpectedLine.amount).order_by(ExpectedLine.id))
    assert [tuple(line) for line in lines] == [
        (Cover.UNSPLIT, 0),
        (Cover.COMPULSORY, 200_000),
        (Cover.THIRD_PARTY, 370_000),
    ]
