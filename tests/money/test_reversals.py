"""An insurer takes money back, and third parties are paid."""

from models.words import Account, Cover
from tests.money.beginnings import proves, settled, told, with_third_party
from tests.money.floor import Floor

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
