"""Writing what was decided of bank lines: the match, payouts and money entries, a refund that bounced."""

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from models.bank import BankLine
from models.case import Case
from models.entry import Movement, post
from models.match import Match, MatchPart
from models.payout import Payout, spread
from models.refund import Refund
from models.words import EntryKind, LineKind, MatchKind, MatchState, Outcome, PayoutState, RefundState, Stage
from models.work_order import WorkOrder
from tasks.reconciliation import current
from tasks.reconciliation.current import Balance
from tasks.reconciliation.telling import tell
from tasks.reconciliation.verdict import RULE, Pairing, Part
from worker.job import Night

_OF_REFUNDS = (MatchKind.BOUNCED_REFUND, MatchKind.REFUND_PAYMENT)
"""Their parts name refunds."""


def keep(session: Session, night: Night, pairing: Pairing, state: MatchState, rank: int = 1) -> int:
    """Write the statement down, once per occasion, and return its id; a known one is brought up to date."""
    facts: dict[str, Any] = {
        "state": state, "reason": pairing.reason, "rank": rank, "rule": RULE, "score": pairing.score,
        "remittance": pairing.remittance,
        "evidence": {**pairing.evidence, "payout_ids": list(pairing.payout_ids)},
    }  # fmt: skip
    known = session.execute(select(Match).where(Match.occasion == pairing.occasion)).scalar_one_or_none()
    if known is None:
        fresh = {"shop_id": night.shop_id, "kind": pairing.kind, "occasion": pairing.occasion}
        known = Match(**fresh, **facts, decided_on=night.date, decided_by=night.by, decided_at=night.at)
        session.add(known)
        session.flush()
        session.execute(
            insert(MatchPart), [_part(session, known.id, pairing, part) for part in pairing.parts]
        )
    elif any(getattr(known, name) != fact for name, fact in facts.items()):
        for name, fact in facts.items():
            setattr(known, name, fact)
        known.decided_on, known.decided_by, known.decided_at = night.date, night.by, night.at
        session.flush()
    return known.id


def _part(session: Session, match_id: int, pairing: Pairing, part: Part) -> dict[str, Any]:
    """A part for a case; a refund that was paid or bounced stands with the case it is shown on."""
    line_id, target, amount = part
    refund_id = target if pairing.kind in _OF_REFUNDS else None
    case_id = current.lead_case_of_refund(session, target)[1] if refund_id else target
    return {
        "match_id": match_id, "bank_line_id": line_id, "amount": amount,
        "case_id": case_id, "refund_id": refund_id,
    }  # fmt: skip


def apply(session: Session, night: Night, pairing: Pairing) -> None:
    """Make it so: payouts and entries, evidence, or a bounced refund; the lines are settled with it.

    A transfer is allocated whole or not at all: nobody is told anything of a part of it.
    """
    match_id = keep(session, night, pairing, MatchState.APPLIED)
    write = {
        MatchKind.PAYOUT: _receive, MatchKind.EVIDENCE: _prove, MatchKind.BOUNCED_REFUND: _bounce,
        MatchKind.PAYOUT_REVERSAL: _took_back,
    }[pairing.kind]  # fmt: skip
    write(session, night, pairing, match_id)
    settle(session, night, pairing, match_id)


def settle(session: Session, night: Night, pairing: Pairing, match_id: int) -> None:
    """The lines of a match stand as matched; the match remembers its run, so that both can be undone."""
    session.execute(update(Match).where(Match.id == match_id).values(run_token=night.lease_token or None))
    settled = {"outcome": Outcome.MATCHED, "reason": pairing.reason, "detail": None}
    session.execute(update(BankLine).where(BankLine.id.in_(pairing.line_ids)).values(settled))


class _Share(NamedTuple):
    line_id: int
    balance: Balance
    amount: int
    over: int
    """The part of `amount` above what the line expects: held, not shared out (domain 1.7, B)."""


def _receive(session: Session, night: Night, pairing: Pairing, match_id: int) -> None:
    booked = current.booked_on(session, pairing.line_ids)
    cases = sorted({target for _, target, _ in pairing.parts})
    shares = list(_shares(pairing.parts, current.balances(session, cases)))
    rows = [
        {
            "case_id": s.balance.case_id, "expected_line_id": s.balance.line.line_id, "amount": s.amount,
            "received_on": booked[s.line_id], "state": PayoutState.EVIDENCED, "recorded_by": night.by,
            "match_id": match_id, "origin": _origin(match_id, s),
        }
        for s in shares
    ]  # fmt: skip
    session.execute(insert(Payout), rows)
    movements = [
        Movement(s.balance.work_order_id, kind, fen, booked[s.line_id], f"{_origin(match_id, s)}:{kind}")
        for s in shares
        for kind, fen in _movements(s)
    ]
    post(session, movements, **night.trail)
    _settle_again(session, night, {s.balance.work_order_id for s in shares})
    _money_came(session, match_id, cases)
    tell(session, night, pairing, match_id, cases)


