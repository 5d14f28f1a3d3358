"""A simple explanation that a run with a defect or two rivals is none to act on."""

import pytest

from tasks.reconciliation.rivals import MOST_CLAIMS, has_rival

OWED = [123_457, 846_311, 501_903, 277_049, 690_121, 934_507]
RUN = frozenset({1, 2, 3})
TOTAL = sum(OWED[1:4])


@pytest.mark.parametrize(
    ("more", "rivalled"),
    [
        pytest.param([], False, id="nothing comes near"),
        pytest.param([501_903], True, id="a stranger like the one it would leave out"),
        pytest.param(
            [846_311 - 123_457], True, id="one left out, two taken in: a run of three with two strangers"
        ),
        pytest.param([277_050], False, id="one fen beside"),
        pytest.param([TOTAL], True, id="one claim alone"),
        pytest.param([1_000_003, TOTAL - 1_000_003], True, id="two claims"),
    ],
)
def test_exchanges_that_cost_the_sum_nothing(more: list[int], rivalled: bool) -> None:
    assert has_rival([*OWED, *more], TOTAL, RUN) == rivalled


def test_among_too_many_claims_a_rival_is_taken_for_granted() -> None:
    assert has_rival([1_000_003] * (MOST_CLAIMS + 1), 1, frozenset({0}))
