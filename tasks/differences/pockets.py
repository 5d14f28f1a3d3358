"""Where the insurer's money of a repair lies, and how it gets from place to place. Pure; amounts are fen.

A receipt lies in one of three pockets: with the repair, owed to a third party, or on hold because it is
above what was expected (domain 1.7, Y and B).
"""

from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import NamedTuple, Protocol

from models.words import EntryKind, LineKind


class Pocket(StrEnum):
    """Where a receipt lies; BANK is what left the repair."""

    OWN = "own"
    THIRD = "third"
    HOLD = "hold"
    BANK = "bank"


class Way(NamedTuple):
    """How money goes from one pocket to another: kinds to reverse, newest first, then kinds to post."""

    undo: tuple[EntryKind, ...] = ()
    post: tuple[EntryKind, ...] = ()


K, P = EntryKind, Pocket

BRINGS: Mapping[EntryKind, tuple[Pocket, Pocket]] = {
    K.PAYOUT: (P.BANK, P.OWN),
    K.PAYOUT_THIRD_PARTY: (P.BANK, P.THIRD),
    K.OVER_RECEIPT_HOLD: (P.BANK, P.HOLD),
    K.REASSIGNED_IN: (P.BANK, P.OWN),
    K.REASSIGNED_IN_THIRD_PARTY: (P.BANK, P.THIRD),
    K.OVER_RECEIPT_RETURNED: (P.HOLD, P.BANK),
    K.OVER_RECEIPT_REASSIGNED: (P.HOLD, P.BANK),
    K.OVER_RECEIPT_RELEASED: (P.HOLD, P.OWN),
    K.OVER_RECEIPT_TO_THIRD_PARTY: (P.HOLD, P.THIRD),
    K.THIRD_PARTY_PROOF: (P.THIRD, P.OWN),
}
"""From where to where each kind of entry brings a receipt."""

WAYS: Mapping[tuple[Pocket, Pocket], tuple[Way, ...]] = {
    (P.HOLD, P.OWN): (Way(post=(K.OVER_RECEIPT_RELEASED,)),),
    (P.HOLD, P.THIRD): (Way(post=(K.OVER_RECEIPT_TO_THIRD_PARTY,)),),
    (P.THIRD, P.OWN): (Way(post=(K.THIRD_PARTY_PROOF,)),),
    (P.OWN, P.HOLD): (Way((K.OVER_RECEIPT_RELEASED,)), Way((K.PAYOUT,), (K.OVER_RECEIPT_HOLD,))),
    (P.THIRD, P.HOLD): (
        Way((K.OVER_RECEIPT_TO_THIRD_PARTY,)), Way((K.PAYOUT_THIRD_PARTY,), (K.OVER_RECEIPT_HOLD,)),
    ),
    (P.OWN, P.THIRD): (Way((K.THIRD_PARTY_PROOF,)), Way((K.PAYOUT,), (K.PAYOUT_THIRD_PARTY,))),
    (P.OWN, P.BANK): (
        Way((K.PAYOUT,)), Way((K.THIRD_PARTY_PROOF, K.PAYOUT_THIRD_PARTY)),
        Way((K.OVER_RECEIPT_RELEASED, K.OVER_RECEIPT_HOLD)),
    ),
    (P.THIRD, P.BANK): (
        Way((K.PAYOUT_THIRD_PARTY,)), Way((K.OVER_RECEIPT_TO_THIRD_PARTY, K.OVER_RECEIPT_HOLD)),
    ),
    (P.HOLD, P.BANK): (Way((K.OVER_RECEIPT_HOLD,)),),
}  # fmt: skip
"""The ways from one pocket to another; the first that has money is taken first."""

Purse = dict[Pocket, int]


class Lying(Protocol):
    """What of a line says where its receipts belong."""

    @property
    def kind(self) -> LineKind: ...
    @property
    def expected(self) -> int: ...
    @property
    def received(self) -> int: ...
    @property
    def proven(self) -> bool: ...


def wanted(lines: Iterable[Lying]) -> Purse:
    """Where the receipts of a repair belong, by its lines."""
    purse = dict.fromkeys((P.OWN, P.THIRD, P.HOLD), 0)
    for line in lines:
        over = max(0, line.received - line.expected)
        owed_on = line.kind is LineKind.OTHER_AGENCY and not line.proven
        purse[P.HOLD] += over
        purse[P.THIRD if owed_on else P.OWN] += line.received - over
    return purse


def booked(sums: Mapping[EntryKind, int]) -> Purse:
    """Where they lie, by the sums of the entries of each kind, net of reversals."""
    purse = dict.fromkeys(P, 0)
    for kind, (origin, target) in BRINGS.items():
        purse[origin] -= sums.get(kind, 0)
        purse[target] += sums.get(kind, 0)
    del purse[P.BANK]
    return purse


def moves(now: Mapping[Pocket, int], goal: Mapping[Pocket, int]) -> list[tuple[Pocket, Pocket, int]]:
    """(from, to, fen) that make `goal` of `now`, which have the same sum.

    What goes back to the bank is taken from what is on hold first: it was never anybody's.
    """
    left = {pocket: now.get(pocket, 0) - goal.get(pocket, 0) for pocket in P}
    found: list[tuple[Pocket, Pocket, int]] = []
    for target in sorted((p for p in P if left[p] < 0), key=lambda p: p is not P.BANK):
        for origin in sorted((p for p in P if left[p] > 0), key=lambda p: p is not P.HOLD):
            amount = min(-left[target], left[origin])
            if amount:
                found.append((origin, target, amount))
                left[origin] -= amount
                left[target] += amount
    return found
