"""Edges of differences, reversals and third-party money, through the jobs, with the entries behind the sums."""

from datetime import date
from typing import Any

import pytest
from sqlalchemy import func, select

from models.case import Case, ExpectedLine
from models.entry import Entry
from models.event import Event
from models.words import Account, Cover, EntryKind
from tests.money.floor import Floor


def settled(floor: Floor, paid: str, *, expected: str = "11800.00", deposit: str = "5000.00") -> Case:
    """Scenario 4 paid in one transfer, and the night after it."""
    case = floor.claim()
    floor.expect(case, expected)
    floor.bill(case, "12400.00", f"{12400 - int(float(expected))}.00")
    floor.take(case, deposit)
    floor.pay(case, paid)
    floor.fact(case, "payment-final")
    floor.work()
    return case


def with_third_party(floor: Floor, paid: str | None = "11200.00") -> Case:
    """Scenario 6: 4,300.00 for the repair, 6,900.00 for the other car."""
    case = floor.claim()
    floor.expect(case, "4300.00")
    floor.expect(case, "6900.00", Cover.THIRD_PARTY, third=True)
    floor.bill(case, "4300.00", "0.00")
    if paid:
        floor.pay(case, paid)
    floor.work()
    return case


def proves(floor: Floor, *cases: Case) -> bool:
    """Whether rows and entries agree: what is held, what is owed to third parties, what was received."""
    for case in cases:
        found = floor.position(case)
        assert floor.lies(case, Account.OVER_RECEIPT_HELD) == f"{found.over_receipt / 100:.2f}"
        paid_on = _sum(floor, case, EntryKind.THIRD_PARTY_PAID)
        assert floor.lies(case, Account.THIRD_PARTY_OWED) == f"{(found.third_party - paid_on) / 100:.2f}"
        assert floor.lies(case, Account.WRITTEN_OFF) == f"{-found.write_off / 100:.2f}"
    return True


def _sum(floor: Floor, case: Case, kind: EntryKind) -> int:
    undone = select(Entry.reverses_id).where(Entry.reverses_id.is_not(None))
    of = (Entry.work_order_id == case.work_order_id, Entry.kind == kind, Entry.id.not_in(undone))
    return int(
        floor.session.execute(select(func.coalesce(func.sum(Entry.amount), 0)).where(*of)).scalar_one()
    )


def told(floor: Floor, case: Case) -> list[str]:
    rows = floor.session.scalars(select(Event.kind).where(Event.case_id == case.id).order_by(Event.id))
    return [kind for kind in rows if kind.startswith(("difference_", "payout_r", "third_party"))]


# ------------------------------------------------------------------ when a difference opens


def test_a_short_payment_waits_seven_days_before_it_is_a_difference(floor: Floor) -> None:
    case = floor.claim()
    floor.expect(case, "11800.00")
    floor.bill(case, "12400.00", "600.00")
    floor.pay(case, "11000.00")
    floor.work()
    floor.later(date(2026, 11, 8)).work()
    early = floor.differences(case)

    floor.later(date(2026, 11, 9)).work()

    assert (early, floor.differences(case)) == ([], [("800.00", "open", None)])


def test_a_shop_may_be_more_patient(floor: Floor) -> None:
    floor.setting("difference_after_days", 30)
    case = floor.claim()
    floor.expect(case, "11800.00")
    floor.pay(case, "11000.00")
    floor.work()

    floor.later(date(2026, 12, 1)).work()
    early = floor.differences(case)
    floor.later(date(2026, 12, 2)).work()

    assert (early, floor.differences(case)) == ([], [("800.00", "open", None)])


def test_too_much_is_a_difference_at_once_however_little(floor: Floor) -> None:
    case = settled(floor, "11800.01")

    assert floor.differences(case) == [("-0.01", "open", None)]
    assert floor.lies(case, Account.OVER_RECEIPT_HELD) == "0.01"
    assert floor.sums(case) == ("4400.00", "4400.00", "0.00")


def test_a_line_on_which_nothing_came_is_a_difference_only_when_nothing_will_come(floor: Floor) -> None:
    case = floor.claim()
    floor.expect(case, "2000.00", Cover.COMPULSORY)
    floor.expect(case, "3600.00", Cover.THIRD_PARTY)
    floor.pay(case, "2000.00")
    floor.later(date(2026, 12, 24)).work()
    before = floor.differences(case)

    floor.fact(case, "payment-final")
    floor.work()

    assert (before, floor.differences(case)) == ([], [("3600.00", "open", None)])


