"""`huikuan chase`: the ladder for unpaid claims, and what people say of it."""

from datetime import date
from typing import Annotated, Any

import typer

from console import case_view, chase_view, rehearsal
from console.by_hand import do_again as do
from console.house import reading, shop_codes, the_shop
from console.options import AsJson, DryRun, OnDate, ShopCode, day
from console.output import answer, say, table
from console.permits import Act
from console.who import SYSTEM, Person, person
from models.errand import Errand
from models.shop import Shop
from models.values import Refusal
from models.words import ChaseReason
from worker import clock

app = typer.Typer(help="Chasing insurers.")

ClaimNo = Annotated[str, typer.Argument(metavar="CLAIM_NO")]
Because = Annotated[str, typer.Option("--because", metavar="TEXT", help="Why; it stays on record.")]


@app.command()
def run(shop: ShopCode = None, on: OnDate = None, dry_run: DryRun = False, as_json: AsJson = False) -> None:
    """Take every open case one step up the ladder where one is due; or show what that would be."""
    today = on or clock.today()
    with reading() as session:
        code = the_shop(session, shop)
        if not dry_run:
            person(session, Act.RUN)
    if dry_run:
        document = rehearsal.step("chase_insurers", "chasing", today, code)
        answer(as_json, document, lambda: rehearsal.tell(document))
        return
    done = do("chase_insurers", code, today, f"by_hand:{code}", Person(SYSTEM, SYSTEM))
    notes = dict(done.notes or {})
    document = {"shop": code, "date": today, "changed": done.count, "notes": notes}
    steps = notes.get("chase_steps", 0)
    said = f"{code} on {today}: {steps} steps taken, {done.count} cases changed."
    answer(as_json, document, lambda: say(said))


@app.command("list")
def list_(
    shop: ShopCode = None,
    reason: Annotated[
        ChaseReason | None, typer.Option("--reason", help="Only cases passed over for this.")
    ] = None,
    letters: Annotated[bool, typer.Option("--letters", help="The letters instead.")] = False,
    plans: Annotated[bool, typer.Option("--plans", help="The plans of the nights instead.")] = False,
    holds: Annotated[bool, typer.Option("--holds", help="Holds and promises instead.")] = False,
    as_json: AsJson = False,
) -> None:
    """List the open cases with their step or the reason for none, and the due day with its source."""
    with reading() as session:
        codes = shop_codes(session, shop)
        if letters:
            rows, columns = chase_view.letters(session, codes), chase_view.LETTERS
        elif plans:
            rows, columns = chase_view.plans(session, codes), chase_view.PLANS
        elif holds:
            rows, columns = chase_view.holds(session, codes), chase_view.HOLDS
        else:
            rows, columns = chase_view.cases(session, codes, reason), chase_view.CASES
    answer(as_json, rows, lambda: table(rows, columns, "There are none."))


@app.command()
def hold(
    claim_no: ClaimNo,
    because: Because = "",
    until: Annotated[
        date | None, typer.Option("--until", parser=day, metavar="DATE", help="That day too.")
    ] = None,
    lift: Annotated[bool, typer.Option("--lift", help="End the holds and promises of the case.")] = False,
    shop: ShopCode = None,
    on: OnDate = None,
    as_json: AsJson = False,
) -> None:
    """Leave a case alone up to and on a day, or end that."""
    if not lift and (until is None or not because.strip()):
        raise Refusal("Say until when and why: huikuan chase hold CLAIM_NO --until DATE --because TEXT")
    job = "lift_chase" if lift else "hold_chase"
    given = {} if lift else {"until": str(until), "because": because}
    _of_case(
        job,
        claim_no,
        shop,
        on,
        as_json,
        f"{claim_no} goes on." if lift else f"{claim_no} is held to {until}.",
        **given,
    )


@app.command()
def promise(
    claim_no: ClaimNo,
    pays: Annotated[date, typer.Option("--pays", parser=day, metavar="DATE", help="The day promised.")],
    because: Annotated[
        str, typer.Option("--because", metavar="TEXT", help="Who said so.")
    ] = "保险公司承诺付款",
    shop: ShopCode = None,
    on: OnDate = None,
    as_json: AsJson = False,
) -> None:
    """Take an insurer's promise to pay by a day; when it is broken, the ladder goes on by itself."""
    said = f"{claim_no}: payment is promised by {pays}; the ladder goes on the day after if none comes."
    _of_case("take_promise", claim_no, shop, on, as_json, said, until=str(pays), because=because)


def _of_case(
    job: str, claim_no: str, shop: str | None, on: date | None, as_json: bool, said: str, **given: Any
) -> None:
    today = on or clock.today()
    with reading() as session:
        who = person(session, Act.RECORD_FACT)
        case = case_view.find(session, claim_no, shop_codes(session, shop))
        code = session.get_one(Shop, case.shop_id).code
    do(job, code, today, f"case:{case.id}", who, case_id=case.id, **given)
    with reading() as session:
        document = case_view.whole(session, case_view.find(session, claim_no, [code]))
    answer(as_json, document, lambda: say(said))


@app.command()
def approve(
    plan: Annotated[date, typer.Argument(metavar="DATE", parser=day, help="The night whose plan waits.")],
    shop: ShopCode = None,
    as_json: AsJson = False,
) -> None:
    """Approve a plan that was stopped; balances are read again, and it is carried out now."""
    with reading() as session:
        who = person(session, Act.APPROVE_CHASE)
        code = the_shop(session, shop)
    done = do("chase_insurers", code, plan, f"by_hand:{code}", who, approved=who.name)
    steps = (done.notes or {}).get("chase_steps", 0)
    document = {"date": plan, "shop": code, "steps": steps, "approved_by": who.name}
    answer(as_json, document, lambda: say(f"The plan of {plan} is carried out: {steps} steps."))


@app.command()
def done(
    errand_id: Annotated[int, typer.Argument(metavar="ID", help="The errand, as in: huikuan todo list")],
    because: Because,
    on: OnDate = None,
    as_json: AsJson = False,
) -> None:
    """Say that an errand is seen to, and how it ended."""
    with reading() as session:
        who = person(session, Act.RECORD_FACT)
        errand = session.get(Errand, errand_id)
        if errand is None:
            raise Refusal(f"There is no errand {errand_id}. See: huikuan todo list")
        code = session.get_one(Shop, errand.shop_id).code
    do(
        "finish_errand",
        code,
        on or clock.today(),
        f"errand:{errand_id}",
        who,
        errand_id=errand_id,
        because=because,
    )
    answer(as_json, {"errand": errand_id, "outcome": because}, lambda: say(f"Errand {errand_id} is done."))
