"""The dates between which rules of law are valid: one after the other, without gap or overlap. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise

from models.values import Refusal

_ONE_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Period:
    """From one day to another, both included; None = until further notice."""

    valid_from: date
    valid_to: date | None


def fitted(code: str, known: Sequence[Period], new: Period) -> tuple[Period, ...]:
    """The periods of a rule with a new one: the one in force without an end ends the day before.

    Raises Refusal where a day would have two rules, or none between two that have one.
    """
    others = [each for each in known if each.valid_from != new.valid_from]
    shortened = [
        Period(each.valid_from, new.valid_from - _ONE_DAY)
        if each.valid_to is None and each.valid_from < new.valid_from
        else each
        for each in others
    ]
    whole = tuple(sorted([*shortened, new], key=lambda each: each.valid_from))
    refuse_unless_seamless(code, whole)
    return whole


def refuse_unless_seamless(code: str, periods: Sequence[Period]) -> None:
    """Raise Refusal for a period that ends before it begins, an overlap or a gap; `periods` in order."""
    for each in periods:
        if each.valid_to and each.valid_to < each.valid_from:
            raise Refusal(
                f"{code}: a rule can't end on {each.valid_to} before it begins on {each.valid_from}."
            )
    for before, after in pairwise(periods):
        last = before.valid_to
        if last is None or last >= after.valid_from:
            raise Refusal(
                f"{code}: two rules would be valid on {after.valid_from}: the one from {before.valid_from} "
                f"ends {f'on {last}' if last else 'never'}. Give the new one another --from, or a --to of "
                f"{after.valid_from - _ONE_DAY} at the latest."
            )
        if last + _ONE_DAY != after.valid_from:
            raise Refusal(
                f"{code}: no rule would be valid from {last + _ONE_DAY} to {after.valid_from - _ONE_DAY}. "
                f"Begin the new one on {last + _ONE_DAY}, or end the other on {after.valid_from - _ONE_DAY}."
            )
