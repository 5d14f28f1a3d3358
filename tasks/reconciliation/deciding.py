"""From a shop's rows to its decisions: what is fetched, what the rules make of it, and making that so."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy.orm import Session

from models.words import MatchKind
from tasks.reconciliation import posting, queries, refunds_paid, rules, settings
from tasks.reconciliation.collecting import put_off
from tasks.reconciliation.facts import Facts, Line
from tasks.reconciliation.keys import plates_in
from tasks.reconciliation.outgoing import Outgoing
from tasks.reconciliation.verdict import Pairing
from worker.job import Night

LOOK_BACK = timedelta(days=60)
"""How far back a ledger's receipts are compared with a line, to ask a person whether they are the same."""


@dataclass(frozen=True)
class Decided:
    """What would be applied of a shop's open lines, refunds of ours that went out first."""

    payments: Outgoing
    decisions: rules.Decisions

    @property
    def applied(self) -> tuple[Pairing, ...]:
        return (*self.payments.applied, *self.decisions.applied)


def decide(session: Session, night: Night) -> Decided:
    """Decide all open lines of a shop up to the night, on what is known now."""
    lines = queries.open_lines(session, night.shop_id, night.date)
    payments = refunds_paid.find(session, night, lines)
    gone = {line for pairing in payments.applied for line in pairing.line_ids} | payments.verdicts.keys()
    left = [line for line in lines if line.line_id not in gone]
    return Decided(payments, rules.decide(left, facts_for(session, night, left), night.decide))


def apply(session: Session, night: Night, pairings: Sequence[Pairing]) -> None:
    """Make it so, whatever kind each is: refunds of ours that went out first, as they were decided."""
    for pairing in pairings:
        if pairing.kind is MatchKind.REFUND_PAYMENT:
            refunds_paid.pay(session, night, pairing)
    posting.apply(session, night, [p for p in pairings if p.kind is not MatchKind.REFUND_PAYMENT])


@put_off()
def facts_for(session: Session, night: Night, lines: Sequence[Line]) -> Facts:
    """All that is known when these lines are looked at."""
    shop = night.shop_id
    since = min((line.booked_on for line in lines), default=night.date) - LOOK_BACK
    receipts = queries.receipts_only_asserted(session, shop, since)
    by_line = queries.payment_lists(session, shop)
    plates = set(plates_in(line.text for line in lines))
    plates |= {item.plate_no for items in by_line.values() for item in items if item.plate_no}
    cases = queries.known_cases(session, shop, plates, {receipt.case_id for receipt in receipts})
    pairs, occasions = queries.rejected(session, shop)
    back = {-line.amount for line in lines if line.amount < 0}
    return Facts(
        cases={case.case_id: case for case in cases},
        receipts=tuple(receipts),
        refunds=tuple(queries.paid_refunds(session, shop, {abs(line.amount) for line in lines})),
        aliases=tuple(queries.aliases(session)),
        patterns=tuple(queries.report_patterns(session)),
        own_names=queries.own_names(session, shop),
        rejected=pairs,
        rejected_occasions=occasions,
        undone_occasions=queries.taken_back(session, shop),
        policies=settings.policies(session, shop, night.date),
        policy=settings.policy(session, shop, night.date),
        lists=by_line,
        remittances=queries.remittances(session, shop),
        received=tuple(queries.received(session, shop, back)),
        today=night.date,
    )
