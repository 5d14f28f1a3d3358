"""What adds up and what does not. Pure: sums in, what is off out; amounts are fen."""

from collections.abc import Iterator
from dataclasses import dataclass

from tasks.proof.figures import Figure, Sums


class DoesNotAddUp(Exception):
    """Two independent totals of the same money differ: a person must look, nothing is guessed."""


@dataclass(frozen=True)
class Off:
    """A figure on which two sources differ: what the rows say, and what the entries say."""

    name: str
    said: int | None
    booked: int | None
    figure: Figure | None = None
    """None for a total that was only stored."""


@dataclass(frozen=True)
class Lines:
    """The expected lines of a repair, as rows of their own."""

    expected: int = 0
    still_expected: int = 0
    """What insurers will still pay for our own repair (E_open of domain 1.7)."""


@dataclass(frozen=True)
class Stored:
    """The position of a repair as it was last written down."""

    bill: int | None
    expected: int
    received: int
    over_receipt: int
    third_party: int
    customer_paid: int
    write_off: int
    refunded: int
    surplus: int
    refund_due: int
    topup_due: int
    releasable: int
    is_held: bool
    waiting: int | None = None
    """The refund that waits for approval."""


def compare(said: Sums, booked: Sums) -> list[Off]:
    """The figures on which the rows of a repair and its entries differ."""
    return [
        Off(figure.value, said.get(figure, 0), booked.get(figure, 0), figure)
        for figure in Figure
        if said.get(figure, 0) != booked.get(figure, 0)
    ]


def expected_moved(stored: Stored, lines: Lines) -> list[Off]:
    """Whether the expected amounts are still those the position was computed from."""
    if stored.expected == lines.expected:
        return []
    return [Off("what is expected of insurers", lines.expected, stored.expected)]


def position(stored: Stored, booked: Sums, lines: Lines) -> list[Off]:
    """The stored totals that are not what domain 1.7 makes of the entries."""
    return [
        Off(_CALLED.get(name, name), getattr(stored, name), right)
        for name, right in _recomputed(stored, booked, lines)
        if getattr(stored, name) != right
    ]


_CALLED = {"waiting": "the refund that waits"}


def _recomputed(stored: Stored, booked: Sums, lines: Lines) -> Iterator[tuple[str, int | None]]:
    billed = stored.bill is not None
    paid = sum(
        booked[each] for each in (Figure.DEPOSIT, Figure.SELF_PAY, Figure.TOP_UP, Figure.TRANSFERRED_IN)
    )
    bill, written_off = booked[Figure.BILL], booked[Figure.WRITE_OFF]
    over, others = booked[Figure.OVER_RECEIPT], booked[Figure.THIRD_PARTY]
    surplus = paid + booked[Figure.RECEIVED] - (bill - written_off) - others - over
    due = max(0, surplus) if billed else 0
    yield "bill", bill if billed or bill else None
    yield "received", booked[Figure.RECEIVED]
    yield "over_receipt", over
    yield "third_party", others
    yield "customer_paid", paid
    yield "write_off", written_off
    yield "refunded", booked[Figure.REFUNDED]
    yield "surplus", surplus
    yield "refund_due", due
    yield "topup_due", max(0, -surplus - lines.still_expected) if billed else 0
    releasable = 0 if stored.is_held else max(0, due - booked[Figure.REFUNDED])
    yield "releasable", releasable
    # While its money is not proved a refund waits on, though nothing is released.
    yield "waiting", stored.waiting if stored.is_held or stored.waiting is None else releasable
