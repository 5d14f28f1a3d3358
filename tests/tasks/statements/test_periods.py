"""From when to when an account's statements reach, and what lies between them."""

from datetime import date
from typing import Any

import pytest

from tasks.statements.periods import Covered, gaps, sentence


def november(
    first: int, last: int, opening: int | None, closing: int | None, stated: bool = False
) -> Covered:
    return Covered(f"{first}.csv", date(2026, 11, first), date(2026, 11, last), stated, opening, closing)


@pytest.mark.parametrize(
    ("statements", "missing"),
    [
        ([november(1, 10, 100, 200), november(11, 20, 200, 300)], []),
        ([november(1, 10, 100, 200), november(15, 20, 200, 300)], []),  # four days without a line
        ([november(15, 20, 250, 300), november(1, 10, 100, 200)], [(11, 14, 50)]),
        ([november(1, 10, 100, 200), november(11, 20, 250, 300)], [(10, 10, 50)]),  # later that day
        ([november(1, 10, 100, 200), november(8, 20, 190, 300)], []),  # an overlap
        ([november(1, 20, 100, 300), november(5, 6, 110, 120), november(21, 22, 300, 310)], []),
        ([november(1, 5, 100, 200), november(6, 9, 250, 260), november(6, 9, 200, 260)], [(5, 5, 50)]),
        ([november(1, 5, None, None, True), november(8, 9, None, None, True)], [(6, 7, None)]),
        ([november(1, 5, None, None), november(8, 9, None, None)], []),  # nobody can say
        ([november(1, 5, None, None, True), november(6, 9, None, None, True)], []),
    ],
)
def test_a_gap_is_where_balances_or_named_days_leave_one(
    statements: list[Covered], missing: list[Any]
) -> None:
    assert [(gap.first.day, gap.last.day, gap.missing) for gap in gaps(statements)] == missing


def test_a_gap_is_told_with_its_days_and_figures() -> None:
    (gap,) = gaps([november(1, 10, 100, 200), november(15, 20, 250, 300)])

    assert sentence("3207004012345678901", gap) == (
        "Account ****8901: lines of 2026-11-11 to 2026-11-14 are missing: 1.csv closes with 2.00, and 15.csv "
        "opens with 2.50. Export these days"
    )
