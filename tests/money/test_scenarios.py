"""The nine scenarios of domain 1.8 through the jobs: billed, expected, paid, compared, settled; both policies.

A row is one repair with one claim. Its steps are what people and nights do, in their order; the sums are
what is due back, what may go back now, and what the customer still owes.
"""

from typing import Any

import pytest

from models.words import Account, Cover
from tests.money.floor import Floor

FINAL, PROGRESSIVE = "FINAL", "PROGRESSIVE"

# Scenario 4: repaired before it was assessed, 5,000.00 deposit, 11,800.00 approved, the gap is the customer's.
REPAIR_4 = [("expect", "11800.00"), ("bill", "12400.00", "600.00"), ("take", "5000.00")]
SHORT_4 = [*REPAIR_4, ("pay", "11000.00"), ("fact", "payment-final")]
OVER_4 = [*REPAIR_4, ("pay", "12100.00")]

ROWS: list[tuple[str, str, list[Any], tuple[str, str, str]]] = [
    (
        "1 one car, the deductible is the customer's", FINAL,
        [("expect", "7100.00"), ("bill", "7600.00", "500.00"), ("take", "500.00", "self-pay"), ("pay", "7100.00")],
        ("0.00", "0.00", "0.00"),
    ),
    (
        "1 short, the customer makes it up out of nothing held", FINAL,
        [
            ("expect", "7100.00"), ("bill", "7600.00", "500.00"), ("take", "500.00", "self-pay"),
            ("pay", "7000.00"), ("fact", "payment-final"), ("work",), ("resolve", "CUSTOMER_TOPUP"),
        ],
        ("0.00", "0.00", "100.00"),
    ),
    (
        "1 short, the shop bears it", FINAL,
        [
            ("expect", "7100.00"), ("bill", "7600.00", "500.00"), ("take", "500.00", "self-pay"),
            ("pay", "7000.00"), ("fact", "payment-final"), ("work",), ("resolve", "SHOP_ABSORB"),
        ],
        ("0.00", "0.00", "0.00"),
    ),
    (
        "1 over, on hold", PROGRESSIVE,
        [("expect", "7100.00"), ("bill", "7600.00", "500.00"), ("take", "500.00", "self-pay"), ("pay", "7150.00")],
        ("0.00", "0.00", "0.00"),
    ),
    (
        "3 the customer pays the gap", FINAL,
        [("expect", "8600.00"), ("bill", "9850.00", "1250.00"), ("take", "1250.00"), ("pay", "8600.00")],
        ("0.00", "0.00", "0.00"),
    ),
    (
        "3 raised later: on hold first", FINAL,
        [("expect", "8600.00"), ("bill", "9850.00", "1250.00"), ("take", "1250.00"), ("pay", "9300.00")],
        ("0.00", "0.00", "0.00"),
    ),
    (
        "3 raised later: entitled", FINAL,
        [
            ("expect", "8600.00"), ("bill", "9850.00", "1250.00"), ("take", "1250.00"), ("pay", "9300.00"),
            ("work",), ("resolve", "ENTITLED"),
        ],
        ("700.00", "700.00", "0.00"),
    ),
    ("4 all paid", FINAL, [*REPAIR_4, ("pay", "11800.00")], ("4400.00", "4400.00", "0.00")),
    ("4 short, nobody has decided, careful", FINAL, SHORT_4, ("3600.00", "0.00", "0.00")),
    ("4 short, nobody has decided, quick", PROGRESSIVE, SHORT_4, ("3600.00", "3600.00", "0.00")),
    (
        "4 short, the customer pays", FINAL, [*SHORT_4, ("work",), ("resolve", "CUSTOMER_TOPUP")],
        ("3600.00", "3600.00", "0.00"),
    ),
    (
        "4 short, the shop bears it", FINAL, [*SHORT_4, ("work",), ("resolve", "SHOP_ABSORB")],
        ("4400.00", "4400.00", "0.00"),
    ),
    (
        "4 short, claimed again, careful", FINAL, [*SHORT_4, ("work",), ("resolve", "RECLAIM")],
        ("3600.00", "0.00", "0.00"),
    ),
    (
        "4 short, claimed again, quick", PROGRESSIVE, [*SHORT_4, ("work",), ("resolve", "RECLAIM")],
        ("3600.00", "3600.00", "0.00"),
    ),
    (
        "4 short, in dispute, careful", FINAL, [*SHORT_4, ("work",), ("resolve", "DISPUTE")],
        ("3600.00", "0.00", "0.00"),
    ),
    (
        "4 short, in dispute, quick", PROGRESSIVE, [*SHORT_4, ("work",), ("resolve", "DISPUTE")],
        ("3600.00", "3600.00", "0.00"),
    ),
    (
        "4 in dispute, and the rest comes", FINAL,
        [*SHORT_4, ("work",), ("resolve", "DISPUTE"), ("pay", "800.00")],
        ("4400.00", "4400.00", "0.00"),
    ),
    ("4 over, on hold", FINAL, OVER_4, ("4400.00", "4400.00", "0.00")),
    (
        "4 over, entitled", FINAL, [*OVER_4, ("work",), ("resolve", "ENTITLED")],
        ("4700.00", "4700.00", "0.00"),
    ),
    (
        "4 over, it was the customer's cost", FINAL, [*OVER_4, ("work",), ("resolve", "CUSTOMER_COST")],
        ("4700.00", "4700.00", "0.00"),
    ),
    (
        "4 over, sent back to the insurer", FINAL, [*OVER_4, ("work",), ("resolve", "RETURN_TO_INSURER")],
        ("4400.00", "4400.00", "0.00"),
    ),
    (
        "5 maintenance on the bill", FINAL,
        [("expect", "5320.00"), ("bill", "6480.00", "1160.00"), ("take", "1160.00", "self-pay"), ("pay", "5320.00")],
        ("0.00", "0.00", "0.00"),
    ),
    (
        "5 short by a fen: rounding", FINAL,
        [("expect", "5320.00"), ("bill", "6480.00", "1160.00"), ("take", "2000.00"), ("pay", "5319.99")],
        ("840.00", "840.00", "0.00"),
    ),
    (
        "6a the customer had paid the other shop", FINAL,
        [
            ("expect", "4300.00"), ("expect_third", "6900.00"), ("bill", "4300.00", "0.00"),
            ("pay", "11200.00"), ("fact", "third-party-proof", "6900.00"),
        ],
        ("6900.00", "6900.00", "0.00"),
    ),
    (
        "6a the proof came before the money", PROGRESSIVE,
        [
            ("expect", "4300.00"), ("expect_third", "6900.00"), ("bill", "4300.00", "0.00"),
            ("fact", "third-party-proof", "6900.00"), ("pay", "11200.00"),
        ],
        ("6900.00", "6900.00", "0.00"),
    ),
    (
        "6b the other shop waits for its money", FINAL,
        [
            ("expect", "4300.00"), ("expect_third", "6900.00"), ("bill", "4300.00", "0.00"),
            ("pay", "11200.00"),
        ],
        ("0.00", "0.00", "0.00"),
    ),
    (
        "6b the other shop got it from us", FINAL,
        [
            ("expect", "4300.00"), ("expect_third", "6900.00"), ("bill", "4300.00", "0.00"),
            ("pay", "11200.00"), ("pay_other", "6900.00"),
        ],
        ("0.00", "0.00", "0.00"),
    ),
    (
        "6b short: the third party's money fills first, the repair bears what is missing", PROGRESSIVE,
        [
            ("expect", "4300.00"), ("expect_third", "6900.00"), ("bill", "4300.00", "0.00"),
            ("take", "1000.00"), ("pay", "11000.00"), ("fact", "payment-final"),
        ],
        ("800.00", "800.00", "0.00"),
    ),
]  # fmt: skip


