"""One refund whole: its working, parts, account, file, and what happened to it."""

from typing import Annotated, Any

import typer
from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from console import refund_held
from console.house import reading
from console.options import AsJson
from console.output import answer, pairs, say, table
from console.permits import Act
from console.who import Person, person
from models.case import Case
from models.entry import Entry
from models.event import Event
from models.refund import Refund
from models.shop import Shop
from models.values import Refusal, mask_account, yuan
from models.words import RefundState
from models.work_order import WorkOrder
from tasks.refunds import part_queries, payment_queries

RefundId = Annotated[int, typer.Argument(metavar="ID", help="The number of the refund, as in the list.")]

_NEXT = {
    RefundState.WAITING: "huikuan refund approve {id}",
    RefundState.APPROVED: "huikuan refund pay-file --shop {shop}; cash: huikuan refund paid {id} --on DATE",
    RefundState.UNCLAIMED: "huikuan refund paid {id} --on DATE",
    RefundState.IN_FILE: "The bank statement shows it; else: huikuan refund paid {id} --on DATE",
    RefundState.BOUNCED: "After the night a new refund waits for approval: huikuan refund list",
    RefundState.FAILED: "After the night a new refund waits for approval: huikuan refund list",
}


def whose(refund_id: int, act: Act) -> tuple[str, Person]:
    """The shop of a refund, and who asks. Raises Refusal where there is no such refund, or no right."""
    with reading() as session:
        who = person(session, act)
        return _refund(session, refund_id)[1], who


def _refund(session: Session, refund_id: int) -> tuple[Refund, str]:
    found = session.execute(
        select(Refund, Shop.code).join(Shop, Shop.id == Refund.shop_id).where(Refund.id == refund_id)
    ).first()
    if found is None:
        raise Refusal(f"There is no refund {refund_id}. See: huikuan refund list")
    return found[0], found[1]


def show(refund_id: RefundId, as_json: AsJson = False) -> None:
    """Show one refund whole: how it was worked out, how it is given, and what happened to it."""
    with reading() as session:
        document = whole(session, refund_id)
    answer(as_json, document, lambda: _tell(document))


def whole(session: Session, refund_id: int) -> dict[str, Any]:
    """Everything that is known of a refund; amounts in yuan, the account masked."""
    refund, shop = _refund(session, refund_id)
    order = session.get_one(WorkOrder, refund.work_order_id)
    payee = part_queries.payee_of(session, refund_id)
    account = part_queries.account_of(session, refund.shop_id, payee)
    file = payment_queries.file_of(session, refund_id)
    return {
        "id": refund.id,
        "shop": shop,
        "amount": yuan(refund.amount),
        "state": refund.state.value,
        "work_order_no": order.work_order_no,
        "plate_no": order.plate_no,
        "claim_nos": _claim_nos(session, order.id),
        "payee": payee.name,
        "sentence": refund.sentence,
        "rule": refund.rule,
        "changed": refund.changed,
        "held": refund_held.sentence(session, order.id),
        "computed_on": refund.computed_on,
        "prepared_by": refund.prepared_by,
        "approved_by": refund.approved_by,
        "approved_on": refund.approved_on,
        "declined_because": refund.declined_because,
        "account": mask_account(account.number) if account else None,
        "bank": account.bank_name if account else None,
        "payment_file": file.number if file else None,
        "file_path": file.path if file else None,
        "remind_on": refund.remind_on,
        "paid_on": refund.paid_on,
        "bounced_on": refund.bounced_on,
        "next": _NEXT.get(refund.state, "").format(id=refund.id, shop=shop) or None,
        "parts": _parts(session, refund_id),
        "working": refund.working,
        "entries": _entries(session, refund_id),
        "events": _events(session, order.id, refund_id),
    }


def _claim_nos(session: Session, work_order_id: int) -> list[str]:
    own = select(Case.claim_no).where(Case.work_order_id == work_order_id)
    return list(session.scalars(own.order_by(Case.is_lead.desc(), Case.id)))


def _parts(session: Session, refund_id: int) -> list[dict[str, Any]]:
    return [
        {"kind": part.kind.value, "amount": yuan(part.amount), "work_order_no": part.work_order_no}
        for part in part_queries.parts_of(session, refund_id)
    ]


def _entries(session: Session, refund_id: int) -> list[dict[str, Any]]:
    """The entries of this refund: their occasions name it."""
    kinds = ("reserved", "released", "paid", "bounced", "offset", "transfer_in")
    begun = [Entry.occasion.startswith(f"refund_{kind}:{refund_id}:", autoescape=True) for kind in kinds]
    exact = Entry.occasion.in_([f"refund_{kind}:{refund_id}" for kind in kinds])
    rows = session.scalars(select(Entry).where(or_(exact, *begun)).order_by(Entry.id))
    return [
        {
            "kind": entry.kind.value,
            "amount": yuan(entry.amount),
            "debit": entry.debit.value,
            "credit": entry.credit.value,
            "value_date": entry.value_date,
            "recorded_by": entry.recorded_by,
        }
        for entry in rows
    ]


def _events(session: Session, work_order_id: int, refund_id: int) -> list[dict[str, Any]]:
    rows = session.scalars(select(Event).where(Event.work_order_id == work_order_id).order_by(Event.id))
    return [
        {"date": event.business_date, "kind": event.kind, "by": event.by, "inputs": event.inputs}
        for event in rows
        if isinstance(event.inputs, dict) and event.inputs.get("refund") == refund_id
    ]


def _tell(refund: dict[str, Any]) -> None:
    lists = ("parts", "entries", "events", "working")
    pairs((name, value) for name, value in refund.items() if name not in lists and value is not None)
    say("", "working (fen)", f"  {_short(refund['working'])}")
    for name in lists[:3]:
        say("", name)
        rows = [row | {"inputs": _short(row["inputs"])} if "inputs" in row else row for row in refund[name]]
        table(rows, {key: key for key in (rows[0] if rows else ())}, "  none")


def _short(inputs: object) -> str:
    return ", ".join(f"{name} {value}" for name, value in inputs.items()) if isinstance(inputs, dict) else ""
