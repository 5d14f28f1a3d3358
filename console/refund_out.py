"""`huikuan refund payee|pay-file|paid|bounced|failed`: refunds on their way out."""

from datetime import date
from typing import Annotated, Any

import typer

from console import by_hand, refund_view
from console.house import reading, ready, shop_codes
from console.options import AsJson, OnDate, ThisShop, day
from console.output import answer, say
from console.permits import Act
from console.refund_view import RefundId
from console.who import person
from models.secrecy import encrypt
from models.values import yuan
from worker import clock
from worker.settings import settings

Because = Annotated[str, typer.Option("--because", metavar="TEXT", help="Why; it stays on record.")]
HappenedOn = Annotated[
    date, typer.Option("--on", parser=day, metavar="DATE", help="The day on which it happened.")
]


def payee(
    refund_id: RefundId,
    account: Annotated[str, typer.Option("--account", metavar="NUMBER", help="The payee's account.")],
    bank: Annotated[str, typer.Option("--bank", metavar="NAME", help="Its bank and branch.")],
    business_date: OnDate = None,
    as_json: AsJson = False,
) -> None:
    """Record where the refunds of this payee and car are paid; kept encrypted, shown masked."""
    ready()  # the keys come with the database
    found = _do(
        "record_payee", refund_id, business_date, Act.PREPARE_REFUND, account=encrypt(account), bank=bank
    )
    said = (
        f"Refunds of {found['payee']} ({found['plate_no']}) are paid to {found['account']}, {found['bank']}."
    )
    answer(as_json, found, lambda: say(said))


def pay_file(
    shop: ThisShop,
    layout: Annotated[
        str, typer.Option("--layout", metavar="NAME", help="icbc, ccb, generic or generic-csv.")
    ] = "generic",
    account: Annotated[
        str | None, typer.Option("--from", metavar="NUMBER", help="The shop's account that pays.")
    ] = None,
    business_date: OnDate = None,
    as_json: AsJson = False,
) -> None:
    """Write the batch-transfer file of all approved refunds; each stands in one file only."""
    on = business_date or clock.today()
    with reading() as session:
        who = person(session, Act.PAY_REFUND)
        shop_codes(session, shop)
    scope = by_hand.again("make_payment_file", on, f"pay-file:{shop}")
    done = by_hand.do("make_payment_file", shop, on, scope, who, layout=layout, account=account)
    notes = dict(done.notes or {})
    document = {
        "number": notes.get("payment_file"),
        "refunds": done.count,
        "total": yuan(int(notes.get("total_fen", 0))),
        "path": str(settings().home / str(notes.get("path"))),
        "sha256": notes.get("sha256"),
        "left_out": notes.get("left_out", []),
    }
    answer(as_json, document, lambda: _tell_file(document))


def _tell_file(document: dict[str, Any]) -> None:
    say(
        f"{document['number']}: {document['refunds']} refunds, {document['total']} yuan.",
        document["path"],
        f"sha256 {document['sha256']}",
    )
    if document["left_out"]:
        say(f"Left out: {len(document['left_out'])}")
    for out in document["left_out"]:
        say(f"  {out['sentence']}", f"      {out['command']}")


def paid(refund_id: RefundId, on: HappenedOn, business_date: OnDate = None, as_json: AsJson = False) -> None:
    """Record that a refund was paid: in cash, or as the bank says."""
    found = _do("pay_refund", refund_id, business_date, Act.PAY_REFUND, on=on.isoformat())
    answer(as_json, found, lambda: say(f"Refund {refund_id} of {found['amount']} yuan was paid on {on}."))


def bounced(
    refund_id: RefundId,
    on: HappenedOn,
    because: Because,
    business_date: OnDate = None,
    as_json: AsJson = False,
) -> None:
    """Record that the money of a paid refund came back; after the night a new one waits for approval."""
    given = {"on": on.isoformat(), "because": because}
    found = _do("bounce_refund", refund_id, business_date, Act.PAY_REFUND, **given)
    answer(as_json, found, lambda: say(f"Refund {refund_id} came back on {on}. {found['next']}"))


def failed(
    refund_id: RefundId, because: Because, business_date: OnDate = None, as_json: AsJson = False
) -> None:
    """Record that the bank refused a payment: the money is free again and waits for approval."""
    found = _do("fail_refund", refund_id, business_date, Act.PAY_REFUND, because=because)
    answer(as_json, found, lambda: say(f"Refund {refund_id} was not paid. {found['next']}"))


def _do(job: str, refund_id: int, business_date: date | None, act: Act, **given: Any) -> dict[str, Any]:
    """Run a job on one refund, and give the refund as it then is."""
    on = business_date or clock.today()
    shop, who = refund_view.whose(refund_id, act)
    by_hand.do(
        job, shop, on, by_hand.again(job, on, f"refund:{refund_id}"), who, refund_id=refund_id, **given
    )
    with reading() as session:
        return refund_view.whole(session, refund_id)
