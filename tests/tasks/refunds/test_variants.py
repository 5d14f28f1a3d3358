"""Every scenario of domain 1.8 paid short, in parts, too much or after a refund, under both policies.

The sums were worked out by hand from the formula of domain 1.7; amounts are fen.
"""

from dataclasses import replace
from typing import Any

import pytest

from models.words import ReleasePolicy, Resolution
from tasks.refunds.rules import Line, Repair, refund
from tests.tasks.refunds.test_rules import other, own, repair

TOPUP, ABSORB, RECLAIM = Resolution.CUSTOMER_TOPUP, Resolution.SHOP_ABSORB, Resolution.RECLAIM
DISPUTE, ROUNDING = Resolution.DISPUTE, Resolution.ROUNDING


def one(received: int, result: Resolution | None = None, **facts: Any) -> Repair:
    """Scenario 1: 7,600.00 with a deductible of 500.00."""
    return repair(760_000, facts.pop("paid", 50_000), own(710_000, received, result), **facts)


def three(paid: int, received: int, result: Resolution | None = None, **facts: Any) -> Repair:
    return repair(985_000, paid, own(860_000, received, result), **facts)


def four(received: int, result: Resolution | None = None, **facts: Any) -> Repair:
    return repair(1_240_000, 500_000, own(1_180_000, received, result), **facts)


def five(paid: int, received: int, result: Resolution | None = None) -> Repair:
    return repair(648_000, paid, own(532_000, received, result))


def six(paid: int, mine: Line, third: Line) -> Repair:
    return repair(430_000, paid, mine, third)


def seven(first: Line, second: Line, **facts: Any) -> Repair:
    return repair(875_000, 200_000, first, second, **facts)


def eight(paid: int, of_three: int, result: Resolution | None = None, **facts: Any) -> Repair:
    lines = own(560_000, 560_000), own(200_000, of_three, result), own(240_000, 240_000)
    return repair(1_000_000, paid, *lines, **facts)


def nine(second: Line, **facts: Any) -> Repair:
    return repair(560_000, 560_000, own(200_000, 200_000), second, **facts)


