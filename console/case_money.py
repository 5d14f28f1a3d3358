"""`huikuan case bill|expect|reverse-payout|pay-third-party|unpay-third-party`: money of a case by hand."""

from datetime import date
from pathlib import Path
from typing import Annotated, Any

import typer

from console import by_hand, case_view
from console.files import keep_proof
from console.house import reading, shop_codes
from console.options import AsJson, OnDate, ShopCode, day
from console.output import answer, remark, say
from console.permits import Act
from console.who import Person, person
from models.shop import Shop
from models.values import Refusal, UnreadableValue, fen, yuan
from models.words import Cover, LineKind
from worker import clock
from worker.run import Result


def read_amount(text: str) -> int:
    """An amount in yuan as fen; what cannot be is refused by the job, which knows the case."""
    try:
        return fen(text)
    except UnreadableValue as why:
        raise Refusal(f'"{text}" can\'t be read as an amount ({why}). Write yuan such as 1234.56.') from None


ClaimNo = Annotated[str, typer.Argument(metavar="CLAIM_NO")]
Amount = Annotated[int, typer.Argument(metavar="AMOUNT", parser=read_amount, help="Yuan, such as 1234.56.")]
HappenedOn = Annotated[
    date | None,
    typer.Option("--on", parser=day, metavar="DATE", help="When it happened; else the business date."),
]
Because = Annotated[str, typer.Option("--because", metavar="TEXT", help="Why; it stays on record.")]


def _option(name: str, words: str) -> Any:
    return typer.Option(name, parser=read_amount, metavar="AMOUNT", help=words)


def bill(
    claim_no: ClaimNo,
    amount: Amount,
    customer: Annotated[int, _option("--customer", "What the customer finally bears (C of domain 1.6).")],
    shop: ShopCode = None,
    business_date: OnDate = None,
    as_json: AsJson = False,
) -> None:
    """Bill the repair of a case (实收费用); insurers, customer and shop must pay it exactly once."""
    done, told = _do(
        "record_bill", claim_no, shop, Act.RECORD_FACT, business_date, amount=amount, customer=customer
    )
    said = f"{claim_no}: the bill is {yuan(amount)} yuan, of which the customer bears {yuan(customer)}."
    answer(as_json, told, lambda: say(said if done.count else f"{said} It was so before."))


def expect(
    claim_no: ClaimNo,
    cover: Annotated[Cover, typer.Argument(metavar="COVER", help="|".join(Cover))],
    amount: Amount,
    work_order: Annotated[
        str | None, typer.Option("--work-order", metavar="NO", help="The repair it pays for, if another one.")
    ] = None,
    third_party: Annotated[
        bool,
        typer.Option("--third-party", help="For a third party, not for a repair here (column 20)."),
    ] = False,
    assessed: Annotated[int | None, _option("--assessed", "定损 it comes from, to see if it fits.")] = None,
    deductible: Annotated[int | None, _option("--deductible", "绝对免赔额.")] = None,
    rate: Annotated[
        str | None, typer.Option("--rate", metavar="PERCENT", help="绝对免赔率, below 100.")
    ] = None,
    shop: ShopCode = None,
    business_date: OnDate = None,
    as_json: AsJson = False,
) -> None:
    """Say what the insurer of a case owes on a cover, for its repair or for another one."""
    done, told = _do(
        "expect_payout", claim_no, shop, Act.RECORD_FACT, business_date,
        cover=cover.value, kind=(LineKind.OTHER_AGENCY if third_party else LineKind.OWN_REPAIR).value,
        amount=amount, work_order_no=work_order, assessed=assessed, deductible=deductible, rate=rate,
    )  # fmt: skip
    notes = dict(done.notes or {})
    if notes.get("implausible"):
        remark(
            f"Remark: the clauses of 2014 would give {notes['clauses_2014']} and those of 2020 "
            f"{notes['clauses_2020']} yuan. The insurer's figure counts; check it once more."
        )
    said = f"{claim_no}: {yuan(amount)} yuan are expected on {cover.value}."
    answer(as_json, told, lambda: say(said if done.count else f"{said} It was so before."))


def reverse_payout(
    claim_no: ClaimNo,
    amount: Amount,
    on: HappenedOn = None,
    because: Because = "",
    payout: Annotated[
        int | None, typer.Option("--payout", metavar="NUMBER", help="Which receipt, where it is asked.")
    ] = None,
    shop: ShopCode = None,
    business_date: OnDate = None,
    as_json: AsJson = False,
) -> None:
    """Record that the insurer took money back (冲正): the repair is settled again."""
    _, told = _do(
        "reverse_payout", claim_no, shop, Act.MATCH, business_date,
        amount=amount, on=_iso(on), because=because, payout_id=payout,
    )  # fmt: skip
    answer(as_json, told, lambda: say(f"{claim_no}: {yuan(amount)} yuan are recorded as taken back."))


def pay_third_party(
    claim_no: ClaimNo,
    amount: Amount,
    on: HappenedOn = None,
    to: Annotated[str, typer.Option("--to", metavar="PAYEE", help="Who was paid.")] = "",
    proof: Annotated[
        Path | None, typer.Option("--proof", metavar="FILE", help="A file that proves it.")
    ] = None,
    shop: ShopCode = None,
    business_date: OnDate = None,
    as_json: AsJson = False,
) -> None:
    """Record that the shop paid a third party what the insurer had paid for him."""
    kept = keep_proof(proof) if proof is not None else {}
    _, told = _do(
        "pay_third_party", claim_no, shop, Act.PAY_OTHERS, business_date,
        amount=amount, on=_iso(on), payee=to, **kept,
    )  # fmt: skip
    answer(as_json, told, lambda: say(f"{claim_no}: {yuan(amount)} yuan to a third party are recorded."))


def unpay_third_party(
    claim_no: ClaimNo,
    amount: Amount,
    because: Because,
    shop: ShopCode = None,
    business_date: OnDate = None,
    as_json: AsJson = False,
) -> None:
    """Take a payment to a third party back: it never went out, or it came back."""
    _, told = _do(
        "unpay_third_party", claim_no, shop, Act.PAY_OTHERS, business_date, amount=amount, because=because
    )
    answer(as_json, told, lambda: say(f"{claim_no}: the payment of {yuan(amount)} yuan is taken back."))


def _iso(on: date | None) -> str | None:
    return on.isoformat() if on else None


def _do(
    job: str, claim_no: str, shop: str | None, act: Act, business_date: date | None, **given: object
) -> tuple[Result, dict[str, Any]]:
    on = business_date or clock.today()
    code, case_id, who = _whose(claim_no, shop, act)
    done = by_hand.do(job, code, on, by_hand.again(job, on, f"case:{case_id}"), who, case_id=case_id, **given)
    with reading() as session:
        document = case_view.whole(session, case_view.find(session, claim_no, [code]))
    return done, {"recorded": bool(done.count), "case": document}


def _whose(claim_no: str, shop: str | None, act: Act) -> tuple[str, int, Person]:
    with reading() as session:
        who = person(session, act)
        case = case_view.find(session, claim_no, shop_codes(session, shop))
        return session.get_one(Shop, case.shop_id).code, case.id, who


def add_to(cases: typer.Typer) -> None:
    """Give `huikuan case` these verbs."""
    for verb in (bill, expect, reverse_payout, pay_third_party, unpay_third_party):
        cases.command()(verb)
