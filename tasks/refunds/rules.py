"""The refund of a repair (domain 1.6, 1.7): plain values in, figures and their working out."""

from dataclasses import dataclass
from enum import StrEnum

from models.words import LineKind, ReleasePolicy, Resolution

VERSION = "refund/1"

_SETTLES = frozenset({Resolution.CUSTOMER_TOPUP, Resolution.SHOP_ABSORB, Resolution.ROUNDING})
"""Results that end a line; RECLAIM and DISPUTE keep it open (domain 1.7)."""


class Hold(StrEnum):
    """Why nothing goes back now although the sums may say so."""

    NOT_SETTLED = "bill_not_settled"
    NOT_PROVEN = "money_proof_failed"
    MANUAL = "manual_hold"
    DISPUTE = "dispute_open"
    RECLAIM = "reclaim_open"
    LINES_OPEN = "payout_expected"
    NOTHING_EXPECTED = "expected_money_unknown"


class DoesNotAddUp(Exception):
    """Two independent totals of the same money differ: a person must look, nothing is guessed."""


@dataclass(frozen=True)
class Line:
    """An expected line of the repair and what has come on it, in fen."""

    kind: LineKind
    expected: int
    received: int
    resolution: Resolution | None = None
    third_party_proof: bool = False
    """The customer has proved that he has already paid the third party."""


@dataclass(frozen=True)
class Repair:
    """The money of one work order, in fen, with the letters of domain 1.6."""

    work_order_id: int
    bill: int | None
    """S; None until the repair is settled."""
    customer_paid: int
    """K."""
    write_off: int
    """W."""
    refunded: int
    """Q."""
    lines: tuple[Line, ...]
    is_agency_claim: bool = True
    policy: ReleasePolicy = ReleasePolicy.FINAL
    tolerance: int = 5
    manual_hold: bool = False
    is_proven: bool = True
    """False where the nightly proof found that entries and other totals differ."""
    booked_bill: int | None = None
    """The bill by the entries; None where there is none. Compared with `bill`, as is the next."""
    booked_received: int | None = None


@dataclass(frozen=True)
class Figures:
    """The position of a repair, in fen."""

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
    refund_open: int
    topup_due: int
    releasable: int
    hold: Hold | None


def refund(repair: Repair) -> Figures:
    """Say what goes back (domain 1.7). Raises DoesNotAddUp where rows and entries disagree."""
    if repair.is_proven:
        _compare(repair)
    received = sum(line.received for line in repair.lines)
    over_receipt = sum(max(0, line.received - line.expected) for line in repair.lines)
    third_party = sum(min(line.received, line.expected) for line in repair.lines if _is_owed_on(line))
    surplus = (
        repair.customer_paid + received - ((repair.bill or 0) - repair.write_off) - third_party - over_receipt
    )
    refund_due = max(0, surplus) if repair.bill is not None else 0
    refund_open = refund_due - repair.refunded
    hold = _hold(repair)
    return Figures(
        bill=repair.bill,
        expected=sum(line.expected for line in repair.lines),
        received=received,
        over_receipt=over_receipt,
        third_party=third_party,
        customer_paid=repair.customer_paid,
        write_off=repair.write_off,
        refunded=repair.refunded,
        surplus=surplus,
        refund_due=refund_due,
        refund_open=refund_open,
        topup_due=max(0, -surplus - _still_expected(repair)) if repair.bill is not None else 0,
        releasable=0 if hold else max(0, refund_open),
        hold=hold if refund_open > 0 or hold is Hold.NOT_SETTLED else None,
    )


def _compare(repair: Repair) -> None:
    received = sum(line.received for line in repair.lines)
    if repair.booked_received is not None and repair.booked_received != received:
        raise DoesNotAddUp(f"payouts {received} fen, entries {repair.booked_received} fen")
    if repair.booked_bill is not None and repair.booked_bill != repair.bill:
        raise DoesNotAddUp(f"bill {repair.bill} fen, entries {repair.booked_bill} fen")


def _is_owed_on(line: Line) -> bool:
    # Y: money on a third-party line belongs to others until the customer proves that he has paid them.
    return line.kind is LineKind.OTHER_AGENCY and not line.third_party_proof


def _still_expected(repair: Repair) -> int:
    # E_open: what insurers will still pay for this repair; third-party lines never pay a bill of ours.
    return sum(
        max(0, line.expected - line.received)
        for line in repair.lines
        if line.kind is LineKind.OWN_REPAIR and line.resolution not in _SETTLES
    )


def _is_open(line: Line, tolerance: int) -> bool:
    return line.resolution not in _SETTLES and line.received < line.expected - tolerance


def _hold(repair: Repair) -> Hold | None:
    """Why nothing may go back, whatever the sums say; money that is not proved comes first."""
    if not repair.is_proven:
        return Hold.NOT_PROVEN
    if repair.bill is None:
        return Hold.NOT_SETTLED
    if repair.manual_hold:
        return Hold.MANUAL
    if repair.policy is ReleasePolicy.PROGRESSIVE:
        return None
    if repair.is_agency_claim and not repair.lines:
        return Hold.NOTHING_EXPECTED
    unsettled = [line for line in repair.lines if _is_open(line, repair.tolerance)]
    if any(line.resolution is Resolution.DISPUTE for line in unsettled):
        return Hold.DISPUTE
    if any(line.resolution is Resolution.RECLAIM for line in unsettled):
        return Hold.RECLAIM
    return Hold.LINES_OPEN if unsettled else None
