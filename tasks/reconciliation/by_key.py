"""What has a key, where nearly every key belongs to one alone: a list or set for each would cost double."""

from collections.abc import Sequence
from typing import TypeVar

T = TypeVar("T")

_NOBODY = frozenset[int]()


def by_key(keys: Sequence[str], things: Sequence[T]) -> tuple[dict[str, T], dict[str, list[T]]]:
    """One thing of each key, and all of a key that several have."""
    one, several = dict(zip(keys, things, strict=True)), dict[str, list[T]]()
    if len(one) < len(things):
        one = {}
        for key, thing in zip(keys, things, strict=True):
            if (first := one.setdefault(key, thing)) is not thing:
                several.setdefault(key, [first]).append(thing)
    return one, several


class Holders:
    """Who has a key, by number; nobody has an empty one."""

    def __init__(self, keys: Sequence[str], numbers: Sequence[int]) -> None:
        self._one, self._several = by_key(keys, numbers)

    def __getitem__(self, key: str) -> frozenset[int]:
        number = self._one.get(key)
        if number is None or not key:
            return _NOBODY
        return frozenset(self._several.get(key) or (number,))
