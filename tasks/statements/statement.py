"""What a bank file says, once read."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, time


@dataclass(frozen=True)
class StatementLine:
    """One line: `row` as the spreadsheet counts (from 1), amounts in fen, money in positive, out negative.

    `remarks` keeps every remark column apart by its heading; `memo` is what was written, without the bank's
    own words; `raw` is the row as it stood. `identity` is unique within an account, the same in every export.
    """

    row: int
    booked_on: date
    booked_at: time | None
    amount: int
    balance: int | None
    counterparty_name: str
    counterparty_account: str
    memo: str
    remarks: Mapping[str, str]
    serial: str | None
    identity: str
    raw: Mapping[str, str]


@dataclass(frozen=True)
class Statement:
    """One account's lines. `gaps` are pairs of rows between which the running balance doesn't follow."""

    format: str
    account_number: str | None
    holder: str | None
    lines: tuple[StatementLine, ...]
    gaps: tuple[tuple[int, int], ...] = ()
