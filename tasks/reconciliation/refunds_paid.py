"""Refunds that the bank says are paid: found before anything else, so that a return finds them paid."""

from collections.abc import Sequence

from sqlalchemy import and_, select
from sqlalchemy.orm import Session

from models import refund_paying
from models.case import Case
from models.event import Happening, record
from models.payment import PaymentFile, PaymentItem
from models.refund import Refund
from models.values import Refusal
from models.words import MatchState, RefundState
from tasks.reconciliation import current, keeping, queries, standing
from tasks.reconciliation.facts import Line
from tasks.reconciliation.outgoing import InFile, Known, Outgoing, outgoing
from tasks.reconciliation.verdict import RULE, Pairing, name_pairing
from worker import aside
from worker.job import Night


def match_payments(session: Session, night: Night, lines: Sequence[Line]) -> set[int]:
    """Post the refunds that these lines pay; returns the lines that are settled or proposed with it."""
    found = find(session, night, lines)
    if not found.applied and not found.verdicts:
        return set()
    paid = [pairing for pairing in found.applied if _pay_or_leave(session, night, pairing)]
    applied = {line for pairing in paid for line in pairing.line_ids}
    standing.stand(session, found.verdicts)
    standing.propose(session, night, found.verdicts, applied | found.verdicts.keys())
    night.note(refunds_paid_fen=sum(pairing.amount for pairing in paid))
    return {line for pairing in found.applied for line in pairing.line_ids} | found.verdicts.keys()


def _pay_or_leave(session: Session, night: Night, pairing: Pairing) -> int:
    return aside.write_one(session, night, name_pairing(pairing), lambda: pay(session, night, pairing))


def find(session: Session, night: Night, lines: Sequence[Line]) -> Outgoing:
    """Which of these lines are refunds of ours; nothing is written."""
    waiting = refunds_in_file(session, night.shop_id)
    if not waiting:
        return Outgoing((), {})
    rejected, occasions = queries.rejected(session, night.shop_id)
    undone = queries.taken_back(session, night.shop_id)
    known = Known(queries.own_names(session, night.shop_id), rejected, occasions, undone)
    return outgoing(lines, waiting, known)


def refunds_in_file(session: Session, shop_id: int) -> list[InFile]:
    """Refunds in a payment file that are not known as paid, in the order of the files."""
    rows = session.execute(
        select(Refund.id, Case.claim_no, PaymentItem.payee, Case.insured_name, PaymentItem.amount,
               PaymentItem.position, PaymentFile.number, PaymentFile.total, PaymentFile.made_on)
        .join(PaymentItem, PaymentItem.refund_id == Refund.id)
        .join(PaymentFile, PaymentFile.id == PaymentItem.payment_file_id)
        .join(Case, and_(Case.work_order_id == Refund.work_order_id, Case.is_lead))
        .where(Refund.shop_id == shop_id, Refund.state == RefundState.IN_FILE)
        .order_by(PaymentFile.id, PaymentItem.position)
    )  # fmt: skip
    return [
        InFile(
            row.id, row.claim_no, (row.payee, row.insured_name), row.amount, f"{row.number}-{row.position}",
            row.number, row.total, row.made_on,
        )
        for row in rows
    ]  # fmt: skip


def pay(session: Session, night: Night, pairing: Pairing) -> int:
    """Post the refunds of one line as paid on its bank date; returns how many.

    Raises Refusal where one was settled before.
    """
    match_id = keeping.keep(session, night, [pairing], MatchState.APPLIED)[pairing.occasion]
    line_id = pairing.line_ids[0]
    on = current.booked_on(session, [line_id])[line_id]
    happenings = []
    for _, refund_id, amount in pairing.parts:
        if not refund_paying.pay(session, refund_id, on, night.trail):
            raise Refusal(
                f"Refund {refund_id} was settled otherwise at this moment. Run the same again; see: "
                f"huikuan refund show {refund_id}"
            )
        order_id, case_id = current.lead_case_of_refund(session, refund_id)
        inputs = {"refund": refund_id, "match": match_id, "line": line_id, "amount": amount, "on": str(on)}
        inputs |= {"reason": pairing.reason, "evidence": dict(pairing.evidence)}
        happenings.append(Happening("refund_paid", inputs, case_id, order_id, RULE))
    record(session, happenings, **night.trail)
    keeping.settle(session, [pairing])
    return len(pairing.parts)