@pytest.mark.parametrize(("paid", "write_off"), [("11799.99", 1), ("11799.95", 5)])
def test_a_few_fen_short_are_written_off_by_themselves(floor: Floor, paid: str, write_off: int) -> None:
    case = settled(floor, paid)

    assert floor.differences(case) == [(f"0.0{write_off}", "resolved", "ROUNDING")]
    assert floor.position(case).write_off == write_off
    assert floor.sums(case) == ("4400.00", "4400.00", "0.00")
    assert proves(floor, case)


def test_six_fen_short_are_for_a_person(floor: Floor) -> None:
    case = settled(floor, "11799.94")

    assert floor.differences(case) == [("0.06", "open", None)]


def test_a_second_night_changes_nothing(floor: Floor) -> None:
    case = settled(floor, "11000.00")
    before = floor.session.execute(select(func.count()).select_from(Event)).scalar_one()

    floor.work()

    assert floor.session.execute(select(func.count()).select_from(Event)).scalar_one() == before
    assert floor.differences(case) == [("800.00", "open", None)]


# ------------------------------------------------------------------ when other money comes


def test_a_difference_shrinks_with_what_still_comes(floor: Floor) -> None:
    case = settled(floor, "11000.00")

    floor.pay(case, "300.00")
    floor.work()

    assert floor.differences(case) == [("500.00", "open", None)]
    assert told(floor, case) == ["difference_opened", "difference_changed"]


def test_a_difference_closes_by_itself_when_all_has_come(floor: Floor) -> None:
    case = settled(floor, "11000.00")

    floor.pay(case, "800.00")
    floor.work()

    assert floor.differences(case) == [("800.00", "gone", None)]
    assert floor.sums(case) == ("4400.00", "4400.00", "0.00")


def test_a_difference_turns_from_too_little_to_too_much(floor: Floor) -> None:
    case = settled(floor, "11000.00")

    floor.pay(case, "1000.00")
    floor.work()

    assert floor.differences(case) == [("800.00", "gone", None), ("-200.00", "open", None)]
    assert proves(floor, case)


def test_a_prepared_result_does_not_outlive_its_amount(floor: Floor) -> None:
    case = settled(floor, "11000.00")
    floor.prepare(case, "SHOP_ABSORB")

    floor.pay(case, "300.00")
    floor.work()

    assert floor.differences(case) == [("500.00", "open", None)]


def test_a_dispute_goes_on_over_what_is_still_missing(floor: Floor) -> None:
    case = settled(floor, "11000.00")
    floor.resolve(case, "DISPUTE")

    floor.pay(case, "300.00")
    floor.work()

    assert floor.differences(case) == [("500.00", "open", "DISPUTE")]
    assert floor.position(case).hold_reason == "dispute_open"


def test_a_dispute_that_is_won_leaves_no_trace_on_the_line(floor: Floor) -> None:
    case = settled(floor, "11000.00")
    floor.resolve(case, "DISPUTE")

    floor.pay(case, "800.00")
    floor.work()

    lines = floor.session.scalars(select(ExpectedLine.resolution).where(ExpectedLine.case_id == case.id))
    assert list(lines) == [None]
    assert floor.position(case).hold_reason is None


@pytest.mark.parametrize(
    ("later", "differences", "write_off", "sums"),
    [
        # The insurer pays after all what the shop had borne: the customer gets nothing out of it.
        ("800.00", [("800.00", "gone", "SHOP_ABSORB")], 0, ("4400.00", "4400.00", "0.00")),
        # A part of it: the rest is for people again.
        (
            "300.00",
            [("800.00", "gone", "SHOP_ABSORB"), ("500.00", "open", None)],
            0,
            ("3900.00", "0.00", "0.00"),
        ),
    ],
)
def test_money_that_comes_after_a_write_off_takes_it_back(
    floor: Floor, later: str, differences: list[Any], write_off: int, sums: tuple[str, str, str]
) -> None:
    case = settled(floor, "11000.00")
    floor.resolve(case, "SHOP_ABSORB")
    floor.work()

    floor.pay_by_hand(case, later)
    floor.work()

    assert floor.differences(case) == differences
    assert floor.position(case).write_off == write_off
    assert floor.sums(case) == sums
    assert proves(floor, case)


def test_a_rounding_is_taken_back_when_the_last_fen_come(floor: Floor) -> None:
    case = settled(floor, "11799.97")

    floor.pay_by_hand(case, "0.03")
    floor.work()

    assert floor.differences(case) == [("0.03", "gone", "ROUNDING")]
    assert floor.position(case).write_off == 0


