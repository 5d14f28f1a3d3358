"""A bank file's sheets -> a statement, or a sentence why not (domain 6.1, 6.2)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from models.values import Refusal
from tasks.statements.checks import proof
from tasks.statements.control import figures
from tasks.statements.formats import GENERAL, KNOWN_BANKS
from tasks.statements.headings import Rows, Table, locate
from tasks.statements.layout import Layout
from tasks.statements.owner import common_account, holder, own_account
from tasks.statements.rows import Reader
from tasks.statements.span import span
from tasks.statements.statement import Statement, StatementLine
from tasks.statements.unknown import unknown_layout

Sheets = Mapping[str, Rows]


@dataclass(frozen=True)
class Given:
    """What is said of a file besides what stands in it.

    `account`: whose it is; `profiles`: layouts that people explained; `is_part`: lines were left out of it.
    """

    account: str | None = None
    profiles: Sequence[Layout] = ()
    is_part: bool = False


NOTHING = Given()


def statement(file_name: str, sheets: Sheets, latest: date, given: Given = NOTHING) -> Statement:
    """Read a file whose sheets are given by name, in order.

    All or nothing: a Refusal names file, row, cell, value and what to do. A line dated after `latest`
    refuses the file too.
    """
    table, rows, above = _the_table(file_name, sheets, given.profiles)
    said = own_account(file_name, table, rows, above)
    known = said or given.account or common_account(file_name, table, rows)
    reader = Reader(file_name, table, known)
    lines = [line for at, row in enumerate(rows) if at >= table.first and (line := reader.line(at, row))]
    refuse_future(file_name, lines, latest)
    printed = list(figures(table, rows, frozenset(line.row for line in lines)))
    ends = proof(file_name, table.layout, lines, printed, is_part=given.is_part)
    return Statement(
        format=table.layout.name,
        account_number=said or known,
        holder=holder(table, rows, above),
        lines=tuple(lines),
        span=span(above, lines, latest),
        opening=ends.opening,
        closing=ends.closing,
        mapping=None if table.layout in KNOWN_BANKS else table.mapping,
    )


def _the_table(file_name: str, sheets: Sheets, profiles: Sequence[Layout]) -> tuple[Table, Rows, list[Rows]]:
    """The one sheet that is a statement, and what stands before its table, where labels may be."""
    for layouts in (profiles, KNOWN_BANKS, GENERAL):
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


def refuse_future(file_name: str, lines: Sequence[StatementLine], latest: date) -> None:
    """Raise Refusal where a line is dated after `latest`."""
    late = next((line for line in lines if line.booked_on > latest), None)
    if late:
        raise Refusal(
            f"{file_name}, row {late.row}: the line is dated {late.booked_on}, which is after {latest}. "
            "Nothing was taken from this file; correct the date or export it from the bank again, and run: "
            f"huikuan intake statement {file_name}"
        )
