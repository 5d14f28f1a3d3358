"""Insurer money received for a case, per expected line."""

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, Fen, Id, Word
from models.words import LineKind, PayoutState


class Payout(Base):
    """One receipt on one expected line; a reversal changes its state, never its amount."""

    __tablename__ = "payout"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("claim_case.id"), index=True)
    expected_line_id: Mapped[int] = mapped_column(ForeignKey("expected_line.id"), index=True)
    amount: Mapped[int] = mapped_column(Fen)
    received_on: Mapped[date | None]
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


def spread(amount: int, lines: Sequence[LineBalance]) -> list[tuple[int, int]]:
    """Share a payment on a case out over its lines: (line id, fen) pairs that add up to `amount`.

    Third-party money fills first, own repair takes the rest, and what is over all lines stays on
    the own-repair line, where it shows as over-receipt B (domain 1.7). `lines` must not be empty.
    """
    order = sorted(lines, key=lambda line: (line.kind is LineKind.OWN_REPAIR, line.line_id))
    shares: list[tuple[int, int]] = []
    rest = amount
    for line in order:
        part = min(rest, max(0, line.expected - line.received))
        if line is order[-1]:
            part = rest
        if part:
            shares.append((line.line_id, part))
        rest -= part
    return shares
