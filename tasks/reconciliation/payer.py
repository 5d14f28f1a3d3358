"""Who paid: the insurer group behind a payer's name (domain 6.3)."""

import re
from collections.abc import Iterable

from models.values import half_width
from tasks.reconciliation.facts import Alias

_INSURER_WORD = re.compile("保险|财险|产险|人保|PICC")
_PERSON_LENGTH = 4


def plain_name(name: str) -> str:
    """A name as it is compared: half-width, upper case, without blanks."""
    return "".join(half_width(name).split()).upper()


def group_of(payer: str, aliases: Iterable[Alias]) -> int | None:
    """The group whose alias stands in the payer's name; the longest alias wins, a draw is nobody.

    A name of up to four characters is a person's (李平安) unless it is an alias itself, and a bank is no
    insurer although groups share their names.
    """
    name = plain_name(payer)
    texts = ((plain_name(alias.text), alias.group_id) for alias in aliases)
    found = [(len(text), group_id) for text, group_id in texts if text and text in name]
    if not found or ("银行" in name and not _INSURER_WORD.search(name)):
        return None
    longest = max(length for length, _ in found)
    if len(name) <= _PERSON_LENGTH and longest < len(name):
        return None
    groups = {group for length, group in found if length == longest}
    return groups.pop() if len(groups) == 1 else None
