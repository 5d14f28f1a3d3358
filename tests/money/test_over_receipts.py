"""What becomes of too much money, and how a result is taken back."""

import pytest
from sqlalchemy import select

from models.case import Case
from models.event import Event
from models.words import Account, Cover
from tests.money.beginnings import proves, settled
from tests.money.floor import Floor

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
