"""Sets of transfers that equal an amount to the fen, and whether there is only one of them.

Transfers that nobody can tell apart (same day, fen and cases) form a class; a set takes so many of each
class, so twins never make two sets of one.
"""

from collections.abc import Hashable, Mapping, Sequence
from typing import TypeVar

T = TypeVar("T", bound=Hashable)

MOST_TRANSFERS = 16
"""Transfers on one case that are searched for sets; beyond it nothing is applied by itself."""

MOST_SETS = 32
"""So many different sets are looked for: the second one already makes it a person's decision."""

Taken = tuple[int, ...]


def sets_of(amounts: Sequence[int], counts: Sequence[int], total: int) -> list[Taken]:
    """How many of each amount (all above zero) add up to total, every way there is, up to MOST_SETS."""
    found: list[Taken] = []
    rest = [0] * (len(amounts) + 1)
    for at in range(len(amounts) - 1, -1, -1):
        rest[at] = rest[at + 1] + amounts[at] * counts[at]

    def search(at: int, missing: int, taken: Taken) -> None:
        if len(found) == MOST_SETS or missing < 0 or missing > rest[at]:
            return
        if at == len(amounts):
            found.append(taken)
            return
        for count in range(counts[at] + 1):
            search(at + 1, missing - count * amounts[at], (*taken, count))

    search(0, total, ())
    return found


def certain(
    sizes: Mapping[T, int], wishes: Mapping[int, Sequence[Mapping[T, int]]]
) -> dict[int, Mapping[T, int]]:
    """Of targets and the sets that would pay each, those about which there is no doubt.

    sizes: how many transfers each class holds. A target is certain when exactly one set pays it, when no
    other target's sets want the same transfers, when no other target would be paid by the same set (two
    claims of equal size, domain 6.4 no. 6), and when every choice among twins gives each case the same fen
    and leaves no twin over: one too many is a double payment, for a person.
    """
    sure = {target: sets[0] for target, sets in wishes.items() if len(sets) == 1}
    while True:
        doubtful = {target for target, taken in sure.items() if _doubtful(target, taken, sizes, wishes, sure)}
        if not doubtful:
            return sure
        sure = {target: taken for target, taken in sure.items() if target not in doubtful}


def _doubtful(
    target: int,
    taken: Mapping[T, int],
    sizes: Mapping[T, int],
    wishes: Mapping[int, Sequence[Mapping[T, int]]],
    sure: Mapping[int, Mapping[T, int]],
) -> bool:
    if any(other != target and taken in sets for other, sets in wishes.items()):
        return True
    for of, count in taken.items():
        wanted = sum(max((wish.get(of, 0) for wish in sets), default=0) for sets in wishes.values())
        used = sum(chosen.get(of, 0) for chosen in sure.values())
        if count and (wanted > sizes[of] or (sizes[of] > 1 and used != sizes[of])):
            return True
    return False
