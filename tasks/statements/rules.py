"""A bank file's sheets -> a statement, or a sentence why not (domain 6.1, 6.2)."""

import hashlib
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date

from models.values import Refusal, half_width
from tasks.statements.balance import chain_of
from tasks.statements.formats import GENERAL, KNOWN_BANKS
from tasks.statements.headings import Rows, Table, locate
from tasks.statements.layout import Layout
from tasks.statements.owner import common_account, holder, own_account
from tasks.statements.rows import Reader
from tasks.statements.statement import Statement, StatementLine
from tasks.statements.unknown import unknown_layout

Sheets = Mapping[str, Rows]


def statement(file_name: str, sheets: Sheets, latest: date, account: str | None = None) -> Statement:
    """Read a file whose sheets are given by name, in order; `account` is the one it was brought for.

    All or nothing: a Refusal names file, row, cell, value and what to do. A line dated after `latest`
    refuses the file too.
    """
    table, rows, above = _the_table(file_name, sheets)
    said = own_account(file_name, table, rows, above)
    known = said or account or common_account(file_name, table, rows)
    reader = Reader(file_name, table, known)
    lines = [line for at, row in enumerate(rows) if at >= table.first and (line := reader.line(at, row))]
    _refuse_future(file_name, lines, latest)
    gaps = _gaps(file_name, table.layout, lines)
    return Statement(table.layout.name, said or known, holder(table, rows, above), identified(lines), gaps)


def identified(lines: Sequence[StatementLine]) -> tuple[StatementLine, ...]:
    """Each line with its identity; the second of two identical lines is a payment of its own (domain 6.2)."""
    seen: Counter[str] = Counter()
    named: list[StatementLine] = []
    for line in lines:
        content = _content(line)
        seen[content] += 1
        digest = hashlib.sha256(f"{content}|{seen[content]}".encode()).hexdigest()
        named.append(replace(line, identity=digest))
    return tuple(named)


def _content(line: StatementLine) -> str:
    """What makes a line itself: the bank's serial and the amount (a payment and its fee may share a serial),
    else everything that stands on it."""
    parts: list[object] = [line.booked_on, line.amount]
    if line.serial:
        parts += ["serial", line.serial]
    else:
        parts += [line.booked_at, line.counterparty_name, line.counterparty_account, line.balance]
        parts += sorted(line.remarks.values())
    return "|".join("".join(half_width(str(part)).split()) for part in parts)


def _the_table(file_name: str, sheets: Sheets) -> tuple[Table, Rows, list[Rows]]:
    """The one sheet that is a statement, and what stands before its table, where labels may be."""
    for layouts in (KNOWN_BANKS, GENERAL):
        found = [(name, table) for name, rows in sheets.items() if (table := locate(rows, layouts))]
        if len(found) > 1:
            names = ", ".join(f"「{name}」" for name, _ in found)
            raise Refusal(
                f"{file_name} holds {len(found)} statements, in the sheets {names}. Save each sheet as a "
                "file of its own and bring them: huikuan intake statement FILE..."
            )
        for name, table in found:
            before = [sheets[other] for other in list(sheets)[: list(sheets).index(name)]]
            return table, sheets[name], [sheets[name][: table.first], *before]
    raise unknown_layout(file_name, sheets.values(), (*KNOWN_BANKS, *GENERAL))


def _refuse_future(file_name: str, lines: Sequence[StatementLine], latest: date) -> None:
    late = next((line for line in lines if line.booked_on > latest), None)
    if late:
        raise Refusal(
            f"{file_name}, row {late.row}: the line is dated {late.booked_on}, which is after {latest}. "
            "Nothing was taken from this file; correct the date or export it from the bank again, and run: "
            f"huikuan intake statement {file_name}"
        )


def _gaps(file_name: str, layout: Layout, lines: Sequence[StatementLine]) -> tuple[tuple[int, int], ...]:
    """Where lines may be missing. Balances that fit only the other way round refuse the file."""
    chain = chain_of(lines)
    if chain.contradicts:
        raise Refusal(
            f"{file_name} contradicts itself: its running balance falls where its columns say that money "
            "came in. A company's own cash book has 借 and 贷 the other way round. Bring the bank's export."
        )
    if layout.proved_by_balance and lines and not chain.proves_all:
        between = f" between rows {chain.gaps[0][0]} and {chain.gaps[0][1]}" if chain.gaps else ""
        raise Refusal(
            f"{file_name} is in no bank's layout known here ({layout.name} fits), so each line must be "
            f"proved by the running balance, and it isn't{between}. Export all lines of the period from the "
            "bank's corporate e-banking."
        )
    return chain.gaps
