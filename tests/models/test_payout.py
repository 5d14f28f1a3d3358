"""How a payment on a claim is shared out over its lines."""

import pytest

from models.payout import LineBalance, spread
from models.words import Cover, LineKind

OWN, OTHER = LineKind.OWN_REPAIR, LineKind.OTHER_AGENCY
COMPULSORY, DAMAGE, THIRD = Cover.COMPULSORY, Cover.OWN_DAMAGE, Cover.THIRD_PARTY

# A's insurer of scenario 8: 交强 and 三者 pay for B's car, 车损 for A's.
OF_A = [
    LineBalance(1, OWN, 200_000, 0, COMPULSORY),
    LineBalance(2, OWN, 420_000, 0, THIRD),
    LineBalance(3, OWN, 560_000, 0, DAMAGE),
]
UNSPLIT = [LineBalance(1, OWN, 430_000, 0), LineBalance(2, OTHER, 690_000, 0)]

CASES = [
    ("all covers in one transfer", 1_180_000, OF_A, [(1, 200_000), (2, 420_000), (3, 560_000)]),
    ("one cover alone", 420_000, OF_A, [(2, 420_000)]),
    ("the last cover alone", 560_000, OF_A, [(3, 560_000)]),
    ("both liability covers", 620_000, OF_A, [(1, 200_000), (2, 420_000)]),
    ("compulsory and damage together", 760_000, OF_A, [(1, 200_000), (3, 560_000)]),
    ("a sum that fits nothing fills in order", 300_000, OF_A, [(1, 200_000), (2, 100_000)]),
    ("what is over all lines stays on the last", 1_180_001, OF_A, [(1, 200_000), (2, 420_000), (3, 560_001)]),
    ("unsplit: third party first, whatever the sum", 430_000, UNSPLIT, [(2, 430_000)]),
    ("unsplit: the repair takes the rest", 1_120_000, UNSPLIT, [(2, 690_000), (1, 430_000)]),
    (
        "two equal covers can't be told apart",
        100,
        [LineBalance(1, OWN, 100, 0, COMPULSORY), LineBalance(2, OTHER, 100, 0, THIRD)],
        [(2, 100)],
    ),
    (
        "what has come already is not expected again",
        60,
        [LineBalance(1, OWN, 100, 40, COMPULSORY), LineBalance(2, OWN, 100, 0, DAMAGE)],
        [(1, 60)],
    ),
]


@pytest.mark.parametrize(("name", "amount", "lines", "shares"), CASES, ids=[case[0] for case in CASES])
def test_a_payment_goes_to_the_lines_it_fits(
    name: str, amount: int, lines: list[LineBalance], shares: list[tuple[int, int]]
) -> None:
    assert spread(amount, lines) == shares
    assert sum(share for _, share in shares) == amount