def test_a_ledger_that_raises_what_is_expected_frees_what_was_held(floor: Floor) -> None:
    case = settled(floor, "12100.00")

    floor.expect(case, "12100.00")
    floor.work()

    assert floor.differences(case) == [("-300.00", "gone", None)]
    assert floor.sums(case) == ("4700.00", "4700.00", "0.00")
    assert proves(floor, case)


def test_what_is_expected_after_all_less_is_held_again(floor: Floor) -> None:
    case = settled(floor, "11800.00")

    floor.expect(case, "11500.00")
    floor.work()

    assert floor.differences(case) == [("-300.00", "open", None)]
    assert floor.sums(case) == ("4100.00", "4100.00", "0.00")
    assert proves(floor, case)


def test_a_consent_recorded_as_a_fact_is_the_result_of_the_difference(floor: Floor) -> None:
    case = settled(floor, "11000.00")

    floor.fact(case, "consent", "800.00")
    floor.work()

    assert floor.differences(case) == [("800.00", "resolved", "CUSTOMER_TOPUP")]
    assert floor.sums(case) == ("3600.00", "3600.00", "0.00")


def test_a_consent_to_less_than_is_missing_later_does_not_count(floor: Floor) -> None:
    case = settled(floor, "11000.00")
    floor.resolve(case, "CUSTOMER_TOPUP")
    floor.work()

    floor.take_back(case, "1000.00")
    floor.work()

    assert floor.differences(case) == [("800.00", "gone", "CUSTOMER_TOPUP"), ("1800.00", "open", None)]
    assert floor.sums(case) == ("2600.00", "0.00", "0.00")


# ------------------------------------------------------------------ over-receipts


def test_what_went_back_to_the_insurer_was_not_received(floor: Floor) -> None:
    case = settled(floor, "12100.00")

    floor.resolve(case, "RETURN_TO_INSURER")
    floor.work()

    assert (floor.position(case).received, floor.position(case).over_receipt) == (1_180_000, 0)
    assert floor.lies(case, Account.BANK) == "-16800.00"
    assert proves(floor, case)


def test_money_of_another_claim_goes_there_with_both_named(floor: Floor) -> None:
    paid, waiting = settled(floor, "12100.00"), floor.claim()
    floor.expect(waiting, "300.00")
    floor.bill(waiting, "1000.00", "700.00")
    floor.take(waiting, "1000.00")

    floor.resolve(paid, "REASSIGN", to=waiting.claim_no)
    floor.work()

    assert (floor.sums(paid), floor.sums(waiting)) == (
        ("4400.00", "4400.00", "0.00"),
        ("300.00", "300.00", "0.00"),
    )
    assert floor.lies(paid, Account.TRANSFER) == "300.00"
    assert floor.lies(waiting, Account.TRANSFER) == "-300.00"
    said = floor.session.scalars(select(Event).where(Event.kind == "difference_reassigned_in")).one()
    assert isinstance(said.inputs, dict)
    assert (said.case_id, said.inputs["from"]) == (waiting.id, paid.claim_no)
    assert proves(floor, paid, waiting)


def test_money_on_the_wrong_cover_goes_to_the_right_line_of_the_same_claim(floor: Floor) -> None:
    """交强 money booked on the 商业 line: one is over, the other short, and neither cancels the other."""
    case = floor.claim()
    floor.expect(case, "4000.00", Cover.THIRD_PARTY)
    floor.pay(case, "4000.00")
    floor.pay_by_hand(case, "2000.00")
    floor.expect(case, "2000.00", Cover.COMPULSORY)
    floor.bill(case, "6000.00", "0.00")
    floor.work()
    before = floor.position(case).over_receipt, floor.differences(case)

    floor.resolve(case, "REASSIGN", to=case.claim_no)
    floor.work()

    assert before == (200_000, [("-2000.00", "open", None)])
    assert floor.position(case).over_receipt == 0
    assert floor.position(case).surplus == 0
    assert proves(floor, case)


def test_third_party_money_above_its_line_stays_a_third_partys_when_entitled(floor: Floor) -> None:
    case = floor.claim()
    floor.expect(case, "6900.00", Cover.THIRD_PARTY, third=True)
    floor.bill(case, "1000.00", "1000.00")
    floor.pay(case, "7000.00")
    floor.work()

    floor.resolve(case, "ENTITLED")
    floor.work()

    assert floor.lies(case, Account.THIRD_PARTY_OWED) == "7000.00"
    assert floor.sums(case) == ("0.00", "0.00", "1000.00")
    assert proves(floor, case)


