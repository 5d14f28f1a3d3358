"""`huikuan case close` and `huikuan case reopen`."""

from datetime import date
from typing import Annotated, Any

import typer
from sqlalchemy import select

from console import by_hand, case_view
from console.house import reading, shop_codes
from console.options import AsJson, OnDate, ShopCode
from console.output import answer, say
from console.permits import Act
from console.who import SYSTEM, Person, person
from models.case import Case, ExpectedLine
from models.shop import Shop
from models.words import Stage
from models.work_order import WorkOrder
from worker import clock

ClaimNo = Annotated[str, typer.Argument(metavar="CLAIM_NO")]


def close(claim_no: ClaimNo, shop: ShopCode = None, day: OnDate = None, as_json: AsJson = False) -> None:
    """Close a case (结案核查): by a reviewer who did not handle it, with nothing in the way."""
    on = day or clock.today()
    code, case_id, who = _whose(claim_no, shop, Act.CLOSE)
    _bring_up_to_date(code, case_id, on)
    done = by_hand.do("close_case", code, on, _scope("close_case", on, case_id), who, case_id=case_id)
    document = _document(claim_no, code)
    said = f"{claim_no} is closed on {document['closed_date']} by {document['closed_by']}."
    answer(as_json, document, lambda: say(said if done.count else said.replace("is", "was", 1)))


def reopen(
    claim_no: ClaimNo,
    because: Annotated[str, typer.Option("--because", metavar="TEXT", help="Why; it stays on record.")],
    shop: ShopCode = None,
    day: OnDate = None,
    as_json: AsJson = False,
) -> None:
    """Open a closed case again; who had closed it, and when, stays on record."""
    on = day or clock.today()
    code, case_id, who = _whose(claim_no, shop, Act.REOPEN)
    scope = _scope("reopen_case", on, case_id)
    by_hand.do("reopen_case", code, on, scope, who, case_id=case_id, because=because)
    document = _document(claim_no, code)
    answer(as_json, document, lambda: say(f"{claim_no} is open again, at {document['stage']}."))


def _whose(claim_no: str, shop: str | None, act: Act) -> tuple[str, int, Person]:
    with reading() as session:
        who = person(session, act)
        case = case_view.find(session, claim_no, shop_codes(session, shop))
        return session.get_one(Shop, case.shop_id).code, case.id, who


def _bring_up_to_date(code: str, case_id: int, on: date) -> None:
    """Money that moved today is computed before the checklist is: by the system, as a night would."""
    with reading() as session:
        order = session.scalar(
            select(WorkOrder.id)
            .join(Case, Case.work_order_id == WorkOrder.id)
            .where(Case.id == case_id, Case.stage != Stage.CLOSED, WorkOrder.settle_on <= on)
        )
        of = select(ExpectedLine.id).where(ExpectedLine.work_order_id == order).order_by(ExpectedLine.id)
        subjects = [f"work_order:{order}", *(f"expected_line:{line}" for line in session.scalars(of))]
    for job in ("find_differences", "compute_refunds") if order else ():
        by_hand.do_again(job, code, on, f"work_order:{order}", Person(SYSTEM, SYSTEM), only=subjects)


def _scope(job: str, on: Any, case_id: int) -> str:
    return by_hand.again(job, on, f"case:{case_id}")


def _document(claim_no: str, code: str) -> dict[str, Any]:
    with reading() as session:
        case = case_view.find(session, claim_no, [code])
        return {
            "claim_no": claim_no, "shop": code, "stage": case.stage.value, "closed_date": case.closed_date,
            "closed_by": case.closed_by,
        }  # fmt: skip