WHOLE = own(430_000, 430_000)
# name, repair, refund due, releasable FINAL, releasable PROGRESSIVE, top-up, over-receipt B, third party Y
VARIANTS = [
    ("1 short, nobody decided", one(700_000), 0, 0, 0, 0, 0, 0),
    ("1 short, the customer's", one(700_000, TOPUP), 0, 0, 0, 10_000, 0, 0),
    ("1 short, the shop's", one(700_000, ABSORB, write_off=10_000), 0, 0, 0, 0, 0, 0),
    ("1 short, claimed again", one(700_000, RECLAIM), 0, 0, 0, 0, 0, 0),
    ("1 over, on hold", one(715_000), 0, 0, 0, 0, 5_000, 0),
    ("1 over, entitled", repair(760_000, 50_000, own(715_000, 715_000)), 5_000, 5_000, 5_000, 0, 0, 0),
    ("1 the deductible was not paid", one(710_000, paid=0), 0, 0, 0, 50_000, 0, 0),
    ("1 nothing has come", one(0), 0, 0, 0, 0, 0, 0),
    ("2 the insurer paid the shop by mistake",
     repair(326_000, 326_000, own(0, 300_000), is_agency_claim=False), 0, 0, 0, 0, 300_000, 0),
    ("2 and it is passed to the customer",
     repair(326_000, 326_000, own(300_000, 300_000), is_agency_claim=False), 300_000, 300_000, 300_000, 0, 0, 0),
    ("2 he paid more than the bill", repair(326_000, 330_000, is_agency_claim=False), 4_000, 4_000, 4_000, 0, 0, 0),
    ("2 he paid a fen less", repair(326_000, 325_999, is_agency_claim=False), 0, 0, 0, 1, 0, 0),
    ("3 short, nobody decided", three(125_000, 850_000), 0, 0, 0, 0, 0, 0),
    ("3 a larger deposit", three(200_000, 860_000), 75_000, 75_000, 75_000, 0, 0, 0),
    ("3 a larger deposit, short", three(200_000, 850_000), 65_000, 0, 65_000, 0, 0, 0),
    ("3 a larger deposit, short, the customer's", three(200_000, 850_000, TOPUP), 65_000, 65_000, 65_000, 0, 0, 0),
    ("3 five fen short, rounded", three(200_000, 859_995, ROUNDING, write_off=5), 75_000, 75_000, 75_000, 0, 0, 0),
    ("4 the first part", four(600_000), 0, 0, 0, 0, 0, 0),
    ("4 the second part", four(1_000_000), 260_000, 0, 260_000, 0, 0, 0),
    ("4 disputed", four(1_100_000, DISPUTE), 360_000, 0, 360_000, 0, 0, 0),
    ("4 over", four(1_210_000), 440_000, 440_000, 440_000, 0, 30_000, 0),
    ("4 all taken back after the refund", four(0, refunded=440_000), 0, 0, 0, 0, 0, 0),
    ("4 part of it refunded, the rest came", four(1_180_000, refunded=360_000), 440_000, 80_000, 80_000, 0, 0, 0),
    ("4 refunded to the fen", four(1_180_000, refunded=440_000), 440_000, 0, 0, 0, 0, 0),
    ("5 a fen short, within the tolerance", five(200_000, 531_999), 83_999, 83_999, 83_999, 0, 0, 0),
    ("5 six fen short", five(200_000, 531_994), 83_994, 0, 83_994, 0, 0, 0),
    ("5 over", five(116_000, 532_100), 0, 0, 0, 0, 100, 0),
    ("5 refused whole, the customer's", five(116_000, 0, TOPUP), 0, 0, 0, 532_000, 0, 0),
    ("6 proved, the third party short", six(0, WHOLE, other(690_000, 600_000, proof=True)),
     600_000, 0, 600_000, 0, 0, 0),
    ("6 proved, short, the customer's",
     six(0, WHOLE, replace(other(690_000, 600_000, proof=True), resolution=TOPUP)), 600_000, 600_000, 600_000, 0, 0, 0),
    ("6 not proved, over", six(0, WHOLE, other(690_000, 700_000)), 0, 0, 0, 0, 10_000, 690_000),
    ("6 not proved, a deposit", six(50_000, WHOLE, other(690_000, 690_000)), 50_000, 50_000, 50_000, 0, 0, 690_000),
    ("6 not proved, our part short", six(0, own(430_000, 400_000), other(690_000, 690_000)), 0, 0, 0, 0, 0, 690_000),
    ("6 our part short, the customer's", six(0, own(430_000, 400_000, TOPUP), other(690_000, 690_000)),
     0, 0, 0, 30_000, 0, 690_000),
    ("6 the third party's money has not come", six(20_000, WHOLE, other(690_000, 0)), 20_000, 0, 20_000, 0, 0, 0),
    ("7 the second short", seven(own(520_000, 520_000), own(280_000, 260_000)), 105_000, 0, 105_000, 0, 0, 0),
    ("7 the second short, the customer's",
     seven(own(520_000, 520_000), own(280_000, 260_000, TOPUP)), 105_000, 105_000, 105_000, 0, 0, 0),
    ("7 the second short, the shop's",
     seven(own(520_000, 520_000), own(280_000, 260_000, ABSORB), write_off=20_000), 125_000, 125_000, 125_000, 0, 0, 0),
    ("7 the second over", seven(own(520_000, 520_000), own(280_000, 285_000)), 125_000, 125_000, 125_000, 0, 5_000, 0),
    ("7 money on the wrong claim",
     seven(own(520_000, 530_000), own(280_000, 270_000)), 115_000, 0, 115_000, 0, 10_000, 0),
    ("7 the second refused, the customer's",
     seven(own(520_000, 520_000), own(280_000, 0, TOPUP)), 0, 0, 0, 155_000, 0, 0),
    ("8 A short", eight(0, 150_000), 0, 0, 0, 0, 0, 0),
    ("8 A short, with a deposit", eight(100_000, 150_000), 50_000, 0, 50_000, 0, 0, 0),
    ("8 A short, the shop's", eight(100_000, 150_000, ABSORB, write_off=50_000), 100_000, 100_000, 100_000, 0, 0, 0),
    ("8 A over", eight(0, 220_000), 0, 0, 0, 0, 20_000, 0),
    ("9 the second short", nine(own(360_000, 300_000)), 500_000, 0, 500_000, 0, 0, 0),
    ("9 the second short, the customer's", nine(own(360_000, 300_000, TOPUP)), 500_000, 500_000, 500_000, 0, 0, 0),
    ("9 the second short, the shop's",
     nine(own(360_000, 300_000, ABSORB), write_off=60_000), 560_000, 560_000, 560_000, 0, 0, 0),
    ("9 the second disputed", nine(own(360_000, 300_000, DISPUTE)), 500_000, 0, 500_000, 0, 0, 0),
    ("9 the second over", nine(own(360_000, 400_000)), 560_000, 560_000, 560_000, 0, 40_000, 0),
    ("9 the first refunded, the second came",
     nine(own(360_000, 360_000), refunded=200_000), 560_000, 360_000, 360_000, 0, 0, 0),
]  # fmt: skip


@pytest.mark.parametrize(
    ("given_", "due", "careful", "quick", "topup", "over", "third"),
    [row[1:] for row in VARIANTS],
    ids=[row[0] for row in VARIANTS],
)
def test_every_variant_under_both_policies(
    given_: Repair, due: int, careful: int, quick: int, topup: int, over: int, third: int
) -> None:
    final = refund(replace(given_, policy=ReleasePolicy.FINAL))
    progressive = refund(replace(given_, policy=ReleasePolicy.PROGRESSIVE))

    assert (final.releasable, progressive.releasable) == (careful, quick)
    for figures in (final, progressive):
        assert (figures.refund_due, figures.topup_due) == (due, topup)
        assert (figures.over_receipt, figures.third_party) == (over, third)
