"""Notices to the customer (domain 3.2): everything masked, never a word about third parties' data."""

from dataclasses import dataclass
from typing import ClassVar

from models.words import Audience


@dataclass(frozen=True)
class Arrival:
    """One payout that arrived."""

    insurer: str
    received_on: str
    amount: str


@dataclass(frozen=True)
class _ToCustomer:
    """Who writes to whom about what. Masked: customer, plate, report_no."""

    audience: ClassVar[Audience] = Audience.CUSTOMER
    service: ClassVar[bool] = True
    """Part of what the customer ordered; what is not needs his leave (PIPL 24)."""
    notice_no: str
    date: str
    shop_name: str
    shop_contact: str
    """A phone number of the shop, or ''."""
    customer: str
    claim_no: str
    """One, or several of the same repair joined by 、."""
    work_order_no: str
    vehicle_series: str
    plate: str
    report_no: str


@dataclass(frozen=True)
class _Reckoning(_ToCustomer):
    """The arithmetic of domain 1.7, each sum in yuan."""

    bill: str
    received: str
    customer_paid: str
    deposit: str
    """Part of customer_paid, as the three after it are parts of what the customer bears."""
    self_pay: str
    price_gap: str
    non_claim: str
    third_party: str
    over_receipt: str
    write_off: str
    refunded: str
    amount: str
    amount_in_words: str
    resolution: str
    """差额处理结果 and how it changed the sum, as one sentence."""
    arrivals: tuple[Arrival, ...]


@dataclass(frozen=True)
class RefundReady(_Reckoning):
    """退款通知: the refund is approved; amount goes back to the customer."""

    refund_due: str
    """All that is due back so far; amount = refund_due - refunded."""
    account_tail: str
    """Masked account it is transferred to, e.g. ****1234; '' = to be collected in person."""
    expected_on: str
    object_days: str
    given: str = ""
    """How a split refund is given, as one sentence; '' = all of it as money."""
    settled: str = ""
    """Where none of it is money: a sentence that there is nothing to collect."""


@dataclass(frozen=True)
class RefundUnclaimed(_ToCustomer):
    """待领退款提醒: an approved refund lies ready and nobody has collected it."""

    amount: str
    amount_in_words: str
    ready_since: str
    days: str
    """How long it has been lying there."""
    kept: str
    """After the last reminder: a sentence that it stays his and is kept for him; before, ''."""


@dataclass(frozen=True)
class TopUpAsked(_Reckoning):
    """客户应补: the payouts and what was paid do not cover the bill."""

    pay_by: str
    object_days: str


@dataclass(frozen=True)
class RefundWaiting(_ToCustomer):
    """暂缓退款: something is due back, but not yet."""

    received: str
    amount: str
    """What would go back as things stand, or ''."""
    short: str
    """What the insurer paid too little."""
    is_reclaimed: bool
    """The shop claims it once more."""
    is_disputed: bool
    arrivals: tuple[Arrival, ...]


@dataclass(frozen=True)
class Progress(_ToCustomer):
    """How far the claim has come."""

    insurer: str
    accepted_on: str
    """When the insurer took the file over; '' where it is the payout that is told."""
    paid_on: str
    paid: str
    still_expected: str
    """What the insurer has not paid yet, or ''."""


@dataclass(frozen=True)
class DepositReceived(_ToCustomer):
    """收款确认: the deposit is in the shop's hands."""

    amount: str
    amount_in_words: str
    received_on: str


@dataclass(frozen=True)
class RefundPaid(_ToCustomer):
    """退款已办理: the money has left the shop, or was handed over."""

    amount: str
    amount_in_words: str
    paid_on: str
    account_tail: str
    """Masked account it went to; '' = it was handed over."""
    signed_by: str
    """Masked name of who signed for it; '' = it was transferred."""
    still_due: str
    """What is still to come, or ''."""


@dataclass(frozen=True)
class Paper:
    """One paper that is missing, and what it must show."""

    name: str
    remark: str


@dataclass(frozen=True)
class MissingDocuments(_ToCustomer):
    """补交资料: what the customer still has to bring."""

    papers: tuple[Paper, ...]
    bring_by: str
    handler: str
    """To whom, or ''."""


@dataclass(frozen=True)
class SatisfactionCall(_ToCustomer):
    """回访: a call is announced. No service: a customer may refuse it."""

    service: ClassVar[bool] = False
    closed_on: str
    call_on: str