def play(floor: Floor, policy: str, steps: list[Any]) -> Any:
    """Do the steps on a claim of its own, and the night after them."""
    case = floor.claim()
    floor.setting("release_policy", policy)
    for verb, *words in steps:
        if verb == "work":
            floor.work()
        elif verb == "expect_third":
            floor.expect(case, words[0], Cover.THIRD_PARTY, third=True)
        else:
            getattr(floor, verb)(case, *words)
    floor.work()
    return case


@pytest.mark.parametrize(("name", "policy", "steps", "sums"), ROWS, ids=[row[0] for row in ROWS])
def test_every_scenario_ends_with_the_sums_of_the_domain(
    floor: Floor, name: str, policy: str, steps: list[Any], sums: tuple[str, str, str]
) -> None:
    case = play(floor, policy, steps)

    assert floor.sums(case) == sums


@pytest.mark.parametrize("policy", [FINAL, PROGRESSIVE])
def test_2_who_claims_for_himself_pays_all_and_gets_nothing_back(floor: Floor, policy: str) -> None:
    case = floor.claim(is_agency_claim=False)
    floor.setting("release_policy", policy)
    floor.bill(case, "3260.00", "3260.00")
    floor.take(case, "3260.00", "self-pay")

    floor.work()

    assert floor.sums(case) == ("0.00", "0.00", "0.00")


def test_2_what_an_insurer_pays_by_mistake_is_held_and_then_passed_to_the_customer(floor: Floor) -> None:
    case = floor.claim(is_agency_claim=False)
    floor.bill(case, "3260.00", "3260.00")
    floor.take(case, "3260.00", "self-pay")
    floor.pay(case, "3000.00")
    floor.work()
    held = floor.sums(case), floor.differences(case)

    floor.resolve(case, "CUSTOMER_COST")
    floor.work()

    assert held == (("0.00", "0.00", "0.00"), [("-3000.00", "open", None)])
    assert floor.sums(case) == ("3000.00", "3000.00", "0.00")


