"""`huikuan case explain`: how every figure of a case came about, down to the rule that decided."""

from typing import Annotated, Any

import typer
from sqlalchemy import select
from sqlalchemy.orm import Session

from console import (
    case_explain_money,
    case_explain_tell,
    case_gates,
    case_lists,
    case_receipts,
    case_view,
    rule_texts,
)
from console.house import reading, shop_codes
from console.options import AsJson, ShopCode
from console.output import answer
from models.case import Case
from models.event import Event
from models.refund import Position, Refund
from models.values import yuan
from models.work_order import WorkOrder

ClaimNo = Annotated[str, typer.Argument(metavar="CLAIM_NO")]


def explain(claim_no: ClaimNo, shop: ShopCode = None, as_json: AsJson = False) -> None:
    """Say how every figure of a case came about: entries, rules, clocks, blockers, and what happened."""
    with reading() as session:
        case = case_view.find(session, claim_no, shop_codes(session, shop))
        document = whole(session, case)
    answer(as_json, document, lambda: case_explain_tell.tell(document))


def whole(session: Session, case: Case) -> dict[str, Any]:
    """The explanation of one case; amounts in yuan, dates as YYYY-MM-DD."""
    order = case.work_order_id
    view = case_view.whole(session, case)
    told = ("claim_no", "work_order_no", "plate_no", "shop", "insured_name", "insurer", "agency", "stage")
    return {
        **{name: view[name] for name in (*told, "shared_with")},
        "closed_date": case.closed_date,
        "closed_by": case.closed_by,
        "figures": case_explain_money.terms(session, order),
        "derived": case_explain_money.derived(session, order),
        "rule": _rule(session, order),
        "lines": case_receipts.lines(session, case.id, order),
        "payouts": case_receipts.payouts(session, case.id),
        "refunds": _refunds(session, order),
        "deadlines": view["deadlines"],
        "chase": view["chase"],
        "blockers": case_gates.blockers(session, case.id),
        "events": _events(session, case),
        "rules": _rules(session, case),
    }


def _rule(session: Session, work_order_id: int) -> dict[str, Any] | None:
    """The rule that computed the position, with the inputs it was given."""
    found = session.get(Position, work_order_id)
    if found is None:
        return None
    working = found.working if isinstance(found.working, dict) else {}
    return {
        "version": found.rule,
        "computed_on": found.computed_on,
        "text": rule_texts.rule(found.rule, working),
        "hold_reason": found.hold_reason,
        "is_fresh": session.get_one(WorkOrder, work_order_id).settle_on is None,
    }


def _refunds(session: Session, work_order_id: int) -> list[dict[str, Any]]:
    rows = session.scalars(
        select(Refund).where(Refund.work_order_id == work_order_id).order_by(Refund.number)
    )
    return [
        {
            "id": row.id,
            "amount": yuan(row.amount),
            "state": row.state.value,
            "rule": row.rule,
            "computed_on": row.computed_on,
            "prepared_by": row.prepared_by,
            "approved_by": row.approved_by,
            "paid_on": row.paid_on,
            "payee": row.payee,
            "signed_by": row.signed_by,
            "sentence": row.sentence,
        }
        for row in rows
    ]


def _events(session: Session, case: Case) -> list[dict[str, Any]]:
    """What happened, in order, each told by the retained text of the version that decided it."""
    rows = case_lists.events(session, case.id, case.work_order_id)
    return [
        {
            "date": row["date"],
            "by": row["by"],
            "kind": row["kind"],
            "rule": row["rule"],
            "sentence": rule_texts.sentence(row["kind"], row["rule"], row["inputs"]),
        }
        for row in rows
    ]


def _rules(session: Session, case: Case) -> list[dict[str, Any]]:
    """Every other rule version that decided something of the case, with its text."""
    versions = session.scalars(
        select(Event.rule)
        .where((Event.case_id == case.id) | (Event.work_order_id == case.work_order_id))
        .distinct()
        .order_by(Event.rule)
    )
    kept = {each.rule: each.text for each in rule_texts.texts() if each.rule}
    shown = [version for version in versions if version in kept and not version.startswith("refund/")]
    return [{"version": version, "text": kept[version]} for version in shown]
