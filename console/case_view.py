"""One case whole, as people and programs see it: money in yuan, dates as YYYY-MM-DD."""

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from console import case_lists, case_receipts, difference_view
from models.case import Case
from models.insurer import Insurer
from models.refund import Position
from models.shop import Shop
from models.values import Refusal, yuan
from models.work_order import WorkOrder

MONEY = (
    "bill",
    "expected",
    "received",
    "over_receipt",
    "third_party",
    "customer_paid",
    "write_off",
    "refunded",
    "surplus",
    "refund_due",
    "topup_due",
    "releasable",
)


def find(session: Session, claim_no: str, codes: list[str]) -> Case:
    """The case of that number. Raises Refusal where there is none, or one in several shops."""
    found = session.scalars(
        select(Case)
        .join(Shop, Shop.id == Case.shop_id)
        .where(Case.claim_no == claim_no, Shop.code.in_(codes))
    ).all()
    if not found:
        raise Refusal(f"There is no case {claim_no}. See: huikuan case list")
    if len(found) > 1:
        raise Refusal(f"{claim_no} is a case of several shops. Say which: --shop {codes[0]}")
    return found[0]


def whole(session: Session, case: Case) -> dict[str, Any]:
    """Everything that is known of a case."""
    order = session.get_one(WorkOrder, case.work_order_id)
    insurer = session.get(Insurer, case.insurer_id) if case.insurer_id else None
    return {
        "claim_no": case.claim_no,
        "work_order_no": order.work_order_no,
        "plate_no": case.plate_no,
        "shop": session.get_one(Shop, case.shop_id).code,
        "insured_name": case.insured_name,
        "insurer": insurer.name if insurer else None,
        "agency": case.is_agency_claim,
        "stage": case.stage.value,
        "report_no": case.report_no,
        "policy_no": case.policy_no,
        "insurer_accepted_date": case.insurer_accepted_date,
        "settlement_agreed_on": case.settlement_agreed_on,
        "authorised_by": case.authorised_by,
        "authorised_on": case.authorised_on,
        "authorisation_valid_to": case.authorisation_valid_to,
        "assessed_amount": None if case.assessed_amount is None else yuan(case.assessed_amount),
        "shared_with": _shared_with(session, case),
        "money": money(session, order.id),
        "hold_reason": _hold_reason(session, order),
        "held_by": difference_view.holding(session, order.id),
        "lines": case_receipts.lines(session, case.id, order.id),
        "payouts": case_receipts.payouts(session, case.id),
        "differences": difference_view.of_repair(session, order.id),
        "rounds": case_lists.rounds(session, case.id),
        "deadlines": case_lists.deadlines(session, case.id),
        "chase": case_lists.chase(session, case.id),
        "refunds": case_lists.refunds(session, order.id),
        "notices": case_lists.notices(session, case, order.id),
        "events": case_lists.events(session, case.id, order.id),
    }


def money(session: Session, work_order_id: int) -> dict[str, str]:
    """The position of the work order as last computed, in yuan; zeros before the first night."""
    found = session.get(Position, work_order_id)
    shown = {name: yuan(getattr(found, name, None) or 0) for name in MONEY}
    too_much = max(0, found.refunded - found.refund_due) if found else 0
    return shown | {"refund_to_claim": yuan(too_much)}


def _hold_reason(session: Session, order: WorkOrder) -> str | None:
    found = session.get(Position, order.id)
    return order.manual_hold or (found.hold_reason if found else None)


def _shared_with(session: Session, case: Case) -> list[str]:
    others = select(Case.claim_no).where(Case.work_order_id == case.work_order_id, Case.id != case.id)
    return list(session.scalars(others.order_by(Case.claim_no)))
