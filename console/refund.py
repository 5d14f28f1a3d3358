"""`huikuan refund`: what goes back to customers, and who says so."""

from datetime import date
from typing import Annotated, Any

import typer
from sqlalchemy import select
from sqlalchemy.orm import Session

from console import by_hand, refund_held, refund_hold, refund_out, refund_split, refund_view
from console.house import reading, shop_codes
from console.options import AsJson, OnDate, ShopCode
from console.output import answer, say, table
from console.permits import Act
from console.refund_view import RefundId
from models.case import Case
from models.refund import Refund
from models.shop import Shop
from models.values import yuan
from models.words import RefundState
from models.work_order import WorkOrder
from worker import clock

app = typer.Typer(help="Refunds to customers.")


@app.command("list")
def list_(
    shop: ShopCode = None,
    state: Annotated[RefundState | None, typer.Option("--state", help="Only refunds in this state.")] = None,
    only_held: Annotated[
        bool, typer.Option("--held", help="What is due and held back, and by what.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """List the refunds: how much, for which repair, in which state; and those that are held back."""
    with reading() as session:
        codes = shop_codes(session, shop)
        held = refund_held.held(session, codes) if state is None else []
        found = refunds(session, codes, state)
    if only_held:
        answer(as_json, held, lambda: _tell_held(held))
        return
    columns = {
        "id": "id",
        "amount": "amount",
        "state": "state",
        "work order": "work_order_no",
        "claim": "claim_no",
        "plate": "plate_no",
        "computed": "computed_on",
        "approved by": "approved_by",
    }

    def tell() -> None:
        table(found, columns, "There are no such refunds.")
        if held:
            say("")
            _tell_held(held)

    answer(as_json, found, tell)


def _tell_held(held: list[dict[str, Any]]) -> None:
    say("Held back:" if held else "No refund is held back.")
    for each in held:
        say(
            f"  {each['work_order_no']} {each['sentence'] or each['hold_reason']}", f"      {each['command']}"
        )


def refunds(session: Session, codes: list[str], state: RefundState | None) -> list[dict[str, Any]]:
    """Refunds in the order in which they were computed; amounts in yuan."""
    query = (
        select(Refund, WorkOrder.work_order_no, WorkOrder.plate_no, Shop.code, Case.claim_no)
        .join(WorkOrder, WorkOrder.id == Refund.work_order_id)
        .join(Shop, Shop.id == Refund.shop_id)
        .outerjoin(Case, (Case.work_order_id == WorkOrder.id) & Case.is_lead)
        .where(Shop.code.in_(codes))
        .order_by(Refund.id)
    )
    if state is not None:
        query = query.where(Refund.state == state)
    return [_line(row) for row in session.execute(query)]


def _line(row: Any) -> dict[str, Any]:
    refund: Refund = row.Refund
    return {
        "id": refund.id,
        "shop": row.code,
        "amount": yuan(refund.amount),
        "state": refund.state.value,
        "work_order_no": row.work_order_no,
        "claim_no": row.claim_no,
        "plate_no": row.plate_no,
        "payee": refund.payee,
        "computed_on": refund.computed_on,
        "sentence": refund.sentence,
        "approved_by": refund.approved_by,
        "declined_because": refund.declined_because,
        "paid_on": refund.paid_on,
        "bounced_on": refund.bounced_on,
    }


@app.command()
def approve(refund_id: RefundId, day: OnDate = None, as_json: AsJson = False) -> None:
    """Approve a refund that waits: the money is reserved and the customer is told."""
    _decide("approve_refund", refund_id, day or clock.today(), as_json)


@app.command()
def decline(
    refund_id: RefundId,
    because: Annotated[str, typer.Option("--because", metavar="TEXT", help="Why; it stays on record.")],
    day: OnDate = None,
    as_json: AsJson = False,
) -> None:
    """Decline a refund, with the reason."""
    _decide("decline_refund", refund_id, day or clock.today(), as_json, because=because)


def _decide(job: str, refund_id: int, day: date, as_json: bool, **given: str) -> None:
    shop, who = refund_view.whose(refund_id, Act.DECIDE_REFUND)
    scope = by_hand.again(job, day, f"refund:{refund_id}")
    by_hand.do(job, shop, day, scope, who, refund_id=refund_id, **given)
    with reading() as session:
        document = next(each for each in refunds(session, [shop], None) if each["id"] == refund_id)
    sentence = (
        f"Refund {refund_id} of {document['amount']} yuan ({document['claim_no']}) is {document['state']}."
    )
    answer(as_json, document, lambda: say(sentence))


app.command()(refund_view.show)
app.command()(refund_hold.hold)
app.command()(refund_hold.unhold)
app.command()(refund_split.split)
app.command()(refund_out.payee)
app.command("pay-file")(refund_out.pay_file)
app.command()(refund_out.paid)
app.command()(refund_out.bounced)
app.command()(refund_out.failed)
