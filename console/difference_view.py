"""Payout differences as people and programs see them: money in yuan, the oldest first."""

from collections.abc import Collection, Sequence
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from models.case import Case, ExpectedLine
from models.difference import Difference
from models.dispute import Dispute
from models.shop import Shop
from models.values import yuan
from models.words import DifferenceState, OverResult, Resolution
from models.work_order import WorkOrder

WAITING = "waits for approval"
KEEP_OPEN = (Resolution.RECLAIM, Resolution.DISPUTE)


def differences(
    session: Session, codes: Sequence[str], on: date, *, all_: bool = False
) -> list[dict[str, Any]]:
    """The open differences of some shops with their age on a day; with `all_` closed ones too."""
    to = aliased(Case)
    query = (
        select(
            Difference, Shop.code, Case.claim_no, WorkOrder.work_order_no, WorkOrder.plate_no,
            ExpectedLine.cover, ExpectedLine.kind, ExpectedLine.amount.label("expected"),
            to.claim_no.label("to_claim_no"),
        )
        .join(Shop, Shop.id == Difference.shop_id)
        .join(Case, Case.id == Difference.case_id)
        .join(WorkOrder, WorkOrder.id == Difference.work_order_id)
        .join(ExpectedLine, ExpectedLine.id == Difference.expected_line_id)
        .outerjoin(to, to.id == Difference.to_case_id)
        .where(Shop.code.in_(codes))
        .order_by(Difference.opened_on, Difference.id)
    )  # fmt: skip
    if not all_:
        query = query.where(Difference.state == DifferenceState.OPEN)
    rows = session.execute(query).all()
    named = _registered(session, {row.Difference.case_id for row in rows})
    return [_line(row, on) | {"dispute": named.get(row.Difference.id)} for row in rows]


def _registered(session: Session, cases: Collection[int]) -> dict[int, str]:
    """What stands in the register of disputes about a difference: its numbers."""
    rows = session.execute(
        select(Dispute.difference_id, Dispute.number)
        .where(Dispute.case_id.in_(sorted(cases)))
        .order_by(Dispute.id)
    )
    found: dict[int, list[str]] = {}
    for difference, number in rows:
        if difference is not None:
            found.setdefault(difference, []).append(number)
    return {difference: ", ".join(numbers) for difference, numbers in found.items()}


def of_repair(session: Session, work_order_id: int) -> list[dict[str, Any]]:
    """Every difference of a repair, closed ones too, with what stands in a line about it."""
    rows = session.execute(
        select(Difference, Case.claim_no)
        .join(Case, Case.id == Difference.case_id)
        .where(Difference.work_order_id == work_order_id)
        .order_by(Difference.id)
    )
    return [
        {
            "id": row.Difference.id,
            "claim_no": row.claim_no,
            "amount": yuan(abs(row.Difference.amount)),
            "direction": "short" if row.Difference.amount > 0 else "over",
            "state": state_of(row.Difference),
            "result": row.Difference.resolution or row.Difference.over_result,
            "opened_on": row.Difference.opened_on,
            "prepared_by": row.Difference.prepared_by,
            "approved_by": row.Difference.approved_by,
            "command": command_of(row.Difference),
        }
        for row in rows
    ]


def holding(session: Session, work_order_id: int) -> str | None:
    """The disputes and second claims of a repair, which a careful shop waits for before it refunds."""
    kept = [each for each in of_repair(session, work_order_id) if each["result"] in KEEP_OPEN]
    open_ = [each for each in kept if each["state"] == DifferenceState.OPEN]
    said = [f"difference {each['id']} of {each['amount']} yuan ({each['result']})" for each in open_]
    return ", ".join(said) or None


def _line(row: Any, on: date) -> dict[str, Any]:
    found: Difference = row.Difference
    result = found.resolution or found.over_result
    return {
        "id": found.id,
        "shop": row.code,
        "claim_no": row.claim_no,
        "work_order_no": row.work_order_no,
        "plate_no": row.plate_no,
        "cover": row.cover.value,
        "line": row.kind.value,
        "expected": yuan(row.expected),
        "amount": yuan(abs(found.amount)),
        "direction": "short" if found.amount > 0 else "over",
        "state": state_of(found),
        "result": result.value if result else None,
        "to_claim_no": row.to_claim_no,
        "opened_on": found.opened_on,
        "age_days": max(0, ((found.resolved_on or on) - found.opened_on).days),
        "consent": found.consent,
        "consent_on": found.consent_on,
        "note": found.note,
        "prepared_by": found.prepared_by,
        "approved_by": found.approved_by,
        "resolved_on": found.resolved_on,
        "command": command_of(found),
    }


def state_of(found: Difference) -> str:
    """Its state; an open one with a result that nobody has approved says so."""
    return WAITING if waits(found) else found.state.value


def waits(found: Difference) -> bool:
    """Whether a prepared result waits for another person."""
    keeps_open = found.resolution in KEEP_OPEN
    result = found.resolution or found.over_result
    return found.state is DifferenceState.OPEN and result is not None and not keeps_open


def command_of(found: Difference) -> str | None:
    """What to type next, with the first of its choices; nothing for one that is done."""
    if found.state is not DifferenceState.OPEN:
        return None
    if waits(found):
        return f"huikuan difference approve {found.id}"
    return f"huikuan difference resolve {found.id} {choices_of(found)[0]}"


def choices_of(found: Difference) -> list[str]:
    """What it can turn out to be; first what gives nothing away."""
    if found.amount < 0:
        return list(OverResult)
    return sorted(Resolution, key=lambda each: each is not Resolution.RECLAIM)
