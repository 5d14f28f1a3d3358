"""What a payment layout says of itself: its columns, from a batch of transfers. Money inside is fen."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from models.values import yuan


@dataclass(frozen=True)
class Payer:
    """The account of ours that pays; '' where none is registered."""

    holder: str
    account_no: str


@dataclass(frozen=True)
class Transfer:
    """One refund on its way out, in fen."""

    refund_id: int
    position: int
    amount: int
    payee: str
    account_no: str
    bank_name: str
    claim_no: str
    work_order_no: str


@dataclass(frozen=True)
class Batch:
    """A payment file: its number, day, payer and transfers in their order."""

    number: str
    day: date
    payer: Payer
    transfers: tuple[Transfer, ...]

    @property
    def total(self) -> int:
        return sum(transfer.amount for transfer in self.transfers)


@dataclass(frozen=True)
class Column:
    """A heading as the bank writes it, and what stands below it. Money is shown in yuan with two decimals."""

    heading: str
    value: Callable[[Batch, Transfer], str] = lambda _batch, _transfer: ""
    is_number: bool = False
    """A number a spreadsheet can add up; else text, which banks take as it stands."""
    total: Callable[[Batch], str] = lambda _batch: ""


@dataclass(frozen=True)
class Layout:
    """One layout. Bank templates have no line of totals: a bank would take it for a transfer."""

    name: str
    sheet: str
    columns: tuple[Column, ...]
    suffix: str = "xlsx"
    has_totals: bool = False
    needs_account: bool = True
    """Whether the file names the account that pays."""


def amount(_batch: Batch, transfer: Transfer) -> str:
    """4400.00"""
    return yuan(transfer.amount)


def reference(batch: Batch, transfer: Transfer) -> str:
    """Ours for one transfer: FK-2026-0007-3; it comes back in statements and refusals of the bank."""
    return f"{batch.number}-{transfer.position}"


def remark(batch: Batch, transfer: Transfer) -> str:
    return f"{transfer.claim_no} {reference(batch, transfer)}"


PURPOSE = "理赔退款"
