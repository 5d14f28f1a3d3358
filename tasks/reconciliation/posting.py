"""Making matches so: payouts and money entries, evidence, a refund that bounced; all of a run in bulk."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

from sqlalchemy import bindparam, select, update
from sqlalchemy.orm import Session

from models import bulk
from models.case import Case
from models.entry import Movement, post
from models.payout import Payout, spread
from models.refund import Refund
from models.words import EntryKind, LineKind, MatchKind, MatchState, PayoutState, RefundState, Stage
from models.work_order import WorkOrder
from tasks.reconciliation import current
from tasks.reconciliation.current import Balance
from tasks.reconciliation.keeping import keep, settle
from tasks.reconciliation.telling import tell
from tasks.reconciliation.verdict import Pairing
from worker.job import Night

Kept = Sequence[tuple[int, Pairing]]
"""Statements with the numbers they were kept under."""


def apply(session: Session, night: Night, pairings: Sequence[Pairing]) -> None:
    """Make them so: payouts and entries, evidence, or bounced refunds; the lines are settled with it.

    A transfer is allocated whole or not at all: nobody is told anything of a part of it.
    """
    came = [pairing for pairing in pairings if pairing.kind is MatchKind.PAYOUT]
    stages = _early(session, {target for pairing in came for _, target, _ in pairing.parts})
    ids = keep(session, night, [_with_stages(pairing, stages) for pairing in pairings], MatchState.APPLIED)
    by_kind: dict[MatchKind, list[tuple[int, Pairing]]] = defaultdict(list)
    for pairing in pairings:
        by_kind[pairing.kind].append((ids[pairing.occasion], pairing))
    for kind, kept in by_kind.items():
        _WRITE[kind](session, night, kept)
        tell(session, night, kept)
    bulk.change(session, Case, stages, {"stage": Stage.PAYOUT})
    settle(session, pairings)


def _early(session: Session, cases: Collection[int]) -> dict[int, Stage]:
    """Cases that go on to the stage of payouts, and where they stand."""
    rows = session.execute(
        select(Case.id, Case.stage)
        .where(bulk.among(session, Case.id, cases), Case.stage.in_((Stage.REPAIR, Stage.SUBMITTED)))
        .order_by(Case.id)
    )
    return dict(rows.all())


def _with_stages(pairing: Pairing, stages: Mapping[int, Stage]) -> Pairing:
    """Where its cases stood is kept with a payout, for an undo."""
    cases = sorted({target for _, target, _ in pairing.parts if target in stages})
    if pairing.kind is not MatchKind.PAYOUT or not cases:
        return pairing
    stood = {str(case_id): stages[case_id].value for case_id in cases}
    return replace(pairing, evidence={**pairing.evidence, "stages": stood})


class _Share(NamedTuple):
    match_id: int
    line_id: int
    balance: Balance
    amount: int
    over: int
    """The part of `amount` above what the line expects: held, not shared out (domain 1.7, B)."""

    @property
    def origin(self) -> str:
        """The payout's own, which its entries begin with."""
        return f"match:{self.match_id}:{self.line_id}:{self.balance.line.line_id}"


def _receive(session: Session, night: Night, kept: Kept) -> None:
    booked = current.booked_on(session, {line for _, pairing in kept for line in pairing.line_ids})
    cases = {target for _, pairing in kept for _, target, _ in pairing.parts}
    shares = list(_shares(kept, current.balances(session, cases)))
    rows = [
        {
            "case_id": s.balance.case_id, "expected_line_id": s.balance.line.line_id, "amount": s.amount,
            "received_on": booked[s.line_id], "state": PayoutState.EVIDENCED, "recorded_by": night.by,
            "match_id": s.match_id, "origin": s.origin,
        }
        for s in shares
    ]  # fmt: skip
    bulk.add(session, Payout, rows)
    movements = [
        Movement(s.balance.work_order_id, kind, fen, booked[s.line_id], f"{s.origin}:{kind}")
        for s in shares
        for kind, fen in _movements(s)
    ]
    post(session, movements, **night.trail)
    _settle_again(session, night, {s.balance.work_order_id for s in shares})


def _shares(kept: Kept, balances: Sequence[Balance]) -> Iterator[_Share]:
    """Each part on the lines of its case, one after the other: what the first filled the next finds full."""
    now: dict[int, dict[int, Balance]] = defaultdict(dict)
    for balance in balances:
        now[balance.case_id][balance.line.line_id] = balance
    for match_id, pairing in kept:
        for line_id, case_id, amount in pairing.parts:
            own = now[case_id]
            for expected_line, fen in spread(amount, [balance.line for balance in own.values()]):
                balance = own[expected_line]
                line = balance.line
                over = min(fen, max(0, line.received + fen - line.expected))
                yield _Share(match_id, line_id, balance, fen, over)
                own[expected_line] = balance._replace(line=line._replace(received=line.received + fen))


def _movements(share: _Share) -> Iterator[tuple[EntryKind, int]]:
    """Third-party money is owed on, unless the customer has already paid the third party (domain 1.7, Y)."""
    balance, line = share.balance, share.balance.line
    owed_on = line.kind is LineKind.OTHER_AGENCY and not balance.third_party_paid
    if share.amount > share.over:
        kind = EntryKind.PAYOUT_THIRD_PARTY if owed_on else EntryKind.PAYOUT
        yield kind, share.amount - share.over
    if share.over:
        yield EntryKind.OVER_RECEIPT_HOLD, share.over


def _prove(session: Session, night: Night, kept: Kept) -> None:
    """What only a ledger said now has its bank line; no money moves a second time (design 5)."""
    del night
    table = Payout.__table__
    proven = (
        update(Payout)
        .where(table.c.id == bindparam("of_payout"), table.c.state == PayoutState.ASSERTED)
        .values(state=PayoutState.EVIDENCED, match_id=bindparam("of_match"))
    )
    rows = [
        {"of_payout": payout, "of_match": ident} for ident, pairing in kept for payout in pairing.payout_ids
    ]
    if rows:
        session.connection().execute(proven, rows)
        session.expire_all()


def _bounce(session: Session, night: Night, kept: Kept) -> None:
    for match_id, pairing in kept:
        line_id, refund_id, amount = pairing.parts[0]
        booked = current.booked_on(session, [line_id])[line_id]
        work_order_id, _ = current.lead_case_of_refund(session, refund_id)
        came_back = {"state": RefundState.BOUNCED, "bounced_on": booked, "bank_line_id": line_id}
        session.execute(update(Refund).where(Refund.id == refund_id).values(came_back))
        occasion = f"refund_bounced:{refund_id}:{match_id}"
        back = Movement(work_order_id, EntryKind.REFUND_BOUNCED, amount, booked, occasion)
        post(session, [back], **night.trail)
        _settle_again(session, night, {work_order_id})


def _took_back(session: Session, night: Night, kept: Kept) -> None:
    """The receipt was reversed with the claim; here the line becomes its evidence, and nothing moves."""
    del session, night, kept


def _settle_again(session: Session, night: Night, work_orders: set[int]) -> None:
    bulk.change(session, WorkOrder, work_orders, {"settle_on": night.date})


_WRITE = {
    MatchKind.PAYOUT: _receive,
    MatchKind.EVIDENCE: _prove,
    MatchKind.BOUNCED_REFUND: _bounce,
    MatchKind.PAYOUT_REVERSAL: _took_back,
}
