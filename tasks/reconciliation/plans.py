"""Plans of matching: made and read first, then applied exactly as they stand, once, or not at all."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models.bank import BankLine
from models.case import Case
from models.event import Happening, record
from models.match_plan import MatchPlan
from models.refund import Refund
from models.values import Refusal, yuan_grouped
from models.words import PlanState
from tasks.reconciliation import deciding
from tasks.reconciliation.keeping import OF_REFUNDS
from tasks.reconciliation.verdict import RULE, Pairing
from worker.job import Night

MOST_NAMED = 10


def make(session: Session, night: Night) -> int:
    """Write down what would be applied now. Returns the number of the plan within the shop."""
    applied = deciding.decide(session, night).applied
    items = [_item(session, pairing) for pairing in applied]
    highest = select(func.max(MatchPlan.number)).where(MatchPlan.shop_id == night.shop_id)
    number = (session.execute(highest).scalar_one() or 0) + 1
    plan = MatchPlan(
        shop_id=night.shop_id, number=number, business_date=night.date, state=PlanState.OPEN,
        lines=len({line for pairing in applied for line in pairing.line_ids}),
        amount=sum(pairing.amount for pairing in applied), items=items, rule=RULE, made_by=night.by,
        made_at=night.at,
    )  # fmt: skip
    session.add(plan)
    session.flush()
    night.note(plan=number)
    return number


def _item(session: Session, pairing: Pairing) -> dict[str, Any]:
    return {
        "occasion": pairing.occasion,
        "kind": pairing.kind.value,
        "reason": pairing.reason,
        "score": pairing.score,
        "amount": pairing.amount,
        "parts": [list(part) for part in pairing.parts],
        "payout_ids": list(pairing.payout_ids),
        "what": _what(session, pairing),
    }


def _what(session: Session, pairing: Pairing) -> str:
    """The pairing in words: its lines, and what they pay."""
    lines = session.execute(
        select(BankLine.id, BankLine.booked_on, BankLine.amount, BankLine.payer)
        .where(BankLine.id.in_(pairing.line_ids))
        .order_by(BankLine.booked_on, BankLine.id)
    ).all()
    came = " + ".join(f"{row.booked_on} {yuan_grouped(row.amount)}" for row in lines)
    names = _names(session, pairing)
    fen: dict[str, int] = {}
    for _, target, amount in pairing.parts:
        fen[names[target]] = fen.get(names[target], 0) + amount
    pays = ", ".join(f"{name} {yuan_grouped(amount)}" for name, amount in fen.items())
    return f"{came} {lines[0].payer}: {pays}"


def _names(session: Session, pairing: Pairing) -> Mapping[int, str]:
    targets = sorted({target for _, target, _ in pairing.parts})
    if pairing.kind in OF_REFUNDS:
        found = session.scalars(select(Refund.id).where(Refund.id.in_(targets)))
        return {ident: f"refund {ident}" for ident in found}
    rows = session.execute(select(Case.id, Case.claim_no).where(Case.id.in_(targets)))
    return {row.id: row.claim_no for row in rows}


def apply(session: Session, night: Night, number: int) -> int:
    """Apply a plan exactly, or raise Refusal and say what changed. Returns how many bank lines it settled."""
    plan = _plan(session, night, number)
    now = {pairing.occasion: pairing for pairing in deciding.decide(session, night).applied}
    items = plan.items if isinstance(plan.items, list) else []
    gone = [item for item in items if not _holds(item, now)]
    if gone:
        raise Refusal(_changed(number, gone, len(items)))
    wanted = [now.pop(item["occasion"]) for item in items]
    deciding.apply(session, night, wanted)
    plan.state, plan.applied_on, plan.applied_by, plan.applied_at = (
        PlanState.APPLIED, night.date, night.by, night.at,
    )  # fmt: skip
    session.flush()
    inputs = {"plan": number, "lines": plan.lines, "amount": plan.amount, "made_by": plan.made_by}
    record(session, [Happening("plan_applied", inputs, rule=RULE)], **night.trail)
    night.note(applied_fen=plan.amount, since=len(now))
    return len({line for pairing in wanted for line in pairing.line_ids})


def _plan(session: Session, night: Night, number: int) -> MatchPlan:
    plan = session.execute(
        select(MatchPlan)
        .where(MatchPlan.shop_id == night.shop_id, MatchPlan.number == number)
        .with_for_update()
    ).scalar_one_or_none()
    if plan is None:
        raise Refusal(
            f"There is no plan {number} in shop {night.shop_code}. Make one: huikuan reconcile plan --shop "
            f"{night.shop_code}"
        )
    if plan.state is PlanState.APPLIED:
        raise Refusal(
            f"Plan {number} was applied on {plan.applied_on} by {plan.applied_by}; a plan is applied once. "
            f"For what came since: huikuan reconcile plan --shop {night.shop_code}"
        )
    return plan


def _holds(item: Mapping[str, Any], now: Mapping[str, Pairing]) -> bool:
    """Whether the same is decided now: same lines, cases, fen, reason and receipts."""
    pairing = now.get(item["occasion"])
    return (
        pairing is not None
        and pairing.reason == item["reason"]
        and [list(part) for part in pairing.parts] == item["parts"]
        and list(pairing.payout_ids) == item["payout_ids"]
    )


def _changed(number: int, gone: Sequence[Mapping[str, Any]], of: int) -> str:
    named = "; ".join(f"{item['what']} ({item['reason']})" for item in gone[:MOST_NAMED])
    more = f"; and {len(gone) - MOST_NAMED} more" if len(gone) > MOST_NAMED else ""
    return (
        f"Plan {number} does not hold any more: of its {of} matches {len(gone)} are decided otherwise now: "
        f"{named}{more}. Nothing was applied. Make a new one: huikuan reconcile plan"
    )
