"""Several movements of money in one cell: their sum, their last day, who was concerned."""

from collections.abc import Iterable, Sequence
from datetime import date
from itertools import groupby

from models.values import yuan_grouped
from tasks.ledgers.facts import Movement

Moved = tuple[Movement, ...]
_IN_CHINESE = {"system": "系统", "operator": "操作员"}


def until(moved: Moved, as_of: date) -> Moved:
    return in_order([m for m in moved if m.on is None or m.on <= as_of]) if moved else ()


def until_day(day: date | None, as_of: date) -> date | None:
    return day if day is not None and day <= as_of else None


def in_order(moved: Sequence[Movement]) -> Moved:
    # Most cells stand for one movement or none.
    return tuple(moved if len(moved) < 2 else sorted(moved, key=lambda movement: movement.on or date.min))


def total(moved: Iterable[Movement]) -> int | None:
    amounts = [movement.amount for movement in moved]
    return sum(amounts) if amounts else None


def last_day(moved: Moved) -> date | None:
    return max((movement.on for movement in moved if movement.on), default=None)


def persons(moved: Moved) -> str:
    """The names behind a cell, in Chinese where it was the program or whoever has the machine."""
    named = (_IN_CHINESE.get(movement.person, movement.person) for movement in moved)
    return "、".join(dict.fromkeys(name for name in named if name))


def on_several_days(what: str, moved: Moved) -> str:
    """Two or more days behind one cell are told apart in the remark."""
    grouped = groupby(moved, key=lambda movement: movement.on)
    days = [(day, sum(movement.amount for movement in group)) for day, group in grouped]
    if len(days) < 2:
        return ""
    parts = (f"{day:%m-%d} {yuan_grouped(amount)}" if day else yuan_grouped(amount) for day, amount in days)
    return f"{what}{len(days)}次({'，'.join(parts)})"
