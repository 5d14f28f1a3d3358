"""What becomes of a refund when the sums are looked at again."""

import pytest

from models.words import RefundState
from tasks.refunds.decisions import Step, UnderWay, next_step

CASES = [
    # releasable now, newest refund (amount, state, taken back by a night) or None, what to do
    (0, None, Step.NOTHING),
    (500, None, Step.PREPARE),
    (500, (500, RefundState.WAITING), Step.NOTHING),
    (600, (500, RefundState.WAITING), Step.CHANGE),
    (0, (500, RefundState.WAITING), Step.WITHDRAW),
    (500, (500, RefundState.APPROVED), Step.NOTHING),
    (600, (500, RefundState.APPROVED), Step.ASK_AGAIN),
    (0, (500, RefundState.APPROVED), Step.WITHDRAW),
    (600, (500, RefundState.IN_FILE), Step.NOTHING),
    (500, (500, RefundState.DECLINED), Step.NOTHING),
    (600, (500, RefundState.DECLINED), Step.PREPARE),
    (0, (500, RefundState.DECLINED), Step.NOTHING),
    (0, (500, RefundState.PAID), Step.NOTHING),
    (200, (500, RefundState.PAID), Step.PREPARE),
    (500, (500, RefundState.BOUNCED), Step.PREPARE),
    (500, (500, RefundState.DECLINED, True), Step.PREPARE),
    (0, (500, RefundState.DECLINED, True), Step.NOTHING),
    (500, (500, RefundState.FAILED), Step.PREPARE),
]


@pytest.mark.parametrize(("releasable", "newest", "step"), CASES, ids=str)
def test_a_refund_follows_the_sums_but_never_a_person_s_no(
    releasable: int, newest: tuple[int, RefundState] | tuple[int, RefundState, bool] | None, step: Step
) -> None:
    under_way = UnderWay(1, *newest) if newest else None

    assert next_step(releasable, under_way) is step
