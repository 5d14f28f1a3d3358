"""The money of repairs as a cashier keeps it in his head: a small model that knows no entry and no job.

Written from domain 1.6 and 1.7 alone; the histories compare the real rows with it after every step.
"""

from dataclasses import dataclass


@dataclass
class Line:
    """What an insurer owes on a line and has paid; `settled` is the difference that was given a result."""

    expected: int
    is_third_party: bool = False
    received: int = 0
    proven: bool = False
    settled: int | None = None
    borne: int = 0
    """What of it the shop has taken upon itself."""

    @property
    def over(self) -> int:
        return max(0, self.received - self.expected)

    @property
    def owed_on(self) -> int:
        """What belongs to the third party (Y)."""
        return self.received - self.over if self.is_third_party and not self.proven else 0

    def look_again(self) -> None:
        """A result stands for one sum: when the sum changes, it is gone, and with it what the shop bore."""
        if self.settled is not None and self.settled != self.expected - self.received:
            self.settled, self.borne = None, 0


@dataclass
class Refund:
    """The newest refund of a repair: its state, its sum, and what of it goes to the other repair."""

    state: str
    amount: int
    elsewhere: int = 0

    @property
    def reserved(self) -> int:
        return self.amount if self.state in ("approved", "in_file") else 0


@dataclass
class Repair:
    """One repair, with the letters of domain 1.6; everything in fen."""

    own: Line
    third: Line
    bill: int | None = None
    customer_paid: int = 0
    refunded: int = 0
    passed_on: int = 0
    """What the shop itself has paid to the third party."""
    ever_received: int = 0
    refund: Refund | None = None
    releasable: int = 0
    """As of the last night."""

    @property
    def lines(self) -> tuple[Line, Line]:
        return self.third, self.own

    @property
    def received(self) -> int:
        return sum(line.received for line in self.lines)

    @property
    def surplus(self) -> int:
        """U = K + R - (S - W) - Y - B."""
        borne = sum(line.borne for line in self.lines)
        aside = sum(line.owed_on + line.over for line in self.lines)
        return self.customer_paid + self.received - ((self.bill or 0) - borne) - aside

    @property
    def reserved(self) -> int:
        return self.refund.reserved if self.refund else 0

    @property
    def held(self) -> int:
        """What could still be promised to the customer."""
        return self.surplus - self.refunded - self.reserved

    @property
    def bank(self) -> int:
        return self.customer_paid + self.received - self.refunded - self.passed_on

    def receive(self, amount: int) -> None:
        """An insurer pays: the third party's part first, then ours, and the rest lies on our line (B)."""
        self.ever_received += amount
        third = min(amount, max(0, self.third.expected - self.third.received))
        self.third.received += third
        self.own.received += amount - third


@dataclass
class Shop:
    """Two repairs of one customer, and when a surplus goes back."""

    repairs: list[Repair]
    progressive: bool

    def night(self) -> None:
        for repair in self.repairs:
            for line in repair.lines:
                line.look_again()
        for repair in self.repairs:
            repair.releasable = self._releasable(repair)
            _follow(repair)

    def _releasable(self, repair: Repair) -> int:
        waits = any(line.settled is None and line.received < line.expected for line in repair.lines)
        if repair.bill is None or (waits and not self.progressive):
            return 0
        return max(0, max(0, repair.surplus) - repair.refunded)


def _follow(repair: Repair) -> None:
    """What becomes of the newest refund when the night knows a new sum."""
    now, refund = repair.releasable, repair.refund
    if refund is None or refund.state in ("paid", "bounced", "failed", "withdrawn"):
        repair.refund = Refund("waiting", now) if now else refund
    elif refund.state == "declined":
        repair.refund = Refund("waiting", now) if now not in (0, refund.amount) else refund
    elif refund.state in ("waiting", "approved") and now != refund.amount:
        repair.refund = Refund("waiting", now) if now else Refund("withdrawn", refund.amount)
