"""What this room decides of bank lines: applied at once, proposed to a person, or left with a reason."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field

from models.words import MatchKind, Outcome

RULE = "match/3"
"""Version of the rules of this room; changes whenever a decision may come out differently."""

UNDONE = "undone_by_person"
"""The reason of a proposal that a person took back before."""

Part = tuple[int, int, int]
"""(bank line, case or refund, fen)"""


@dataclass(frozen=True)
class Pairing:
    """Some bank lines and what they pay. Parts name cases, or refunds where a refund bounced."""

    kind: MatchKind
    reason: str
    parts: tuple[Part, ...]
    evidence: Mapping[str, object] = field(default_factory=dict, hash=False)
    payout_ids: tuple[int, ...] = ()
    """Asserted payouts of which the lines are the evidence."""
    score: int = field(default=0, compare=False)
    """How much speaks for it, 0 to 100."""
    remittance: str | None = None
    """The number the payer gave the remittance, where the remark says it."""

    @property
    def line_ids(self) -> tuple[int, ...]:
        return tuple(sorted({line_id for line_id, _, _ in self.parts}))

    @property
    def amount(self) -> int:
        return sum(amount for _, _, amount in self.parts)

    @property
    def occasion(self) -> str:
        """What makes it the same statement when it is made again: kind, lines, cases and fen."""
        words = ",".join(sorted(f"L{line}={target}:{amount}" for line, target, amount in self.parts))
        return f"{self.kind}:{words if len(words) <= 200 else hashlib.sha256(words.encode()).hexdigest()}"


def name_pairing(pairing: Pairing) -> str:
    """The line under which it is set aside where it can't be posted."""
    return f"bank_line:{pairing.line_ids[0]}"


@dataclass(frozen=True)
class Verdict:
    """Where a line that was not applied stands, why, and the proposals in order of rank."""

    outcome: Outcome
    reason: str
    proposals: tuple[Pairing, ...] = ()
    detail: Mapping[str, object] = field(default_factory=dict, hash=False)


def left(reason: str, **detail: object) -> Verdict:
    """Nothing can be proposed: a person looks at it."""
    return Verdict(Outcome.UNMATCHED, reason, detail=detail)


def ignored(kind: str) -> Verdict:
    """No insurer money: listed with its kind, and not looked at again."""
    return Verdict(Outcome.IGNORED, kind)


def proposed(*pairings: Pairing, **detail: object) -> Verdict:
    return Verdict(Outcome.PROPOSED, pairings[0].reason, pairings, detail)
