"""资金占用损失(测算): amount x LPR x days / 365, half up once (domain 2.5)."""

from datetime import date

import pytest

from tasks.chasing.interest import Interest, Rate, estimate

D = date.fromisoformat
THREE = Rate(D("2026-01-20"), 30_000)


@pytest.mark.parametrize(
    "amount, due, until, rates, found",
    [
        # The example of domain 2.5: 43.6438...
        (1_180_000, "2026-10-08", "2026-11-22", [THREE], Interest(4_364, 45, "3.00%")),
        # Half a fen goes up: 365 days at 3 % of 0.50 yuan are 1.5 fen.
        (50, "2026-01-31", "2027-01-31", [THREE], Interest(2, 365, "3.00%")),
        (50, "2026-01-31", "2027-01-30", [THREE], Interest(1, 364, "3.00%")),
        (500_000, "2026-10-08", "2026-10-09", [THREE], Interest(41, 1, "3.00%")),
        # The rate of each day; one of the same height is not told twice.
        (
            1_180_000, "2026-10-08", "2026-11-22", [THREE, Rate(D("2026-10-20"), 31_000)],
            Interest(4_474, 45, "3.00%（11 日）、3.10%（34 日）"),
        ),
        (
            1_180_000, "2026-10-08", "2026-11-22", [THREE, Rate(D("2026-10-20"), 30_000)],
            Interest(4_364, 45, "3.00%"),
        ),
        (1_180_000, "2026-10-08", "2026-11-22", [Rate(D("2020-01-20"), 41_500), THREE], Interest(4_364, 45, "3.00%")),
        # A rate of after is not asked.
        (1_180_000, "2026-10-08", "2026-11-22", [THREE, Rate(D("2026-11-23"), 90_000)], Interest(4_364, 45, "3.00%")),
        # Not late, or no rate for the first day.
        (1_180_000, "2026-10-08", "2026-10-08", [THREE], None),
        (1_180_000, "2026-10-08", "2026-11-22", [], None),
        (1_180_000, "2026-01-10", "2026-11-22", [THREE], None),
    ],
)  # fmt: skip
def test_lateness_costs_the_published_rate_by_the_day(
    amount: int, due: str, until: str, rates: list[Rate], found: Interest | None
) -> None:
    assert estimate(amount, D(due), D(until), rates) == found