def test_an_assessment_is_never_below_what_the_insurer_owes_of_it(floor: Floor) -> None:
    case = floor.claim()
    floor.expect(case, "8600.00")
    floor.fact(case, "assessment", "8600.00")
    floor.pay(case, "9300.00")
    floor.work()

    floor.resolve(case, "ENTITLED")

    assert floor.session.get_one(Case, case.id).assessed_amount == 930_000


# ------------------------------------------------------------------ taking a result back

UNDONE = [
    ("11000.00", "CUSTOMER_TOPUP", ("3600.00", "0.00", "0.00"), "800.00"),
    ("11000.00", "SHOP_ABSORB", ("3600.00", "0.00", "0.00"), "800.00"),
    ("12100.00", "ENTITLED", ("4400.00", "4400.00", "0.00"), "-300.00"),
    ("12100.00", "CUSTOMER_COST", ("4400.00", "4400.00", "0.00"), "-300.00"),
    ("12100.00", "RETURN_TO_INSURER", ("4400.00", "4400.00", "0.00"), "-300.00"),
]


@pytest.mark.parametrize(("paid", "result", "sums", "amount"), UNDONE, ids=[row[1] for row in UNDONE])
def test_a_result_is_taken_back_by_counter_entries(
    floor: Floor, paid: str, result: str, sums: tuple[str, str, str], amount: str
) -> None:
    case = settled(floor, paid)
    before = {account: floor.lies(case, account) for account in Account}
    floor.resolve(case, result)
    floor.work()

    floor.undo(case)
    floor.work()

    assert floor.differences(case) == [(amount, "open", None)]
    assert floor.sums(case) == sums
    assert {account: floor.lies(case, account) for account in Account} == before
    assert proves(floor, case)


def test_money_given_to_another_claim_comes_back_from_it(floor: Floor) -> None:
    paid, waiting = settled(floor, "12100.00"), floor.claim()
    floor.expect(waiting, "300.00")
    floor.bill(waiting, "300.00", "0.00")
    floor.resolve(paid, "REASSIGN", to=waiting.claim_no)
    floor.work()

    floor.undo(paid)
    floor.work()

    assert floor.differences(paid) == [("-300.00", "open", None)]
    assert (floor.position(paid).over_receipt, floor.position(waiting).received) == (30_000, 0)
    assert proves(floor, paid, waiting)


def test_a_result_can_be_given_again_after_it_was_taken_back(floor: Floor) -> None:
    case = settled(floor, "11000.00")
    for _ in range(2):
        floor.resolve(case, "SHOP_ABSORB")
        floor.undo(case)
    floor.resolve(case, "SHOP_ABSORB")
    floor.work()

    assert floor.position(case).write_off == 80_000
    assert proves(floor, case)


# ------------------------------------------------------------------ an insurer takes money back


def test_a_payout_taken_back_before_the_refund_leaves_nothing_to_refund(floor: Floor) -> None:
    case = settled(floor, "11800.00")

    floor.take_back(case, "11800.00")
    floor.work()

    assert floor.sums(case) == ("0.00", "0.00", "0.00")
    refund = floor.refund(case)
    assert refund is not None
    assert refund.state == "declined"
    assert proves(floor, case)


def test_a_payout_taken_back_after_the_refund_is_a_debt_of_the_customer(floor: Floor) -> None:
    case = settled(floor, "11800.00")
    floor.pay_refund(case)
    floor.work()

    floor.take_back(case, "11800.00")
    floor.work()

    position = floor.position(case)
    assert (position.refunded, position.refund_due, position.releasable) == (440_000, 0, 0)
    assert floor.sums(case) == ("0.00", "0.00", "0.00"), "the insurer is asked again before the customer is"


def test_a_part_taken_back_after_the_refund_is_claimed_beside_the_top_up(floor: Floor) -> None:
    case = settled(floor, "11800.00")
    floor.pay_refund(case)
    floor.take_back(case, "5000.00")
    floor.work()
    floor.resolve(case, "CUSTOMER_TOPUP")

    floor.work()

    position = floor.position(case)
    assert (position.refunded - position.refund_due, position.topup_due) == (440_000, 60_000)


def test_what_a_customer_pays_back_settles_his_debt(floor: Floor) -> None:
    case = settled(floor, "11800.00")
    floor.pay_refund(case)
    floor.take_back(case, "1000.00")
    floor.resolve_later(case, "CUSTOMER_TOPUP")

    floor.take(case, "1000.00", "top-up")
    floor.work()

    position = floor.position(case)
    assert (position.refunded, position.refund_due, position.topup_due) == (440_000, 440_000, 0)


