"""Which lines of one day are the same in two files: by serial, by balances, by occurrence. Pure."""

from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, time
from itertools import product

from tasks.statements.balance import ends

Key = tuple[Hashable, ...]


@dataclass(frozen=True)
class Mark:
    """What a line is known by; `text` is the other side and the remarks, without blanks."""

    booked_on: date
    booked_at: time | None
    amount: int
    balance: int | None
    serial: str | None
    text: str

    @property
    def own(self) -> Key:
        """By what the line itself has."""
        if self.serial:
            return ("serial", self.booked_on, self.amount, self.serial)
        if self.balance is not None:
            return ("balance", self.booked_on, self.amount, self.balance)
        return ("content", self.booked_on, self.booked_at, self.amount, self.text)


@dataclass(frozen=True)
class Edge:
    """Where a day stands in its file. An export begins with a whole day and may end during one.

    `whole_days`: somebody vouches that the file holds every line of its days.
    """

    is_first: bool
    is_last: bool
    whole_days: bool


def fresh_of(old: Sequence[Mark], new: Sequence[Mark], edge: Edge) -> list[int] | None:
    """Which of a file's lines of one day nobody brought before, by index; None where that can't be told."""
    if not old:
        return list(range(len(new)))
    key, verdict = _compare(old, new, edge)
    if verdict is None:
        return None
    if verdict == "all":
        return list(range(len(new)))
    # Of several that share a key, the one with the same words is the known one.
    alike = _unmatched(new, range(len(new)), Counter((key(mark), mark.text) for mark in old), _with_text(key))
    again = set(range(len(new))).difference(alike)
    matched = Counter(key(new[at]) for at in again)
    return _unmatched(new, alike, Counter(map(key, old)) - matched, key)


def _unmatched(
    new: Sequence[Mark], among: Iterable[int], known: Counter[Key], key: Callable[[Mark], Key]
) -> list[int]:
    """Those that go beyond the known ones, by index."""
    left = Counter(known)
    beyond: list[int] = []
    for at in among:
        if left[key(new[at])] > 0:
            left[key(new[at])] -= 1
        else:
            beyond.append(at)
    return beyond


def _with_text(key: Callable[[Mark], Key]) -> Callable[[Mark], Key]:
    return lambda mark: (key(mark), mark.text)


_Verdict = str | None
"""'beyond': what goes beyond the known ones is new; 'all': every line is; None: it can't be told."""


def _compare(old: Sequence[Mark], new: Sequence[Mark], edge: Edge) -> tuple[Callable[[Mark], Key], _Verdict]:
    both = [*old, *new]
    if all(mark.serial for mark in both) and _are_apart(_serial, old, new):
        return _serial, _by_serial(old, new)
    if all(mark.balance is not None for mark in both):
        return _balance, _by_balance(old, new, edge)
    parts = [name for name in ("booked_at", "serial") if all(getattr(mark, name) for mark in both)]

    def content(mark: Mark) -> Key:
        return (mark.amount, mark.text, *(getattr(mark, name) for name in parts))

    if "booked_at" in parts and _are_apart(content, old, new):
        return content, _by_time(Counter(map(content, old)), Counter(map(content, new)), old, new)
    return content, _by_occurrence(Counter(map(content, old)), Counter(map(content, new)), edge)


def _serial(mark: Mark) -> Key:
    return (mark.amount, mark.serial)  # a payment and its fee may share a serial


def _balance(mark: Mark) -> Key:
    return (mark.amount, mark.balance)


def _are_apart(key: Callable[[Mark], Key], *sides: Sequence[Mark]) -> bool:
    return all(len(set(map(key, side))) == len(side) for side in sides)


def _by_serial(old: Sequence[Mark], new: Sequence[Mark]) -> _Verdict:
    """Two exports may number the same line differently: then its balance tells."""
    serials, of_new = set(map(_serial, old)), set(map(_serial, new))
    others = {_balance(mark) for mark in old if mark.balance is not None and _serial(mark) not in of_new}
    again = any(_balance(mark) in others for mark in new if _serial(mark) not in serials)
    return None if again else "beyond"


def _by_balance(old: Sequence[Mark], new: Sequence[Mark], edge: Edge) -> _Verdict:
    had, has = Counter(map(_balance, old)), Counter(map(_balance, new))
    if had == has:
        return "beyond"
    if edge.whole_days:
        return "beyond" if had <= has else None
    ways_old, ways_new = list(_possible_ends(old)), list(_possible_ends(new))
    if not ways_old or not ways_new:  # lines are left out of one: only twins could be mistaken
        return "beyond" if _are_apart(_balance, old, new) else None
    verdicts = {_joined(a, b, had, has) for a, b in product(ways_old, ways_new)}
    return verdicts.pop() if len(verdicts) == 1 else None


Ends = tuple[int, int]


def _possible_ends(marks: Sequence[Mark]) -> Iterator[Ends]:
    """The balances a day's lines may lead from and to; none where lines are missing between them."""
    found = ends(marks)
    if found == ():
        yield from {(balance, balance) for mark in marks if (balance := mark.balance) is not None}
    elif found:
        yield found


def _joined(old: Ends, new: Ends, had: Counter[Key], has: Counter[Key]) -> _Verdict:
    """How two chains of one day lie beside each other."""
    shared, one_holds_the_other = had & has, has <= had or had <= has
    if old[0] == new[0]:  # both begin with the day
        return "beyond" if one_holds_the_other else None
    if new[0] == old[1] or new[1] == old[0]:  # one goes on where the other ends
        return None if shared else "all"
    if not shared:
        return None
    union = had | has
    if max(union.values()) == 1 and not one_holds_the_other:
        return "beyond" if _ends_of(union) in ((old[0], new[1]), (new[0], old[1])) else None
    return "beyond" if one_holds_the_other else None


def _ends_of(union: Counter[Key]) -> Ends | tuple[()] | None:
    day = date.min
    return ends([Mark(day, None, int(str(amount)), int(str(balance)), None, "") for amount, balance in union])


def _by_time(had: Counter[Key], has: Counter[Key], old: Sequence[Mark], new: Sequence[Mark]) -> _Verdict:
    """Lines told apart by their second. Where another layout writes a line otherwise, a person says."""
    left = Counter((mark.amount, mark.booked_at) for mark in old) & Counter(
        (mark.amount, mark.booked_at) for mark in new
    )
    return "beyond" if sum(left.values()) == sum((had & has).values()) else None


def _by_occurrence(had: Counter[Key], has: Counter[Key], edge: Edge) -> _Verdict:
    """Nothing tells twins apart but how many a day has, so the day must stand whole in one of the two."""
    if had == has:
        return "beyond"
    if edge.whole_days:
        return "beyond" if had <= has else None
    if has <= had:
        return "beyond" if edge.is_last else None
    if had <= has:
        return None if edge.is_first else "beyond"
    amounts = {key[0] for key in had}
    return "all" if amounts.isdisjoint(key[0] for key in has) else None
