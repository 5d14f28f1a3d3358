"""The identity of a settled repair: S = E_own + C + W (domain 1.6). Pure; amounts are fen."""

from collections.abc import Iterable
from dataclasses import dataclass

from models.values import yuan
from models.words import CustomerLineKind


@dataclass(frozen=True)
class CustomerLine:
    """Money from the customer; inferred where a ledger did not say what it was for."""

    kind: CustomerLineKind
    amount: int
    inferred: bool


@dataclass(frozen=True)
class Settlement:
    """What bears the bill. `own` is None while an insurer's part is unknown, `payable` where column 21 is."""

    bill: int | None
    own: int | None
    write_off: int
    payable: int | None
    lines: tuple[CustomerLine, ...] = ()

    @property
    def borne(self) -> int:
        """What the customer bears for certain: typed lines that are no deposit."""
        return sum(
            line.amount
            for line in self.lines
            if not line.inferred and line.kind is not CustomerLineKind.DEPOSIT
        )

    @property
    def unexplained(self) -> int:
        """Fen of the bill that nobody bears; below zero, fen borne above it; 0 while too little is known.

        A deposit, and what a ledger did not split, may hold a part that the customer bears: between these
        bounds the identity can still be satisfied. Typed lines that add up to column 21 leave no room.
        """
        if self.bill is None or self.own is None:
            return 0
        least = self.own + self.write_off + self.borne
        if self.bill < least:
            return self.bill - least
        if self.payable is None:
            return 0
        rest = max(self.payable, _total(self.lines)) - self.borne
        return max(0, self.bill - least - rest)

    @property
    def accident_part(self) -> int | None:
        """A = S - M: the most that an invoice for an insurer may say (domain 1.8, scenario 5)."""
        other = sum(line.amount for line in self.lines if line.kind is CustomerLineKind.NON_CLAIM)
        return None if self.bill is None else self.bill - other

    def in_words(self) -> str:
        """The identity with its numbers, for a sentence about a bill that does not satisfy it."""
        parts = (
            f"实收费用 S {yuan(self.bill or 0)} is not 本店维修赔款额 {yuan(self.own or 0)} + the customer's "
            f"part {yuan(max(self.payable or 0, self.borne))} + write-off {yuan(self.write_off)}"
        )
        gap = self.unexplained
        rest = f"nobody bears {yuan(gap)}" if gap > 0 else f"{yuan(-gap)} too much is borne"
        return f"{parts}: {rest} (S = E_own + C + W)"


def _total(lines: Iterable[CustomerLine]) -> int:
    return sum(line.amount for line in lines)
