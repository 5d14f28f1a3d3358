"""What becomes of a repair's refund when its position is computed anew. Pure."""

from dataclasses import dataclass
from enum import StrEnum

from models.words import RefundState


class Step(StrEnum):
    """What to do with the refund under way."""

    NOTHING = "nothing"
    PREPARE = "prepare"
    """Write a new refund that waits for approval."""
    CHANGE = "change"
    """Give the waiting one its new amount."""
    ASK_AGAIN = "ask_again"
    """It was approved with another amount: release the money and wait for approval again."""
    WITHDRAW = "withdraw"
    """Nothing goes back any more."""


@dataclass(frozen=True)
class UnderWay:
    """The newest refund of a work order, in fen."""

    refund_id: int
    amount: int
    state: RefundState
    withdrawn: bool = False
    """Declined by a night, because nothing was due any more."""


_WAITS = frozenset({RefundState.COMPUTED, RefundState.WAITING})
_OVER = frozenset({RefundState.PAID, RefundState.BOUNCED, RefundState.FAILED})
_LAID_ASIDE = frozenset({RefundState.APPROVED, RefundState.UNCLAIMED})


def next_step(releasable: int, newest: UnderWay | None) -> Step:
    """Decide; a refund in a payment file is left alone until the bank has spoken."""
    if newest is None or newest.withdrawn or newest.state in _OVER:
        return Step.PREPARE if releasable else Step.NOTHING
    if newest.state is RefundState.DECLINED:
        # A person said no to this very sum; another sum is another question.
        return Step.PREPARE if releasable not in (0, newest.amount) else Step.NOTHING
    if newest.state in _WAITS:
        if not releasable:
            return Step.WITHDRAW
        return Step.NOTHING if releasable == newest.amount else Step.CHANGE
    if newest.state in _LAID_ASIDE and releasable != newest.amount:
        return Step.ASK_AGAIN if releasable else Step.WITHDRAW
    return Step.NOTHING
