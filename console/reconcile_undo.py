"""`huikuan reconcile undo`: take a match back, or a whole run as one act."""

from typing import Annotated, Any

import typer
from sqlalchemy import select

from console import reconcile_do
from console.house import reading
from console.options import AsJson, DryRun, OnDate
from console.output import answer, say
from console.permits import Act
from console.reconcile_do import Task
from console.who import Person, person
from models.match import Match
from models.shop import Shop
from models.values import Refusal, yuan_grouped
from models.words import MatchState
from worker import clock


def undo(
    match: Annotated[
        int | None, typer.Argument(metavar="MATCH", help="As in: huikuan reconcile show LINE")
    ] = None,
    run: Annotated[
        int | None, typer.Option("--run", metavar="RUN", help="All that a run applied; see: reconcile runs")
    ] = None,
    with_refunds: Annotated[
        bool, typer.Option("--with-refunds", help="Take refunds that stand on the money back as well.")
    ] = False,
    look_again: Annotated[
        bool, typer.Option("--look-again", help="Let the night apply the same by itself again.")
    ] = False,
    day: OnDate = None,
    dry_run: DryRun = False,
    as_json: AsJson = False,
) -> None:
    """Take a match back by reversing rows; its bank lines open again. Or a whole run, all or nothing."""
    if (match is None) == (run is None):
        raise Refusal("Say which match, or which run: huikuan reconcile undo MATCH, or --run RUN")
    business_date = day or clock.today()
    shop, who = _whose_match(match) if match is not None else _whose_run(run or 0)
    job, key = ("undo_match", f"match:{match}") if match is not None else ("undo_run", f"run:{run}")
    task = Task(job, shop, business_date, f"undo:{key}", who)
    given = {"match_id": match, "run_id": run, "with_refunds": with_refunds, "look_again": look_again}
    done = reconcile_do.do(task, dry_run=dry_run, **given)
    document = {"match": match, "run": run, "shop": shop, **done}
    answer(as_json, document, lambda: say(_sentence(document)))


def _sentence(done: dict[str, Any]) -> str:
    what = f"Match {done['match']}" if done["match"] is not None else f"Run {done['run']}"
    fen = yuan_grouped(int(done["notes"].get("undone_fen", 0)))
    return (
        f"{reconcile_do.would(done)}{what} is undone: {done['count']} bank lines are open again, entries of "
        f"{fen} yuan are reversed."
    )


def _whose_match(ident: int) -> tuple[str, Person]:
    with reading() as session:
        who = person(session, Act.MATCH)
        shop = session.execute(
            select(Shop.code).join(Match, Match.shop_id == Shop.id).where(Match.id == ident)
        ).scalar_one_or_none()
    if shop is None:
        raise Refusal(f"There is no match {ident}. See: huikuan reconcile show LINE")
    return shop, who


def _whose_run(ident: int) -> tuple[str, Person]:
    with reading() as session:
        who = person(session, Act.MATCH)
        shop = session.execute(
            select(Shop.code)
            .join(Match, Match.shop_id == Shop.id)
            .where(Match.run_id == ident, Match.state == MatchState.APPLIED)
            .distinct()
        ).scalar_one_or_none()
    if shop is None:
        raise Refusal(f"Run {ident} applied nothing that still stands. See: huikuan reconcile runs")
    return shop, who
