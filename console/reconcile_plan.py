"""`huikuan reconcile plan|apply`: what would be matched, numbered and read first; then exactly that."""

from typing import Annotated, Any

import typer
from sqlalchemy import select
from sqlalchemy.orm import Session

from console import house, reconcile_do
from console.house import reading
from console.options import AsJson, DryRun, OnDate, ShopCode
from console.output import answer, say, table
from console.permits import Act
from console.reconcile_do import Task
from console.who import person
from models.match_plan import MatchPlan
from models.values import Refusal, yuan, yuan_grouped
from worker import clock

Number = Annotated[int, typer.Argument(metavar="PLAN", help="The number of the plan.")]


def plan(
    shop: ShopCode = None,
    number: Annotated[
        int | None, typer.Option("--number", metavar="N", help="Show a plan that was made before.")
    ] = None,
    day: OnDate = None,
    as_json: AsJson = False,
) -> None:
    """Write a numbered plan of what would be matched now; nothing of it is applied."""
    with reading() as session:
        code = house.the_shop(session, shop)
        who = person(session, Act.RUN) if number is None else None
    if number is None and who is not None:
        on = day or clock.today()
        number = reconcile_do.do(Task("make_plan", code, on, f"plan:{code}", who), dry_run=False)["count"]
    with reading() as session:
        document = _document(session, code, number or 0)
    answer(as_json, document, lambda: _tell(document))


def _document(session: Session, code: str, number: int) -> dict[str, Any]:
    found = session.scalars(
        select(MatchPlan).where(MatchPlan.shop_id == house.shop_id(session, code), MatchPlan.number == number)
    ).one_or_none()
    if found is None:
        raise Refusal(f"There is no plan {number} in shop {code}. Make one: huikuan reconcile plan")
    items = found.items if isinstance(found.items, list) else []
    return {
        "plan": found.number, "shop": code, "date": found.business_date, "state": found.state.value,
        "made_by": found.made_by, "applied_by": found.applied_by, "applied_on": found.applied_on,
        "rule": found.rule, "matches": len(items), "lines": found.lines, "amount": yuan(found.amount),
        "items": [
            {name: item[name] for name in ("kind", "reason", "score", "what", "parts")}
            | {"amount": yuan(item["amount"])}
            for item in items
        ],
    }  # fmt: skip


def _tell(document: dict[str, Any]) -> None:
    columns = {"amount": "amount", "reason": "reason", "score": "score", "lines and what they pay": "what"}
    table(document["items"], columns, "Nothing would be matched now.")
    total = f"{document['matches']} matches, {document['lines']} bank lines, {document['amount']} yuan"
    state = "" if document["state"] == "open" else f" It was applied on {document['applied_on']}."
    say("", f"Plan {document['plan']} of {document['shop']} for {document['date']}: {total}.{state}")
    if document["state"] == "open" and document["items"]:
        say(f"huikuan reconcile apply {document['plan']} --shop {document['shop']}")


def apply(
    number: Number,
    shop: ShopCode = None,
    day: OnDate = None,
    dry_run: DryRun = False,
    as_json: AsJson = False,
) -> None:
    """Apply a plan exactly as it stands, once; or refuse, and say what changed."""
    with reading() as session:
        code = house.the_shop(session, shop)
        who = person(session, Act.MATCH)
    task = Task("apply_plan", code, day or clock.today(), f"plan:{code}:{number}", who)
    done = reconcile_do.do(task, dry_run=dry_run, number=number)
    document = {"plan": number, "shop": code, **done}
    fen, since = int(done["notes"].get("applied_fen", 0)), int(done["notes"].get("since", 0))
    more = f" {since} matches have come up since; they are not in it." if since else ""
    sentence = f"Plan {number} is applied: {done['count']} bank lines, {yuan_grouped(fen)} yuan.{more}"
    answer(as_json, document, lambda: say(reconcile_do.would(done) + sentence))
