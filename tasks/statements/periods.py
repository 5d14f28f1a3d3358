"""What the statements of an account leave open: from which day to which lines are missing. Pure."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from models.values import mask_account, yuan_grouped


@dataclass(frozen=True)
class Covered:
    """One statement: its days, the balances at both ends (fen), and whether the file names the days."""

    file_name: str
    first: date
    last: date
    is_stated: bool
    opening: int | None
    closing: int | None


@dataclass(frozen=True)
class Gap:
    """Between two statements; `missing` is what came or went in between (fen), None where nobody can say."""

    before: Covered
    after: Covered
    missing: int | None

    @property
    def first(self) -> date:
        """The first day of which lines may be missing: where none lies between, the last one covered."""
        next_day = self.before.last + timedelta(days=1)
        return next_day if next_day < self.after.first else self.before.last

    @property
    def last(self) -> date:
        return max(self.first, self.after.first - timedelta(days=1))


def gaps(statements: Iterable[Covered]) -> Iterator[Gap]:
    """Every gap between the statements of one account, the oldest first.

    Balances say more than days: a month without a line leaves none. Without balances only days that neither
    file names are a gap. Statements that share a day were held against each other when they were read.
    """
    reach: Covered | None = None
    for each in sorted(statements, key=lambda one: (one.first, one.last)):
        if reach is not None and each.first > reach.last and (gap := _between(reach, each)):
            yield gap
        if reach is None or each.last >= reach.last:
            reach = each


def _between(before: Covered, after: Covered) -> Gap | None:
    if before.closing is not None and after.opening is not None:
        missing = after.opening - before.closing
        return Gap(before, after, missing) if missing else None
    named = before.is_stated and after.is_stated
    apart = after.first - before.last > timedelta(days=1)
    return Gap(before, after, None) if named and apart else None


def sentence(number: str, gap: Gap) -> str:
    """What is missing of an account, for a person."""
    what = "no statement names these days"
    if gap.missing is not None:
        what = (
            f"{gap.before.file_name} closes with {yuan_grouped(gap.before.closing or 0)}, and "
            f"{gap.after.file_name} opens with {yuan_grouped(gap.after.opening or 0)}"
        )
    days = f"{gap.first}" if gap.first == gap.last else f"{gap.first} to {gap.last}"
    return f"Account {mask_account(number)}: lines of {days} are missing: {what}. Export these days"
