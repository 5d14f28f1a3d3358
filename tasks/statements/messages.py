"""Statements that come as messages (MT940, CAMT.053): told apart, and put together per account. Pure."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, time
from itertools import pairwise

from models.values import Refusal, yuan_grouped
from tasks.statements.remarks import memo
from tasks.statements.statement import Span, Statement, StatementLine

_MT940 = re.compile(r"^:20:.*?^:25P?:.*?^:6[01][FM]?:", re.DOTALL | re.MULTILINE)
_YUAN = frozenset({"CNY", "RMB", "CNH"})
LOOKED_AT = 4000


@dataclass(frozen=True)
class Message:
    """One statement as it stands in a file; `label` is how people find it there. Balances in fen."""

    label: str
    account: str | None
    holder: str | None
    opening: int
    closing: int
    first: date
    last: date
    is_stated: bool
    lines: tuple[StatementLine, ...]


def is_mt940(text: str) -> bool:
    return bool(_MT940.search(text[:LOOKED_AT].lstrip("\ufeff")))


def is_camt(data: bytes) -> bool:
    return data.lstrip(b"\xef\xbb\xbf \r\n\t").startswith(b"<") and b"BkToCstmrStmt" in data[:LOOKED_AT]


def entry(
    row: int, day: date, amount: int, *, at: time | None, incoming: bool, name: str, account: str,
    remarks: dict[str, str], serial: str | None, raw: dict[str, str],
) -> StatementLine:  # fmt: skip
    """A line of a message; its balance follows from its place."""
    said = {key: text for key, text in remarks.items() if text}
    return StatementLine(
        row=row, booked_on=day, booked_at=at, amount=amount, incoming=incoming, balance=None,
        counterparty_name=name, counterparty_account=account, memo=memo(list(said.values())), remarks=said,
        serial=serial, raw=raw,
    )  # fmt: skip


def refuse_foreign_money(file_name: str, label: str, currency: str | None) -> None:
    if (currency or "CNY").upper() not in _YUAN:
        raise Refusal(
            f"{file_name}, {label}: its money is {currency}, not yuan; only yuan accounts are kept here. "
            "Bring the statement of the yuan account: huikuan intake statement FILE"
        )


def statements(file_name: str, kind: str, messages: Sequence[Message]) -> tuple[Statement, ...]:
    """One statement per account, its messages in the order of their balances. Raises Refusal."""
    for message in messages:
        _refuse_sum(file_name, message)
    accounts = dict.fromkeys(message.account for message in messages)
    if None in accounts and len(accounts) > 1:
        raise Refusal(
            f"{file_name} holds statements that don't say whose account they are, beside others that do. "
            "Export one account at a time: huikuan intake statement FILE --account NUMBER"
        )
    return tuple(
        _together(file_name, kind, [message for message in messages if message.account == account])
        for account in accounts
    )


def _refuse_sum(file_name: str, message: Message) -> None:
    moved = sum(line.amount for line in message.lines)
    if message.opening + moved != message.closing:
        raise Refusal(
            f"{file_name} contradicts itself: {message.label} opens with {yuan_grouped(message.opening)}, "
            f"its {len(message.lines)} lines move {yuan_grouped(moved)}, and it closes with "
            f"{yuan_grouped(message.closing)}. Nothing was taken; export it again and run: "
            f"huikuan intake statement {file_name}"
        )


def _together(file_name: str, kind: str, messages: Sequence[Message]) -> Statement:
    order = messages if _chained(messages) else messages[::-1]
    for before, after in pairwise(order):
        if before.closing != after.opening:
            raise Refusal(
                f"{file_name} contradicts itself: {before.label} closes with {yuan_grouped(before.closing)}, "
                f"and {after.label} of the same account opens with {yuan_grouped(after.opening)}. A "
                "statement between them is missing. Export the period whole: "
                f"huikuan intake statement {file_name}"
            )
    lines: list[StatementLine] = []
    balance = order[0].opening
    for line in (line for message in order for line in message.lines):
        balance += line.amount
        lines.append(replace(line, balance=balance))
    days = [line.booked_on for line in lines]
    first = min([message.first for message in messages] + days)
    last = max([message.last for message in messages] + days)
    return Statement(
        format=kind,
        account_number=messages[0].account,
        holder=next((message.holder for message in messages if message.holder), None),
        lines=tuple(lines),
        span=Span(first, last, is_stated=all(message.is_stated for message in messages)),
        opening=order[0].opening,
        closing=order[-1].closing,
    )


def _chained(messages: Sequence[Message]) -> bool:
    return all(before.closing == after.opening for before, after in pairwise(messages))