def _origin(match_id: int, share: _Share) -> str:
    """The payout's own, which its entries begin with."""
    return f"match:{match_id}:{share.line_id}:{share.balance.line.line_id}"


def _shares(parts: Sequence[Part], balances: Sequence[Balance]) -> Iterator[_Share]:
    """Each part on the lines of its case, one after the other: what the first filled the next finds full."""
    now = {balance.line.line_id: balance for balance in balances}
    for line_id, case_id, amount in parts:
        lines = [balance.line for balance in now.values() if balance.case_id == case_id]
        for expected_line, fen in spread(amount, lines):
            balance = now[expected_line]
            line = balance.line
            over = min(fen, max(0, line.received + fen - line.expected))
            yield _Share(line_id, balance, fen, over)
            filled = line._replace(received=line.received + fen)
            now[expected_line] = balance._replace(line=filled)


def _movements(share: _Share) -> Iterator[tuple[EntryKind, int]]:
    """Third-party money is owed on, unless the customer has already paid the third party (domain 1.7, Y)."""
    balance, line = share.balance, share.balance.line
    owed_on = line.kind is LineKind.OTHER_AGENCY and not balance.third_party_paid
    if share.amount > share.over:
        kind = EntryKind.PAYOUT_THIRD_PARTY if owed_on else EntryKind.PAYOUT
        yield kind, share.amount - share.over
    if share.over:
        yield EntryKind.OVER_RECEIPT_HOLD, share.over


def _prove(session: Session, night: Night, pairing: Pairing, match_id: int) -> None:
    """What only a ledger said now has its bank line; no money moves a second time (design 5)."""
    proven = update(Payout).where(Payout.id.in_(pairing.payout_ids), Payout.state == PayoutState.ASSERTED)
    session.execute(proven.values(state=PayoutState.EVIDENCED, match_id=match_id))
    cases = sorted({target for _, target, _ in pairing.parts})
    tell(session, night, pairing, match_id, cases)


def _bounce(session: Session, night: Night, pairing: Pairing, match_id: int) -> None:
    line_id, refund_id, amount = pairing.parts[0]
    booked = current.booked_on(session, [line_id])[line_id]
    work_order_id, case_id = current.lead_case_of_refund(session, refund_id)
    came_back = {"state": RefundState.BOUNCED, "bounced_on": booked, "bank_line_id": line_id}
    session.execute(update(Refund).where(Refund.id == refund_id).values(came_back))
    occasion = f"refund_bounced:{refund_id}:{match_id}"
    post(
        session,
        [Movement(work_order_id, EntryKind.REFUND_BOUNCED, amount, booked, occasion)],
        **night.trail,
    )
    _settle_again(session, night, {work_order_id})
    tell(session, night, pairing, match_id, [case_id])


def _took_back(session: Session, night: Night, pairing: Pairing, match_id: int) -> None:
    """The receipt was reversed with the claim; here the line becomes its evidence."""
    tell(session, night, pairing, match_id, sorted({target for _, target, _ in pairing.parts}))


def _settle_again(session: Session, night: Night, work_orders: set[int]) -> None:
    session.execute(update(WorkOrder).where(WorkOrder.id.in_(work_orders)).values(settle_on=night.date))


def _money_came(session: Session, match_id: int, cases: Sequence[int]) -> None:
    """Cases go on to the stage of payouts; where they stood is kept, for an undo."""
    early = session.execute(
        select(Case.id, Case.stage)
        .where(Case.id.in_(cases), Case.stage.in_((Stage.REPAIR, Stage.SUBMITTED)))
        .order_by(Case.id)
    ).all()
    if early:
        match = session.get_one(Match, match_id)
        stages = {str(case_id): stage.value for case_id, stage in early}
        match.evidence = {**(match.evidence if isinstance(match.evidence, dict) else {}), "stages": stages}
        session.flush()
        moved = [case_id for case_id, _ in early]
        session.execute(update(Case).where(Case.id.in_(moved)).values(stage=Stage.PAYOUT))
