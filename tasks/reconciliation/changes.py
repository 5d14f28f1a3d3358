"""Whether a proposal still holds when a person accepts it: what it was made from must be as it was."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.bank import BankLine
from models.match import Match
from models.payout import Payout
from models.refund import Refund
from models.values import Refusal, yuan, yuan_grouped
from models.words import MatchKind, PayoutState, RefundState
from tasks.reconciliation import current, queries
from tasks.reconciliation.verdict import Pairing


def refuse_if_changed(session: Session, pairing: Pairing, match: Match, line: BankLine) -> None:
    """Raise Refusal where what a proposal was made from is not so any more."""
    if pairing.remittance in queries.remittances(session, match.shop_id):
        raise Refusal(
            f"Bank line {line.id} is paid under number {pairing.remittance}, and a transfer with that number "
            "is posted already. If that one is wrong, undo it first: huikuan reconcile report"
        )
    now = current.standings(session, pairing.line_ids)
    gone = [found.line_id for found in now if found.outcome not in queries.LOOKED_AT]
    changed = (
        f"bank line {gone[0]} was settled otherwise" if gone else _CHANGED[pairing.kind](session, pairing)
    )
    if changed:
        raise Refusal(
            f"The proposal for bank line {line.id} was made on {match.decided_on}; since then {changed}. "
            "Nothing was changed; the next night looks at the line again. See: huikuan reconcile report"
        )


def _owed_changed(session: Session, pairing: Pairing) -> str | None:
    """Compare what each case is owed now with what the proposal was made from."""
    was = pairing.evidence.get("open_by_claim")
    for owed in current.owed_on(session, {target for _, target, _ in pairing.parts}):
        if owed.closed:
            return f"{owed.claim_no} was closed"
        if not isinstance(was, dict) or was.get(owed.claim_no) != owed.amount:
            return f"what is open on {owed.claim_no} became {yuan_grouped(owed.amount)} yuan"
    return None


def _ledger_changed(session: Session, pairing: Pairing) -> str | None:
    known = session.scalars(select(Payout).where(Payout.id.in_(pairing.payout_ids))).all()
    asserted = sum(payout.amount for payout in known if payout.state is PayoutState.ASSERTED)
    return None if asserted == pairing.amount else "what the ledger says was received has changed"


def _refund_changed(session: Session, pairing: Pairing) -> str | None:
    refund = session.get_one(Refund, pairing.parts[0][1])
    return None if refund.state is RefundState.PAID else f"the refund became {refund.state}"


def _payment_changed(session: Session, pairing: Pairing) -> str | None:
    for _, refund_id, _ in pairing.parts:
        state = session.get_one(Refund, refund_id).state
        if state is not RefundState.IN_FILE:
            return f"refund {refund_id} became {state}"
    return None


def _refuse_if_standing(session: Session, pairing: Pairing) -> str | None:
    """What the insurer took back must be recorded with the claim first: its receipt stands no more."""
    line_id, case_id, amount = pairing.parts[0]
    stands = select(Payout.id).where(
        Payout.match_id == pairing.evidence.get("reverses"), Payout.case_id == case_id,
        Payout.state != PayoutState.REVERSED,
    )  # fmt: skip
    if session.execute(stands).first() is None:
        return None
    claim, on = pairing.evidence.get("claim_no"), current.booked_on(session, [line_id])[line_id]
    raise Refusal(
        f"The receipt of {yuan(-amount)} yuan on {claim} still stands. Record that the insurer took it back: "
        f"huikuan case reverse-payout {claim} {yuan(-amount)} --on {on}"
    )


_CHANGED = {
    MatchKind.PAYOUT: _owed_changed,
    MatchKind.EVIDENCE: _ledger_changed,
    MatchKind.BOUNCED_REFUND: _refund_changed,
    MatchKind.REFUND_PAYMENT: _payment_changed,
    MatchKind.PAYOUT_REVERSAL: _refuse_if_standing,
}
