"""What a bank file says, once read."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, time


@dataclass(frozen=True)
class StatementLine:
    """One line: `row` as the spreadsheet counts (from 1), amounts in fen, money in positive, out negative.

    `remarks` keeps every remark column apart by its heading; `memo` is what was written, without the bank's
    own words; `raw` is the row as it stood. `incoming`: it stands on the money-in side, where a reversal is
    negative.
    """

    row: int
    booked_on: date
    booked_at: time | None
    amount: int
    incoming: bool
    balance: int | None
    counterparty_name: str
    counterparty_account: str
    memo: str
    remarks: Mapping[str, str]
    serial: str | None
    raw: Mapping[str, str]


@dataclass(frozen=True)
class Span:
    """The days a statement speaks of. `is_stated`: the file names them, else they are those of its lines."""

    first: date
    last: date
    is_stated: bool


@dataclass(frozen=True)
class Statement:
    """One account's lines.

    `opening` and `closing` are the balances in fen before the first and after the last line, where the file
    tells them. `mapping` says what was taken for what, for a layout that no bank is known for.
    """

    format: str
    account_number: str | None
    holder: str | None
    lines: tuple[StatementLine, ...]
    span: Span | None
    opening: int | None = None
    closing: int | None = None
    mapping: Mapping[str, str] | None = None
