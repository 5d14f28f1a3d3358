"""What is known of a case, as plain values: the input of the ledger's rules.

Money in fen, dates are business days. A fact without a date (known only from an imported
ledger) has None and counts as known. Kinds and resolutions are words of `models.words`.
"""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class Movement:
    """Money received or paid: when, how much (fen; negative where it came back), by or to whom."""

    on: date | None
    amount: int
    person: str = ""


@dataclass(frozen=True)
class Round:
    """One return by the insurer and the resubmission that answered it (columns 32, 33)."""

    returned_on: date | None
    reason: str = ""
    resubmitted_on: date | None = None


@dataclass(frozen=True)
class Line:
    """Expected money of a case (claim x cover x work order) with what was received on it.

    `resolved_on` is when its resolution became final, if that is known.
    """

    kind: str
    expected: int
    receipts: tuple[Movement, ...] = ()
    resolution: str | None = None
    resolved_on: date | None = None


@dataclass(frozen=True)
class WorkOrder:
    """The money that belongs to the repair and is shown once, on its lead row (domain 1.8, scenario 7).

    `surplus` is U of domain 1.7, `insurer_received` what insurers have paid, both up to the last day shown;
    `releasable` and `topup_due` are the position as computed on `computed_on`; `approved` is the part of the
    refund that waits to be collected.
    """

    work_order_no: str = ""
    vehicle_series: str = ""
    vehicle_release_date: date | None = None
    labour_fee: int | None = None
    parts_fee: int | None = None
    other_fee: int | None = None
    repair_gross_amount: int | None = None
    repair_net_amount: int | None = None
    customer_payable_amount: int | None = None
    customer_receipts: tuple[Movement, ...] = ()
    deposits: tuple[Movement, ...] = ()
    refunds: tuple[Movement, ...] = ()
    surplus: int = 0
    insurer_received: int = 0
    releasable: int = 0
    topup_due: int = 0
    approved: int = 0
    computed_on: date | None = None

    @property
    def refund_due(self) -> int | None:
        """Column 37; None until the repair is settled."""
        return None if self.repair_net_amount is None else max(0, self.surplus)


@dataclass(frozen=True)
class Case:
    """One case as stored; cases of one work order carry the same `work_order`."""

    claim_no: str
    work_order: WorkOrder = WorkOrder()
    is_lead: bool = True
    dispatch_date: date | None = None
    insurance_receptionist: str = ""
    is_agency_claim: bool | None = None
    shop_submits_documents: bool | None = None
    insured_name: str = ""
    plate_no: str = ""
    accident_liability: str = ""
    insurer_name: str = ""
    insurer_group: str = ""
    report_no: str = ""
    lines: tuple[Line, ...] = ()
    stage1_reviewer: str = ""
    stage1_review_date: date | None = None
    invoice_amount: int | None = None
    invoice_date: date | None = None
    file_handover_date: date | None = None
    file_receiver: str = ""
    insurer_accepted_date: date | None = None
    rounds: tuple[Round, ...] = ()
    difference_note: str = ""
    closed: bool = False
    closed_date: date | None = None
    closed_by: str = ""

    @property
    def order_key(self) -> str:
        """What cases of one repair have in common; a case without a work order stands alone."""
        return self.work_order.work_order_no or f"case {self.claim_no}"
