"""What a person may give along when he starts a job by hand: declared by the job, typed, checked."""

from collections.abc import Callable, Sequence
from difflib import get_close_matches
from enum import StrEnum
from typing import Any, TypeVar

from models.values import Period, Refusal, UnreadableValue, business_date

Function = TypeVar("Function", bound=Callable[..., int])


class Kind(StrEnum):
    """What a parameter is, as it is said to whoever got it wrong."""

    MONTH = "a month such as 2026-11"
    DAY = "a date such as 2026-11-21"
    NUMBER = "a whole number above zero"
    YES_NO = "yes or no"


TAKES: dict[str, dict[str, Kind]] = {}
"""The declared parameters, by job."""


def takes(**kinds: Kind) -> Callable[[Function], Function]:
    """Declare what a job takes; one that is no step of the night may thereby be started by hand.

    Whoever may run jobs may start it, so only a job declares this that moves no money, decides nothing for a
    person and checks no role.
    """

    def declare(function: Function) -> Function:
        TAKES[function.__name__] = kinds
        return function

    return declare


def read(job: str, given: Sequence[str]) -> dict[str, Any]:
    """`key=value` texts as the values the job is given. Raises Refusal for what it does not take."""
    known = TAKES.get(job, {})
    found: dict[str, Any] = {}
    for text in given:
        key, sign, value = text.partition("=")
        if not sign:
            raise Refusal(f'"{text}" sets nothing. Write --set {key}=VALUE')
        if key not in known:
            raise _unknown(job, key, known)
        if key in found:
            raise Refusal(f"{key} is set twice; keep one of them.")
        found[key] = _value(key, value.strip(), known[key])
    return found


def _unknown(job: str, key: str, known: dict[str, Kind]) -> Refusal:
    near = get_close_matches(key, known, n=1)
    what = ", ".join(f"{name} ({kind})" for name, kind in known.items()) or "nothing but --shop and --date"
    hint = f" Did you mean {near[0]}?" if near else ""
    return Refusal(f"{job} takes no {key}.{hint} It takes {what}. See: huikuan job kinds")


def _value(key: str, text: str, kind: Kind) -> str | int | bool:
    try:
        return _READ[kind](text)
    except (UnreadableValue, ValueError, KeyError):
        raise Refusal(f'"{text}" can\'t be read as {key}, which is {kind}.') from None


def _number(text: str) -> int:
    if not (text.isascii() and text.isdecimal() and 0 < int(text) < 1_000_000_000):
        raise ValueError
    return int(text)


def _yes_no(text: str) -> bool:
    return {"yes": True, "true": True, "no": False, "false": False}[text.lower()]


_READ: dict[Kind, Callable[[str], str | int | bool]] = {
    Kind.MONTH: lambda text: str(Period.parse(text)),
    Kind.DAY: lambda text: business_date(text).isoformat(),
    Kind.NUMBER: _number,
    Kind.YES_NO: _yes_no,
}