def test_an_insurer_that_pays_again_makes_the_repair_whole(floor: Floor) -> None:
    case = settled(floor, "11800.00")
    floor.take_back(case, "11800.00")
    floor.work()

    floor.pay_by_hand(case, "11800.00")
    floor.work()

    assert floor.sums(case) == ("4400.00", "4400.00", "0.00")
    assert proves(floor, case)


def test_the_first_of_two_payouts_taken_back_frees_what_the_second_had_too_much(floor: Floor) -> None:
    case = floor.claim()
    floor.expect(case, "11800.00")
    floor.bill(case, "12400.00", "600.00")
    floor.pay_by_hand(case, "6000.00")
    floor.pay_by_hand(case, "6100.00")
    floor.work()
    over = floor.lies(case, Account.OVER_RECEIPT_HELD)

    floor.take_back(case, "6000.00")
    floor.work()

    assert (over, floor.lies(case, Account.OVER_RECEIPT_HELD)) == ("300.00", "0.00")
    assert floor.position(case).received == 610_000
    assert floor.differences(case) == [("-300.00", "gone", None)]
    assert proves(floor, case)


def test_what_was_too_much_and_is_taken_back_is_no_difference_any_more(floor: Floor) -> None:
    case = settled(floor, "12100.00")

    floor.take_back(case, "300.00")
    floor.work()

    assert floor.differences(case) == [("-300.00", "gone", None)]
    assert floor.sums(case) == ("4400.00", "4400.00", "0.00")
    assert proves(floor, case)


def test_a_transfer_for_two_repairs_is_taken_back_from_both(floor: Floor) -> None:
    a, b = floor.claim(), floor.claim()
    floor.expect(a, "5600.00")
    floor.expect(a, "6200.00", Cover.THIRD_PARTY, on=floor.repair_of(b))
    floor.bill(a, "10000.00", "4400.00")
    floor.bill(b, "8000.00", "1800.00")
    floor.pay(a, "11800.00")
    floor.work()

    floor.take_back(a, "11800.00")
    floor.work()

    assert (floor.position(a).received, floor.position(b).received) == (0, 0)
    assert proves(floor, a, b)


def test_a_payout_taken_back_reopens_what_the_shop_had_borne(floor: Floor) -> None:
    case = settled(floor, "11000.00")
    floor.resolve(case, "SHOP_ABSORB")
    floor.work()

    floor.take_back(case, "11000.00")
    floor.work()

    assert floor.position(case).write_off == 0
    assert floor.position(case).topup_due == 0, "all of it is asked of the insurer again"
    assert proves(floor, case)


# ------------------------------------------------------------------ third-party money


def test_what_was_passed_on_is_no_longer_owed(floor: Floor) -> None:
    case = with_third_party(floor)

    floor.pay_other(case, "4000.00")
    part = floor.lies(case, Account.THIRD_PARTY_OWED)
    floor.pay_other(case, "2900.00")
    floor.work()

    assert (part, floor.lies(case, Account.THIRD_PARTY_OWED)) == ("2900.00", "0.00")
    assert floor.sums(case) == ("0.00", "0.00", "0.00")


def test_a_payment_that_came_back_is_owed_again(floor: Floor) -> None:
    case = with_third_party(floor)
    floor.pay_other(case, "6900.00")

    floor.unpay_other(case, "6900.00")
    floor.pay_other(case, "6900.00")

    assert floor.lies(case, Account.THIRD_PARTY_OWED) == "0.00"
    assert told(floor, case).count("third_party_paid") == 2


def test_proven_third_party_money_that_is_taken_back_leaves_the_customer_with_a_debt(floor: Floor) -> None:
    case = with_third_party(floor)
    floor.fact(case, "third-party-proof", "6900.00")
    floor.work()
    floor.pay_refund(case)

    floor.take_back(case, "6900.00")
    floor.work()

    position = floor.position(case)
    assert (position.refunded, position.refund_due) == (690_000, 0)
    assert floor.lies(case, Account.THIRD_PARTY_OWED) == "0.00"
    assert proves(floor, case)


def test_third_party_money_taken_back_is_not_owed(floor: Floor) -> None:
    case = with_third_party(floor)

    floor.take_back(case, "6900.00")
    floor.work()

    assert floor.position(case).third_party == 0
    assert proves(floor, case)


def test_a_proof_given_before_the_money_lets_it_be_the_customers_at_once(floor: Floor) -> None:
    case = with_third_party(floor, paid=None)
    floor.fact(case, "third-party-proof", "6900.00")

    floor.pay(case, "11200.00")
    floor.work()

    assert floor.sums(case) == ("6900.00", "6900.00", "0.00")
    assert proves(floor, case)
