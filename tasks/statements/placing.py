"""Which lines of a file are new: the same in every export, and never one where there were two. Pure.

A line is known by the bank's serial where there is one that means something, else by the running balance,
else by its occurrence within the account's day (issue 4). Files overlap; a day may stand in a file only in
part, because it was exported during that day or was cut by hand. Where a part of a day can't be placed beside
what is known of that day, the file goes to a person.
"""

import hashlib
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from models.values import Refusal, half_width
from tasks.statements.sameness import Edge, Mark, fresh_of
from tasks.statements.statement import Statement, StatementLine


@dataclass(frozen=True)
class New:
    """A line to be added, and its identity: unique within the account."""

    line: StatementLine
    identity: str


def plain(*parts: str | None) -> str:
    """Words as they are compared: half width, no blanks."""
    return "|".join("".join(half_width(part or "").split()) for part in parts)


def new_lines(
    file_name: str, found: Statement, known: Sequence[Mark], *, whole_days: bool = False
) -> list[New]:
    """The lines of a file that are not `known` of its account on its days. Raises Refusal."""
    lines: defaultdict[date, list[StatementLine]] = defaultdict(list)
    before: defaultdict[date, list[Mark]] = defaultdict(list)
    for line in found.lines:
        lines[line.booked_on].append(line)
    for mark in known:
        before[mark.booked_on].append(mark)
    begins_whole = found.span is not None and found.span.is_stated
    new: list[New] = []
    for day, its in sorted(lines.items()):
        marks = [_mark(line) for line in its]
        edge = Edge(day == min(lines) and not begins_whole, day == max(lines), whole_days)
        fresh = fresh_of(before[day], marks, edge)
        if fresh is None:
            raise _cannot_be_placed(file_name, its, len(before[day]))
        new += _named(before[day], [(its[at], marks[at]) for at in fresh])
    return new


def _mark(line: StatementLine) -> Mark:
    text = plain(
        line.counterparty_name[:255], line.counterparty_account[:64], " ".join(line.remarks.values())
    )
    serial = line.serial[:64] if line.serial else None
    return Mark(line.booked_on, line.booked_at, line.amount, line.balance, serial, text)


def _named(old: Sequence[Mark], added: Sequence[tuple[StatementLine, Mark]]) -> Iterator[New]:
    """Each new line with its identity; the second of two twins is a line of its own (domain 6.2)."""
    seen = Counter(mark.own for mark in old)
    for line, mark in added:
        seen[mark.own] += 1
        content = "|".join(map(str, (*mark.own, seen[mark.own])))
        yield New(line, hashlib.sha256(content.encode()).hexdigest())


def _cannot_be_placed(file_name: str, lines: Sequence[StatementLine], known: int) -> Refusal:
    rows = sorted(line.row for line in lines)
    day = lines[0].booked_on
    where = f"row {rows[0]}" if len(rows) == 1 else f"rows {rows[0]} to {rows[-1]}"
    return Refusal(
        f"{file_name} holds {len(rows)} lines of {day} ({where}), and other files brought {known} of that "
        "day: which of them are the same can't be told, for it is a part of the day. Nothing was taken. "
        f"Export whole days and run: huikuan intake statement {file_name}. If every line of its days is in "
        f"it: huikuan intake statement {file_name} --whole-days"
    )
