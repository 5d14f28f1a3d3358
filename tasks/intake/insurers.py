"""Which insurer a ledger means by a name, and whether a number is of a report or of a policy.

Names and patterns are data (`insurer alias`), passed in.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from models.values import half_width


@dataclass(frozen=True)
class InsurerBook:
    """Known insurers: (branch id, group id) by name, group ids by alias, report patterns by group id."""

    branches: Mapping[str, tuple[int, int | None]] = field(default_factory=dict)
    aliases: Mapping[str, int] = field(default_factory=dict)
    patterns: Mapping[int, tuple[str, ...]] = field(default_factory=dict)
    meant: dict[str, "InsurerMeant"] = field(default_factory=dict, compare=False, repr=False)
    """What each name was found to mean: a ledger says the same few thousands of times."""


@dataclass(frozen=True)
class InsurerMeant:
    """`branch_id` is None for a branch not yet known; `guessed` where only a part of an alias was written."""

    name: str
    branch_id: int | None
    group_id: int | None
    guessed: bool = False


LABELLED = re.compile(r"(报案号|保单号|报案|保单)[::]?(.+)")
PARTS = re.compile(r"[/、,;\s|]+")
# Chinese insurers number policies with a leading P (PDAA..., PDZA...), reports and claims with other letters.
POLICY = re.compile(r"P[A-Z]{2,3}\d{8,}[0-9A-Z]*")


def insurer_of(name: str, book: InsurerBook) -> InsurerMeant:
    """The branch of that name, or a new branch of the group whose longest alias stands in the name."""
    if name not in book.meant:
        book.meant[name] = _looked_up(name, book)
    return book.meant[name]


def _looked_up(name: str, book: InsurerBook) -> InsurerMeant:
    if name in book.branches:
        return InsurerMeant(name, *book.branches[name])
    plain = _plain(name)
    inside = [alias for alias in book.aliases if _plain(alias) in plain]
    if inside:
        return InsurerMeant(name, None, book.aliases[max(inside, key=len)])
    around = {group for alias, group in book.aliases.items() if len(plain) >= 2 and plain in _plain(alias)}
    sure = len(around) == 1
    return InsurerMeant(name, None, around.pop() if sure else None, guessed=sure)


def _plain(name: str) -> str:
    return re.sub(r"[\s()]", "", half_width(name)).upper()


def numbers_of(text: str | None, group_id: int | None, book: InsurerBook) -> tuple[str | None, str | None]:
    """(report_no, policy_no) of column 11: by label, by the group's patterns, else a report number."""
    report: str | None = None
    policy: str | None = None
    for part in PARTS.split(half_width(text or "").strip()):
        labelled = LABELLED.fullmatch(part)
        bare = (labelled[2] if labelled else part).upper()
        if not bare:
            continue
        says_policy = labelled is not None and labelled[1].startswith("保单")
        if says_policy or (not labelled and _is_policy(bare, report, group_id, book)):
            policy = policy or bare
        else:
            report = report or bare
    return report, policy


def _is_policy(number: str, report: str | None, group_id: int | None, book: InsurerBook) -> bool:
    patterns = book.patterns.get(group_id, ()) if group_id is not None else ()
    if any(re.fullmatch(pattern, number) for pattern in patterns):
        return report is not None
    return report is not None or POLICY.fullmatch(number) is not None
