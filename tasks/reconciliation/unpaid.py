"""Taking back what a statement said of our refunds: that one was paid, or that it came back."""

from collections.abc import Collection, Iterator, Sequence

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from models.match import Match, MatchPart
from models.payment import PaymentItem
from models.refund import WITHDRAWN, Refund
from models.values import Refusal, yuan_grouped
from models.words import MatchKind, MatchState, RefundState
from models.work_order import WorkOrder
from tasks.reconciliation import current

_WAITS = (RefundState.COMPUTED, RefundState.WAITING)
_PROMISED = {
    RefundState.APPROVED: 'huikuan refund decline {} --because "..."',
    RefundState.IN_FILE: 'huikuan refund failed {} --because "..."',
    RefundState.UNCLAIMED: "huikuan refund paid {} --on DATE",
}
"""Where the money of a refund is laid aside, and how it ends."""


def refuse_if_moved(session: Session, match: Match, matches: Sequence[Match]) -> None:
    """The refunds must be paid as this match says; `matches` are all that are taken back with it.

    Raises Refusal where one has come back since, or where another one of its repair is promised meanwhile.
    """
    if match.kind is not MatchKind.REFUND_PAYMENT:
        return
    bounces = [each.id for each in matches if each.kind is MatchKind.BOUNCED_REFUND]
    along = {part.refund_id for part in current.parts_of(session, bounces)}
    for refund in _held(session, match):
        if refund.state is not RefundState.PAID and refund.id not in along:
            raise Refusal(
                f"Match {match.id} says that refund {refund.id} of {yuan_grouped(refund.amount)} yuan was "
                f"paid, and since then it is {refund.state}. {_first(session, refund)}"
            )
        for other in _others(session, refund, _PROMISED):
            raise Refusal(
                f"Refund {refund.id} would be on its way again, while refund {other.id} of the same repair, "
                f"{yuan_grouped(other.amount)} yuan, is {other.state}. First: "
                f"{_PROMISED[other.state].format(other.id)}"
            )


def _first(session: Session, refund: Refund) -> str:
    """What is to be done before."""
    bounced = session.scalars(
        select(Match.id)
        .join(MatchPart, MatchPart.match_id == Match.id)
        .where(
            MatchPart.refund_id == refund.id,
            Match.kind == MatchKind.BOUNCED_REFUND,
            Match.state == MatchState.APPLIED,
        )
        .order_by(Match.id.desc())
    ).first()
    if bounced is None:
        return f"See: huikuan refund show {refund.id}"
    return f"Take that back first: huikuan reconcile undo {bounced}"


def _held(session: Session, match: Match) -> list[Refund]:
    """The refunds of a match, locked behind their repairs: whoever moves one at this moment waits."""
    own = {part.refund_id for part in current.parts_of(session, [match.id]) if part.refund_id}
    orders = select(Refund.work_order_id).where(Refund.id.in_(sorted(own)))
    session.execute(
        select(WorkOrder.id)
        .where(WorkOrder.id.in_(orders))
        .order_by(WorkOrder.id)
        .with_for_update(key_share=True)
    )
    found = select(Refund).where(Refund.id.in_(sorted(own))).order_by(Refund.id)
    return list(session.scalars(found.execution_options(populate_existing=True)))


def _others(session: Session, refund: Refund, states: Collection[RefundState]) -> Iterator[Refund]:
    of = (Refund.work_order_id == refund.work_order_id, Refund.id != refund.id, Refund.state.in_(states))
    yield from session.scalars(select(Refund).where(*of).order_by(Refund.id))


def bounced(session: Session, match: Match) -> None:
    """It never came back: it is paid as before."""
    for refund in _held(session, match):
        refund.state, refund.bounced_on, refund.bank_line_id = RefundState.PAID, None, None
    session.flush()


def paid(session: Session, match: Match) -> None:
    """It was never paid: it is on its way again, and what was prepared after it is no longer due."""
    for refund in _held(session, match):
        for other in _others(session, refund, _WAITS):
            gone = {"state": RefundState.DECLINED, "declined_because": WITHDRAWN}
            session.execute(update(Refund).where(Refund.id == other.id).values(gone))
        in_file = session.get(PaymentItem, refund.id) is not None
        refund.state, refund.paid_on = RefundState.IN_FILE if in_file else RefundState.APPROVED, None
    session.flush()
