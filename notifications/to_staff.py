"""Notices to the people of the shop."""

from dataclasses import dataclass
from typing import ClassVar

from models.words import Audience


@dataclass(frozen=True)
class DigestLine:
    """One line of the digest: what, how many or how much, and the command that resolves it ('' = none)."""

    what: str
    amount: str
    whose: str
    command: str


@dataclass(frozen=True)
class MorningDigest:
    """What the night did, once a night: came in, money, decided, failed, and what waits for whom."""

    audience: ClassVar[Audience] = Audience.STAFF
    date: str
    shop_name: str
    came_in: tuple[DigestLine, ...]
    money: tuple[DigestLine, ...]
    """In and out, as it was posted."""
    decided: tuple[DigestLine, ...]
    failed: tuple[DigestLine, ...]
    waiting: tuple[DigestLine, ...]


@dataclass(frozen=True)
class ErrandGiven:
    """Something that a named person is to see to: the next level of the ladder, a clock, an answer."""

    audience: ClassVar[Audience] = Audience.STAFF
    date: str
    shop_name: str
    owner: str
    title: str
    claim_no: str
    """'' for what is not about one case."""
    amount: str
    what: str
    command: str
    pass_on: str
    """From when it passes on to somebody else; '' = never."""


@dataclass(frozen=True)
class CalendarWarning:
    """A year's holiday notice is missing, so that due days in it are provisional."""

    audience: ClassVar[Audience] = Audience.STAFF
    date: str
    shop_name: str
    year: str
    is_error: bool
    """The year is about to begin, or has begun."""
    clocks: str
    """How many due days rest on it."""
    command: str


@dataclass(frozen=True)
class OverdueTask:
    """One thing that should have been done by now."""

    title: str
    claim_no: str
    amount: str
    overdue: str
    """Days."""
    command: str


@dataclass(frozen=True)
class OverdueTasks:
    """Everything of one person that is overdue, once a day."""

    audience: ClassVar[Audience] = Audience.STAFF
    date: str
    shop_name: str
    owner: str
    count: str
    tasks: tuple[OverdueTask, ...]
    """The first of them."""


@dataclass(frozen=True)
class NightNotRun:
    """A night that should have been finished by now is not."""

    audience: ClassVar[Audience] = Audience.STAFF
    date: str
    shop_name: str
    night: str
    missed: str
    """How many nights are owed, this one included."""
    error: str
    command: str


@dataclass(frozen=True)
class ClosingBlocker:
    """Something that stands in the way of closing a month, and the command that puts it right."""

    what: str
    command: str


@dataclass(frozen=True)
class MonthToClose:
    """A month is over: its draft is built, and this stands in the way of closing it."""

    audience: ClassVar[Audience] = Audience.STAFF
    date: str
    shop_name: str
    month: str
    count: str
    """How many things stand in the way; '' = none."""
    blockers: tuple[ClosingBlocker, ...]
    """The first of them."""
    command: str
    """Closes the month."""
