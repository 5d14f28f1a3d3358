"""What the nights made of a life, held against the truth: tier by tier, fault by fault, and every line."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from sqlalchemy import select

from models.case import Case
from models.match import Match, MatchPart
from models.words import MatchKind, MatchState, Outcome
from tests.generated.facts import Move
from tests.generated.story import Story
from tests.generated.words import Fault, Tier


@dataclass
class Score:
    """Counts of lines. `wrong` names each line that was applied by itself to what it does not pay."""

    planted: Counter[Tier] = field(default_factory=Counter)
    applied: Counter[Tier] = field(default_factory=Counter)
    by_person: Counter[Tier] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)
    wrong_in: Counter[Tier] = field(default_factory=Counter)
    lost: list[str] = field(default_factory=list)
    """Not in the books, never looked at, or put aside although it is money to be explained."""
    misnamed: list[str] = field(default_factory=list)
    """No business of reconciliation, and not listed as what it is."""
    faults: dict[Fault, Counter[str]] = field(default_factory=dict)
    """How the lines of each fault stood after the first night that saw them."""

    def add(self, other: "Score") -> None:
        self.planted.update(other.planted)
        self.applied.update(other.applied)
        self.by_person.update(other.by_person)
        for fault, found in other.faults.items():
            self.faults.setdefault(fault, Counter()).update(found)
        self.wrong += other.wrong
        self.wrong_in.update(other.wrong_in)
        self.lost += other.lost
        self.misnamed += other.misnamed

    def recall(self) -> Iterator[tuple[Tier, int, int, float]]:
        """Per tier the lines, how many the nights applied by themselves, and their share."""
        for tier in Tier:
            lines, applied = self.planted[tier], self.applied[tier]
            yield tier, lines, applied, applied / lines if lines else 0.0


def score(story: Story) -> Score:
    """Hold every line of a story that was lived against its movement."""
    found, made = Score(), _made(story)
    missing = sum(len(account.lines) for account in story.accounts) - len(story.truth)
    found.lost += [f"{missing} lines are not in the books"] * bool(missing)
    for line_id, move in sorted(story.truth.items()):
        by, paid = made.get(line_id, ("", Counter()))
        _count(found, story, line_id, move, by, paid)
        _look(found, story, move, *story.first.get(line_id, (Outcome.OPEN, "")))
    if past_us := len(story.life.paid_past_us):
        found.faults[Fault.TO_CUSTOMER] = Counter({"nothing came: the claim stays open": past_us})
    return found


Paid = Counter[tuple[str, str]]
"""Fen by what kind of thing (payout, refund) and claim number."""


def _made(story: Story) -> dict[int, tuple[str, Paid]]:
    """By line, who applied a match that stands, and what it says that the line pays."""
    rows = story.session.execute(
        select(MatchPart.bank_line_id, Match.kind, Match.decided_by, Case.claim_no, MatchPart.amount)
        .join(Match, Match.id == MatchPart.match_id)
        .join(Case, Case.id == MatchPart.case_id)
        .where(Match.shop_id == story.shop.id, Match.state == MatchState.APPLIED)
    )
    found: dict[int, tuple[str, Paid]] = {}
    for line_id, kind, by, claim_no, amount in rows:
        found.setdefault(line_id, (by, Counter()))[1][_thing(kind), claim_no] += amount
    return found


def _thing(kind: MatchKind) -> str:
    return "payout" if kind in (MatchKind.PAYOUT, MatchKind.EVIDENCE) else kind.value


def _true(move: Move) -> Paid:
    if move.refund:
        return Counter({(MatchKind.BOUNCED_REFUND.value, move.refund): move.amount})
    return Counter({("payout", pays.claim_no): pays.amount for pays in move.pays})


def _count(found: Score, story: Story, line_id: int, move: Move, by: str, paid: Paid) -> None:
    found.planted[move.tier] += 1
    if by == "system" and paid != _true(move):
        found.wrong_in[move.tier] += 1
        found.wrong.append(f"{_said(story, move)} was taken for {dict(paid)}")
    elif by == "system" and line_id not in story.helped:
        found.applied[move.tier] += 1
    elif by:
        found.by_person[move.tier] += 1


def _look(found: Score, story: Story, move: Move, outcome: Outcome, reason: str) -> None:
    """How a line stood after its first night: with a reason, and put aside only where that is right."""
    if move.fault:
        found.faults.setdefault(move.fault, Counter())[f"{outcome}: {reason}"] += 1
    if outcome is Outcome.OPEN or not reason:
        found.lost.append(f"{_said(story, move)} was not looked at")
    if move.ignored_as is None and outcome is Outcome.IGNORED:
        found.lost.append(f"{_said(story, move)} was put aside as {reason}")
    if move.ignored_as is not None and (outcome, reason) != (Outcome.IGNORED, move.ignored_as):
        found.misnamed.append(f"{_said(story, move)} stands as {outcome}: {reason}")


def _said(story: Story, move: Move) -> str:
    return (
        f"{story.shop.code} {move.on} {move.amount / 100:.2f} from {move.other} ({move.remark}; {move.form}), "
        f"which pays {[(pays.claim_no, pays.amount) for pays in move.pays]},"
    )
