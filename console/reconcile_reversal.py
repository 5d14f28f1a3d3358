"""Accepting that an insurer took money back (冲正): first the receipt is reversed, by the job for that."""

from datetime import date
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from console import by_hand
from console.house import reading
from console.who import Person
from models.bank import BankLine
from models.match import Match, MatchPart
from models.payout import Payout
from models.words import MatchKind, MatchState, PayoutState


class _Back(NamedTuple):
    """What was taken back: so many fen of a case, on a day, of these receipts."""

    match_id: int
    case_id: int
    amount: int
    on: date
    payouts: tuple[int, ...]


def record_first(line: int, proposal: int | None, shop: str, day: date, who: Person) -> None:
    """Reverse the receipt that the proposal of a line speaks of, unless that is done."""
    with reading() as session:
        back = _taken_back(session, line, proposal)
    if back is None or not back.payouts:
        return
    given = {"payout_id": back.payouts[0]} if len(back.payouts) == 1 else {}
    by_hand.do(
        "reverse_payout", shop, day, f"match:{back.match_id}", who, case_id=back.case_id, amount=back.amount,
        on=back.on.isoformat(), because=f"bank line {line}", **given,
    )  # fmt: skip


def _taken_back(session: Session, line: int, proposal: int | None) -> _Back | None:
    found = session.execute(
        select(Match, MatchPart)
        .join(MatchPart, MatchPart.match_id == Match.id)
        .where(MatchPart.bank_line_id == line, Match.state == MatchState.PROPOSED)
        .order_by(Match.rank, Match.id)
    ).all()
    chosen = [(m, part) for m, part in found if proposal in (None, m.rank)]
    if len(chosen) != 1 or chosen[0][0].kind is not MatchKind.PAYOUT_REVERSAL:
        return None
    match, part = chosen[0]
    reverses = match.evidence.get("reverses") if isinstance(match.evidence, dict) else None
    payouts = session.scalars(
        select(Payout.id).where(
            Payout.match_id == reverses,
            Payout.case_id == part.case_id,
            Payout.state != PayoutState.REVERSED,
        )
    ).all()
    on = session.get_one(BankLine, line).booked_on
    return _Back(match.id, part.case_id or 0, -part.amount, on, tuple(payouts))
