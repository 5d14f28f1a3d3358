"""A repair as its rule is given it, and its position as it is kept."""

from collections.abc import Mapping, Sequence

from models.words import EntryKind, ReleasePolicy
from tasks.refunds import rules, working
from tasks.refunds.holding import Held
from tasks.refunds.queries import RepairRow
from worker.job import Night

# What he brought, also from a refund of another repair; what he got, also where it was set off for him.
_FROM_CUSTOMER = (EntryKind.DEPOSIT, EntryKind.SELF_PAY, EntryKind.TOP_UP, EntryKind.REFUND_TRANSFER_IN)
_TO_CUSTOMER = (EntryKind.REFUND_PAID, EntryKind.REFUND_OFFSET)

_CAME = (
    EntryKind.PAYOUT, EntryKind.PAYOUT_THIRD_PARTY, EntryKind.OVER_RECEIPT_HOLD,
    EntryKind.REASSIGNED_IN, EntryKind.REASSIGNED_IN_THIRD_PARTY,
)  # fmt: skip
_WENT = (EntryKind.OVER_RECEIPT_RETURNED, EntryKind.OVER_RECEIPT_REASSIGNED)
"""R of domain 1.6 by the entries: insurer money that came, less what went back or to another claim."""


def repair(row: RepairRow, policy: ReleasePolicy, tolerance: int) -> rules.Repair:
    """What domain 1.6 says of a repair, in fen; K, W and Q by the entries, `tolerance` in fen."""
    booked = row.booked
    return rules.Repair(
        work_order_id=row.work_order_id,
        bill=row.bill,
        customer_paid=sum(booked.get(kind, 0) for kind in _FROM_CUSTOMER),
        write_off=booked.get(EntryKind.WRITE_OFF, 0),
        refunded=sum(booked.get(kind, 0) for kind in _TO_CUSTOMER) - booked.get(EntryKind.REFUND_BOUNCED, 0),
        lines=tuple(
            rules.Line(line.kind, line.expected, line.received, line.resolution, line.third_party_proof)
            for line in row.lines
        ),
        is_agency_claim=row.is_agency_claim,
        policy=policy,
        tolerance=tolerance,
        manual_hold=row.manual_hold,
        is_proven=row.is_proven,
        booked_bill=booked.get(EntryKind.BILL, 0 if row.bill is not None else None),
        booked_received=_of(booked, _CAME) - _of(booked, _WENT),
    )


def _of(booked: Mapping[EntryKind, int], kinds: Sequence[EntryKind]) -> int:
    return sum(booked.get(kind, 0) for kind in kinds)


def row_of(row: RepairRow, figures: rules.Figures, held: Held | None, night: Night) -> dict[str, object]:
    """The position as a row to put: fen, the reason why nothing is releasable, and the working."""
    return {
        "work_order_id": row.work_order_id,
        "bill": figures.bill,
        "expected": figures.expected,
        "received": figures.received,
        "over_receipt": figures.over_receipt,
        "third_party": figures.third_party,
        "customer_paid": figures.customer_paid,
        "write_off": figures.write_off,
        "refunded": figures.refunded,
        "surplus": figures.surplus,
        "refund_due": figures.refund_due,
        "topup_due": figures.topup_due,
        "releasable": figures.releasable,
        "hold_reason": figures.hold,
        "rule": rules.VERSION,
        "working": working.inputs(figures, held),
        "computed_on": night.date,
    }
