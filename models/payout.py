"""Insurer money received for a case, per expected line."""

from collections.abc import Sequence
from datetime import date
from itertools import combinations
from typing import NamedTuple

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, Fen, Id, Word
from models.words import Cover, LineKind, PayoutState


class Payout(Base):
    """One receipt on one expected line; a reversal changes its state, never its amount."""

    __tablename__ = "payout"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("claim_case.id"), index=True)
    expected_line_id: Mapped[int] = mapped_column(ForeignKey("expected_line.id"), index=True)
    amount: Mapped[int] = mapped_column(Fen)
    received_on: Mapped[date | None] = mapped_column(index=True)
    state: Mapped[PayoutState] = mapped_column(Word(PayoutState))
    recorded_by: Mapped[str | None] = mapped_column(String(64))
    match_id: Mapped[int | None] = mapped_column(ForeignKey("match.id"), index=True)
    """The match whose bank lines are its evidence; NULL while only a ledger says so."""
    origin: Mapped[str] = mapped_column(String(64), unique=True)
    """Which row or act brought it, e.g. 'file:3:LP2026-0001' or 'match:7:12'."""


class LineBalance(NamedTuple):
    """An expected line and what has come on it, in fen."""

    line_id: int
    kind: LineKind
    expected: int
    received: int
    cover: Cover = Cover.UNSPLIT

    @property
    def open(self) -> int:
        """What is still to come, never below zero."""
        return max(0, self.expected - self.received)


MOST_COVERS = 10
"""Above so many open lines nobody looks for the ones that a payment fits."""


def spread(amount: int, lines: Sequence[LineBalance]) -> list[tuple[int, int]]:
    """Share a payment on a case out over its lines: (line id, fen) pairs that add up to `amount`.

    Where the covers of a claim are known, a payment of just what some of its lines still expect is
    theirs (domain 6.3: 交强 and 商业 come apart). Else third-party money fills first, own repair takes the
    rest, and what is over all lines stays on the own-repair line, where it shows as over-receipt B
    (domain 1.7). `lines` must not be empty.
    """
    if fitting := _fitting(amount, lines):
        return [(line.line_id, line.open) for line in fitting]
    order = sorted(lines, key=lambda line: (line.kind is LineKind.OWN_REPAIR, line.line_id))
    shares: list[tuple[int, int]] = []
    rest = amount
    for line in order:
        part = min(rest, line.open)
        if line is order[-1]:
            part = rest
        if part:
            shares.append((line.line_id, part))
        rest -= part
    return shares


def _fitting(amount: int, lines: Sequence[LineBalance]) -> tuple[LineBalance, ...]:
    """The fewest open lines that expect just this sum together; none where two choices are as good."""
    waiting = sorted((line for line in lines if line.open), key=lambda line: line.line_id)
    if len(waiting) > MOST_COVERS or all(line.cover is Cover.UNSPLIT for line in waiting):
        return ()
    for size in range(1, len(waiting) + 1):
        found = [some for some in combinations(waiting, size) if sum(line.open for line in some) == amount]
        if found:
            return found[0] if len(found) == 1 else ()
    return ()
