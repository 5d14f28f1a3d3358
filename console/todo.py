"""`huikuan todo`: what waits for whom, and the command that resolves it."""

from collections import Counter
from collections.abc import Sequence
from datetime import date
from typing import Annotated

import typer
from sqlalchemy.orm import Session

from console import (
    night_view,
    worklist,
    worklist_of_cases,
    worklist_of_chases,
    worklist_of_differences,
    worklist_of_files,
    worklist_of_money,
    worklist_of_notices,
)
from console.house import reading, shop_codes
from console.options import AsJson, OnDate, ShopCode
from console.output import answer, say
from console.worklist import Item
from models.values import yuan_grouped
from worker import clock

app = typer.Typer(help="What waits for people.")

SOURCES: list[worklist.Source] = [
    worklist_of_money.refunds,
    worklist_of_money.payments,
    worklist_of_money.bank_lines,
    worklist_of_differences.differences,
    worklist_of_differences.held_refunds,
    worklist_of_differences.overpaid_refunds,
    worklist_of_files.refused_files,
    worklist_of_files.findings,
    worklist_of_files.statement_gaps,
    worklist.set_aside,
    worklist_of_notices.notices,
    worklist_of_cases.stage_gates,
    worklist_of_cases.closing,
    worklist_of_cases.closable,
    worklist_of_chases.errands,
    worklist_of_chases.stopped_plans,
    worklist_of_chases.calendar,
]


@app.callback()
def _noun() -> None:
    """What waits for people."""


@app.command("list")
def list_(
    name: Annotated[str | None, typer.Option("--for", metavar="NAME", help="A person, or a role.")] = None,
    shop: ShopCode = None,
    day: OnDate = None,
    as_json: AsJson = False,
) -> None:
    """List what waits, since when, what it is worth, and the exact command that resolves it."""
    with reading() as session:
        on = day or business_day(session)
        found = waiting(session, shop)
        if name is not None:
            found = worklist.meant_for(session, found, name)
    answer(as_json, [item.as_json(on) for item in found], lambda: _tell(found, on, name))


def waiting(session: Session, shop: str | None) -> list[Item]:
    """Everything that waits in a shop, or in all of them."""
    return worklist.items(session, shop_codes(session, shop), SOURCES)


def business_day(session: Session) -> date:
    """The day that ages are counted to: the newest night, so that a list is as old as its facts."""
    return night_view.newest_date(session) or clock.today()


def _tell(found: Sequence[Item], on: date, name: str | None) -> None:
    if not found:
        say(f"Nothing waits{f' for {name}' if name else ''}.")
        return
    for owner in sorted({item.owner for item in found}):
        mine = [item for item in found if item.owner == owner]
        say(f"{owner}: {len(mine)}")
        for item in mine:
            days = max(0, (on - item.since).days)
            say(f"  {item.what}  [{days} d, {item.shop}]", f"      {item.command}")


def counts(found: Sequence[Item]) -> list[dict[str, object]]:
    """How many of each kind wait for whom, and what they are worth in yuan."""
    number = Counter((item.kind, item.owner) for item in found)
    worth = Counter[tuple[str, str]]()
    for item in found:
        worth[item.kind, item.owner] += item.amount or 0
    return [
        {"kind": kind, "owner": owner, "count": count, "amount": yuan_grouped(worth[kind, owner])}
        for (kind, owner), count in number.items()
    ]
