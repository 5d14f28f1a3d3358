"""What people read of money that does not add up. Pure; amounts are fen."""

from collections.abc import Sequence

from models.values import yuan
from tasks.proof.rules import Off

_FIND_OUT = "Find out who changed it and restore the row"
_NEXT = {
    "work_order": f"Its refund is held back. {_FIND_OUT}",
    "position": "It is computed anew tonight. Find out who changed it",
}


def off(each: Off, named: Sequence[str]) -> str:
    """A figure on which rows and entries differ, with those that were found at odds."""
    sums = f"{_shown(each.said)} by the rows, {_shown(each.booked)} by the entries"
    return f"{each.name}: {sums} ({'; '.join(named)})"


def stored(each: Off, named: str) -> str:
    """A total that was written down, and what it should be."""
    return f"{each.name}: {_shown(each.said)} in {named}, {_shown(each.booked)} by what it was computed from"


def _shown(amount: int | None) -> str:
    return "unknown" if amount is None else f"{yuan(amount)} yuan"


def told(table: str, name: str, why: Sequence[str]) -> str:
    """The whole sentence: what it is about, what is off, and the next step."""
    then = f"{_NEXT.get(table, _FIND_OUT)} (docs/money.md), then: huikuan money check"
    return f"{name}: {'; '.join(why)}. {then}"