def test_7_two_claims_on_one_repair_pay_one_bill(floor: Floor) -> None:
    first = floor.claim()
    second = floor.claim(floor.repair_of(first))
    floor.expect(first, "5200.00")
    floor.expect(second, "2800.00")
    floor.bill(first, "8750.00", "750.00")
    floor.take(first, "2000.00")
    floor.pay(first, "5200.00")
    floor.work()
    after_one = floor.position(first).surplus, floor.sums(first)

    floor.pay(second, "2800.00")
    floor.work()

    assert after_one == (-155_000, ("0.00", "0.00", "0.00"))
    assert floor.sums(first) == ("1250.00", "1250.00", "0.00")


TRANSFERS_8 = [
    # name, what A's insurer sends, what B's insurer sends
    ("one transfer each", ["11800.00"], ["6200.00"]),
    ("a transfer per cover", ["2000.00", "4200.00", "5600.00"], ["2000.00", "2400.00", "1800.00"]),
    ("covers in another order", ["5600.00", "2000.00", "4200.00"], ["1800.00", "2000.00", "2400.00"]),
    ("liability first, own damage later", ["6200.00", "5600.00"], ["4400.00", "1800.00"]),
]


@pytest.mark.parametrize(("name", "of_a", "of_b"), TRANSFERS_8, ids=[row[0] for row in TRANSFERS_8])
def test_8_two_claims_on_two_repairs_pay_each_its_share(
    floor: Floor, name: str, of_a: list[str], of_b: list[str]
) -> None:
    a, b = both_cars_here(floor)

    for transfer in of_a:
        floor.pay(a, transfer)
    for transfer in of_b:
        floor.pay(b, transfer)
    floor.work()

    assert (floor.position(a).received, floor.position(b).received) == (1_000_000, 800_000)
    assert (floor.sums(a), floor.sums(b)) == (("0.00", "0.00", "0.00"), ("0.00", "0.00", "0.00"))
    assert (floor.differences(a), floor.differences(b)) == ([], [])


def test_8_deposits_go_back_per_repair(floor: Floor) -> None:
    a, b = both_cars_here(floor)
    floor.take(a, "3000.00")
    floor.take(b, "2000.00")

    floor.pay(a, "11800.00")
    floor.work()
    after_a = floor.sums(a), floor.sums(b)
    floor.pay(b, "6200.00")
    floor.work()

    # After A's insurer A has 5,600 of 10,000 and B 6,200 of 8,000: B's insurer still owes both.
    assert after_a == (("0.00", "0.00", "0.00"), ("200.00", "0.00", "0.00"))
    assert (floor.sums(a), floor.sums(b)) == (("3000.00", "3000.00", "0.00"), ("2000.00", "2000.00", "0.00"))


def test_8_a_short_cover_holds_only_the_repair_it_pays_for(floor: Floor) -> None:
    a, b = both_cars_here(floor)
    floor.take(a, "3000.00")
    floor.take(b, "2000.00")
    floor.pay(b, "6200.00")
    floor.pay(a, "5600.00")
    floor.pay(a, "2000.00")
    floor.pay(a, "4000.00")
    floor.fact(a, "payment-final")

    floor.work()

    assert floor.sums(a) == ("3000.00", "3000.00", "0.00")
    assert floor.sums(b) == ("1800.00", "0.00", "0.00")
    assert floor.differences(a) == [("200.00", "open", None)]


def both_cars_here(floor: Floor) -> tuple[Any, Any]:
    """A, 70 % liable, and B, 30 %: each one's insurer pays for both cars (domain 1.8, scenario 8)."""
    a, b = floor.claim(), floor.claim()
    car_a, car_b = floor.repair_of(a), floor.repair_of(b)
    floor.expect(a, "5600.00", Cover.OWN_DAMAGE)
    floor.expect(a, "2000.00", Cover.COMPULSORY, on=car_b)
    floor.expect(a, "4200.00", Cover.THIRD_PARTY, on=car_b)
    floor.expect(b, "1800.00", Cover.OWN_DAMAGE)
    floor.expect(b, "2000.00", Cover.COMPULSORY, on=car_a)
    floor.expect(b, "2400.00", Cover.THIRD_PARTY, on=car_a)
    floor.bill(a, "10000.00", "0.00")
    floor.bill(b, "8000.00", "0.00")
    return a, b


@pytest.mark.parametrize(
    ("policy", "after_one"),
    [(FINAL, ("2000.00", "0.00", "0.00")), (PROGRESSIVE, ("2000.00", "2000.00", "0.00"))],
)
def test_9_the_other_sides_insurer_pays_in_two_transfers(
    floor: Floor, policy: str, after_one: tuple[str, str, str]
) -> None:
    case = floor.claim()
    floor.setting("release_policy", policy)
    floor.expect(case, "2000.00", Cover.COMPULSORY)
    floor.expect(case, "3600.00", Cover.THIRD_PARTY)
    floor.bill(case, "5600.00", "0.00")
    floor.take(case, "5600.00")
    floor.pay(case, "2000.00")
    floor.work()
    first = floor.sums(case)

    floor.pay(case, "3600.00")
    floor.work()

    assert first == after_one
    assert floor.sums(case) == ("5600.00", "5600.00", "0.00")
    assert floor.lies(case, Account.OVER_RECEIPT_HELD) == "0.00"
