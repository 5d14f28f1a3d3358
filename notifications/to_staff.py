"""Notices to the people of the shop."""

from dataclasses import dataclass
from typing import ClassVar

from models.words import Audience


@dataclass(frozen=True)
class DigestLine:
    """One line of the digest: what, how many or how much, and the command that resolves it ('' = none)."""

    what: str
    amount: str
    whose: str
    command: str


@dataclass(frozen=True)
class MorningDigest:
    """What the night did, once a night: came in, decided, failed, and what waits for whom."""

    audience: ClassVar[Audience] = Audience.STAFF
    date: str
    shop_name: str
    came_in: tuple[DigestLine, ...]
    decided: tuple[DigestLine, ...]
    failed: tuple[DigestLine, ...]
    waiting: tuple[DigestLine, ...]
