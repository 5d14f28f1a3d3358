"""What really happened to the money, kept by nobody in the house: the invariants hold the books against it."""

from collections import defaultdict
from dataclasses import dataclass, field


@dataclass
class CashBook:
    """Fen over the counter, by repair: what customers gave, and what went back to them."""

    deposits: dict[int, int] = field(default_factory=lambda: defaultdict(int))
    paid_out: dict[int, int] = field(default_factory=dict)
    """By refund."""
