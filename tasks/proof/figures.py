"""The figures of a repair that are held against each other, and what makes them up. Pure; in fen."""

from collections.abc import Mapping
from enum import StrEnum

from models.words import EntryKind


class Figure(StrEnum):
    """A sum of a repair that two independent sources give; the text is how people read it."""

    BILL = "the bill"
    DEPOSIT = "the deposits"
    SELF_PAY = "what the customer paid for himself"
    TOP_UP = "the top-ups"
    TRANSFERRED_IN = "what came from the customer's other repairs"
    RECEIVED = "the payouts"
    OVER_RECEIPT = "the over-receipt on hold"
    THIRD_PARTY = "the money of third parties"
    WRITE_OFF = "the write-offs"
    REFUNDED = "the refunds paid"
    RESERVED = "the refunds approved and not yet paid"


Sums = Mapping[Figure, int]

BOOKED: Mapping[Figure, Mapping[EntryKind, int]] = {
    Figure.BILL: {EntryKind.BILL: 1},
    Figure.DEPOSIT: {EntryKind.DEPOSIT: 1},
    Figure.SELF_PAY: {EntryKind.SELF_PAY: 1},
    Figure.TOP_UP: {EntryKind.TOP_UP: 1},
    Figure.TRANSFERRED_IN: {EntryKind.REFUND_TRANSFER_IN: 1},
    Figure.RECEIVED: {
        EntryKind.PAYOUT: 1, EntryKind.PAYOUT_THIRD_PARTY: 1, EntryKind.OVER_RECEIPT_HOLD: 1,
        EntryKind.REASSIGNED_IN: 1, EntryKind.REASSIGNED_IN_THIRD_PARTY: 1,
        EntryKind.OVER_RECEIPT_RETURNED: -1, EntryKind.OVER_RECEIPT_REASSIGNED: -1,
    },
    Figure.OVER_RECEIPT: {
        EntryKind.OVER_RECEIPT_HOLD: 1, EntryKind.OVER_RECEIPT_RELEASED: -1,
        EntryKind.OVER_RECEIPT_TO_THIRD_PARTY: -1, EntryKind.OVER_RECEIPT_RETURNED: -1,
        EntryKind.OVER_RECEIPT_REASSIGNED: -1,
    },
    Figure.THIRD_PARTY: {
        EntryKind.PAYOUT_THIRD_PARTY: 1, EntryKind.REASSIGNED_IN_THIRD_PARTY: 1,
        EntryKind.OVER_RECEIPT_TO_THIRD_PARTY: 1, EntryKind.THIRD_PARTY_PROOF: -1,
    },
    Figure.WRITE_OFF: {EntryKind.WRITE_OFF: 1},
    Figure.REFUNDED: {
        EntryKind.REFUND_PAID: 1, EntryKind.REFUND_OFFSET: 1, EntryKind.REFUND_BOUNCED: -1,
    },
    Figure.RESERVED: {
        EntryKind.REFUND_RESERVED: 1, EntryKind.REFUND_RELEASED: -1, EntryKind.REFUND_PAID: -1,
        EntryKind.REFUND_OFFSET: -1,
    },
}  # fmt: skip
"""What each figure is by the entries: the kinds that add to it (1) and take from it (-1)."""


# By kind, because every repair of a shop is asked every night, and has entries of a few kinds.
_OF_KIND: Mapping[str, list[tuple[Figure, int]]] = {
    str(kind): [(figure, parts[kind]) for figure, parts in BOOKED.items() if kind in parts]
    for kind in EntryKind
}


def by_entries(kinds: Mapping[str, int]) -> dict[Figure, int]:
    """The figures of a repair from its entries by kind, net of reversals."""
    found = dict.fromkeys(Figure, 0)
    for kind, amount in kinds.items():
        for figure, sign in _OF_KIND.get(kind, ()):
            found[figure] += sign * amount
    return found
