"""`huikuan refund hold|unhold`: a person keeps what is due on a repair back, and lets it go."""

from typing import Annotated, Any

import typer

from console import by_hand, case_view
from console.house import reading, shop_codes
from console.options import AsJson, OnDate, ShopCode
from console.output import answer, say
from console.permits import Act
from console.who import person
from models.shop import Shop
from worker import clock

ClaimNo = Annotated[str, typer.Argument(metavar="CLAIM_NO")]


def hold(
    claim_no: ClaimNo,
    because: Annotated[str, typer.Option("--because", metavar="TEXT", help="Why; it stays on record.")],
    shop: ShopCode = None,
    business_date: OnDate = None,
    as_json: AsJson = False,
) -> None:
    """Hold what goes back on the repair of a case: nothing is approved or paid while it stands."""
    done, case = _do("hold_refund", claim_no, shop, business_date, Act.PREPARE_REFUND, because=because)
    said = f"{claim_no}: refunds of {case['work_order_no']} are held: {because}"
    answer(as_json, case, lambda: say(said if done else f"{said} It was so before."))


def unhold(
    claim_no: ClaimNo, shop: ShopCode = None, business_date: OnDate = None, as_json: AsJson = False
) -> None:
    """End the hold on a repair: the next night says what goes back."""
    done, case = _do("unhold_refund", claim_no, shop, business_date, Act.DECIDE_REFUND)
    said = f"{claim_no}: refunds of {case['work_order_no']} are held no more."
    answer(as_json, case, lambda: say(said if done else f"{claim_no}: nobody held it."))


def _do(
    job: str, claim_no: str, shop: str | None, day: Any, act: Act, **given: str
) -> tuple[int, dict[str, Any]]:
    on = day or clock.today()
    with reading() as session:
        who = person(session, act)
        case = case_view.find(session, claim_no, shop_codes(session, shop))
        code, case_id = session.get_one(Shop, case.shop_id).code, case.id
    done = by_hand.do_again(job, code, on, f"case:{case_id}", who, case_id=case_id, **given)
    with reading() as session:
        return done.count, case_view.whole(session, case_view.find(session, claim_no, [code]))
