"""Whether a month may be closed, opened again, and by whom (结账, 反结账); pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from models.values import Period, yuan_grouped
from models.words import Outcome, Role

OPERATOR, SYSTEM = "operator", "system"
MAY_CLOSE = frozenset({Role.ACCOUNTANT, Role.REVIEWER, Role.MANAGER, Role.ADMIN, OPERATOR})
MAY_REOPEN = frozenset({Role.MANAGER, Role.ADMIN, OPERATOR})
_MOST_NAMED = 5
_OUTCOMES = {Outcome.OPEN: "尚未处理", Outcome.PROPOSED: "待确认", Outcome.UNMATCHED: "未对上"}


class Aside(NamedTuple):
    """Something that a step of the night could not decide or prove."""

    step: str
    subject: str
    error: str


class WaitingLine(NamedTuple):
    """A bank line of the month of which nobody has said what it is; fen."""

    id: int
    booked_on: date
    amount: int
    outcome: Outcome


@dataclass(frozen=True)
class Books:
    """What is known of a month that is to be closed."""

    shop_code: str
    month: Period
    proved_on: date | None
    """The last business date on which all money was proved."""
    aside: Sequence[Aside]
    lines: Sequence[WaitingLine]


class Blocker(NamedTuple):
    """What stands in the way of closing: for the notice in Chinese, for the command line in English."""

    what: str
    sentence: str
    command: str


def blockers(books: Books) -> list[Blocker]:
    """Everything that has to be put right before the month is closed; empty = it may be."""
    month, code = books.month, books.shop_code
    found = []
    if books.proved_on is None or books.proved_on < month.last:
        since = books.proved_on or "the beginning"
        found.append(
            Blocker(
                f"{month.last}之后尚未核对全部款项",
                f"The money was not proved since {since}; {month} ends on {month.last}.",
                f"huikuan job run prove_money --shop {code}",
            )
        )
    for each in books.aside:
        proof = each.step == "prove_money"
        what = "款项核对不符" if proof else f"步骤{each.step}未能处理"
        found.append(
            Blocker(
                f"{what}：{each.subject}", f"{each.step} set {each.subject} aside: {each.error}",
                f"huikuan money check --shop {code}" if proof else "huikuan todo list",
            )
        )  # fmt: skip
    found += [_line(each) for each in books.lines]
    return found


def _line(line: WaitingLine) -> Blocker:
    amount = yuan_grouped(line.amount)
    return Blocker(
        f"银行流水{line.id}（{line.booked_on}，{amount}元）{_OUTCOMES.get(line.outcome, line.outcome)}",
        f"Bank line {line.id} ({line.booked_on}, {amount} yuan) is {line.outcome}.",
        f"huikuan reconcile show {line.id}",
    )


def in_the_way(month: Period, found: Sequence[Blocker]) -> str:
    """The sentence that refuses to close a month, with the first few reasons and their commands."""
    said = [f"{each.sentence} {each.command}" for each in found[:_MOST_NAMED]]
    more = [f"... and {len(found) - _MOST_NAMED} more."] if len(found) > _MOST_NAMED else []
    count = "1 thing stands" if len(found) == 1 else f"{len(found)} things stand"
    return "\n  ".join([f"{month} can't be closed: {count} in the way.", *said, *more])


@dataclass(frozen=True)
class Standing:
    """How a month stands in the chain: the newest close of every month, and whether it was opened again."""

    month: Period
    number: str
    revision: int
    closed_on: date
    closed_by: str
    reopened: bool


@dataclass(frozen=True)
class Asked:
    """Who wants to close which month, on which business date."""

    month: Period
    shop_code: str
    today: date
    by: str
    role: str
    prepared_by: str
    is_first: bool
    """It was said that the chain begins here."""


def why_not(asked: Asked, standing: Sequence[Standing]) -> str | None:
    """Why this month may not be closed by this person now, apart from what blocks its content."""
    month, command = asked.month, f"huikuan ledger close {asked.month} --shop {asked.shop_code}"
    known = {each.month: each for each in standing}
    if asked.role not in MAY_CLOSE:
        return (
            f"{asked.by} is {asked.role} and may not close a month. Ask an accountant, reviewer or manager."
        )
    if asked.today <= month.last:
        return f"{month} is not over on {asked.today}. Close it from {month.next().first} on: {command}"
    mine = known.get(month)
    if mine and not mine.reopened:
        return (
            f"{month} was closed on {mine.closed_on} by {mine.closed_by} as {mine.number}, revision "
            f"{mine.revision}. To change it, a manager opens it again: huikuan ledger reopen {month} "
            f'--because "..." --until DATE --shop {asked.shop_code}'
        )
    if asked.prepared_by == asked.by and asked.role != OPERATOR:
        return (
            f"{asked.by} prepared the ledger of {month}; whoever reviews and closes it is another person. "
            f"Have somebody else close it: {command}"
        )
    return _not_in_turn(asked, known)


def _not_in_turn(asked: Asked, known: dict[Period, Standing]) -> str | None:
    """The months are closed one after the other, from the first on."""
    command = f"huikuan ledger close {{}} --shop {asked.shop_code}"
    before = known.get(asked.month.previous())
    if before and not before.reopened:
        return None
    if known and asked.month == min(known):
        return None
    if known and asked.month < min(known):
        return (
            f"{asked.month} lies before {min(known)}, with which the chain begins, and was closed with it. "
            f"See: huikuan ledger list --shop {asked.shop_code}"
        )
    if known:
        due = before.month if before else max(known).next()
        return f"{due} is not closed, and {asked.month} comes after it. Close it first: {command.format(due)}"
    if asked.is_first:
        return None
    return (
        f"{asked.month.previous()} is not closed. Close it first: {command.format(asked.month.previous())}, "
        f"or let the chain begin with {asked.month}: {command.format(asked.month)} --first"
    )


def why_not_reopen(
    month: Period, standing: Sequence[Standing], *, role: str, by: str, today: date, until: date
) -> str | None:
    """Why this month may not be opened again by this person until this day."""
    known = {each.month: each for each in standing}
    if role not in MAY_REOPEN:
        return f"{by} is {role}; a closed month is opened again by a manager or admin. Ask one of them."
    if month not in known or known[month].reopened:
        return f"{month} is not closed: there is nothing to open again. See: huikuan ledger list"
    later = [each.month for each in standing if each.month > month and not each.reopened]
    if later:
        return f"{max(later)} is closed after {month}. Open it first: huikuan ledger reopen {max(later)}"
    if until < today:
        return f"{until} is over on {today}. Say until when it is open: --until DATE, today or later."
    return None
