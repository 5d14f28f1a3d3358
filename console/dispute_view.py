"""The register of disputes as people and programs see it, with the clocks of each."""

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.case import Case
from models.dispute import Dispute, DisputeClock
from models.shop import Shop
from models.values import yuan


def disputes(session: Session, codes: list[str], claim_no: str | None) -> list[dict[str, Any]]:
    """Disputes in the order in which they were entered; amounts in yuan."""
    query = (
        select(Dispute, Case.claim_no, Shop.code)
        .join(Case, Case.id == Dispute.case_id)
        .join(Shop, Shop.id == Dispute.shop_id)
        .where(Shop.code.in_(codes))
        .order_by(Dispute.id)
    )
    if claim_no is not None:
        query = query.where(Case.claim_no == claim_no)
    rows = session.execute(query).all()
    clocks: dict[int, list[DisputeClock]] = {}
    ids = [row.Dispute.id for row in rows]
    for each in session.scalars(
        select(DisputeClock).where(DisputeClock.dispute_id.in_(ids)).order_by(DisputeClock.due_on)
    ):
        clocks.setdefault(each.dispute_id, []).append(each)
    return [_shown(row, clocks.get(row.Dispute.id, [])) for row in rows]


def _shown(row: Any, clocks: list[DisputeClock]) -> dict[str, Any]:
    dispute: Dispute = row.Dispute
    left = next((each for each in clocks if each.state.value in ("running", "missed")), None)
    return {
        "id": dispute.id,
        "number": dispute.number,
        "shop": row.code,
        "claim_no": row.claim_no,
        "kind": dispute.kind.value,
        "happened_on": dispute.happened_on,
        "amount": None if dispute.amount is None else yuan(dispute.amount),
        "institution": dispute.institution,
        "reason": dispute.reason,
        "reasons_on": dispute.reasons_on,
        "state": dispute.state.value,
        "answered_on": dispute.answered_on,
        "outcome": dispute.outcome.value if dispute.outcome else None,
        "resolved_on": dispute.resolved_on,
        "difference_id": dispute.difference_id,
        "next_due_on": left.due_on if left else None,
        "source": left.source if left else None,
        "clocks": [
            {
                "rule": each.rule_code, "started_on": each.started_on, "due_on": each.due_on,
                "state": each.state.value, "provisional": each.provisional, "source": each.source,
            }
            for each in clocks
        ],
    }  # fmt: skip
