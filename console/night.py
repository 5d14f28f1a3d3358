"""`huikuan night`: one night through every room, watched to its end."""

from datetime import date

import typer
from sqlalchemy import select

from console import night_summary, night_view, rehearsal
from console.house import reading, shop_codes, writing
from console.night_watch import Asked, watch
from console.options import AsJson, DryRun, OnDate, ShopCode
from console.output import answer, table
from console.permits import Act
from console.who import person
from models.run import Run
from models.values import Refusal
from models.words import RunState
from worker import clock

app = typer.Typer(help="The night: every step for every shop.")


@app.command()
def run(day: OnDate = None, shop: ShopCode = None, dry_run: DryRun = False, as_json: AsJson = False) -> None:
    """Run the night of a business date; finished steps are not done again."""
    date_ = day or clock.night_to_run(clock.now())
    if dry_run:
        _rehearse(date_, shop, as_json)
        return
    nights = _request(date_, shop)
    watch([night for night in nights if night.is_left])
    with reading() as session:
        document = night_summary.summary(session, date_, [night.shop for night in nights])
    document["anything_done"] = any(night.is_left for night in nights)
    answer(as_json, document, lambda: night_summary.tell(document))
    failed = [each for each in document["nights"] if each["state"] == RunState.FAILED]
    if failed:
        raise Refusal("\n".join(_failed(each) for each in failed))


def _request(day: date, shop: str | None) -> list[Asked]:
    from scheduler.nightly import request_night

    with writing() as session:
        who = person(session, Act.RUN)
        asked = []
        for code in shop_codes(session, shop):
            run_id, is_left = request_night(session, day, code, by=who.name, why="by_hand")
            attempts = session.execute(select(Run.attempts).where(Run.id == run_id)).scalar_one()
            asked.append(Asked(code, run_id, is_left, attempts))
    return asked


def _failed(night: dict[str, object]) -> str:
    return (
        f"The night of {night['date']} stopped for {night['shop']} at the step {night['step']}: "
        f"{night['error']} "
        f"What was done before it stays done; to go on: huikuan night run --date {night['date']} "
        f"--shop {night['shop']}"
    )


def _rehearse(day: date, shop: str | None, as_json: bool) -> None:
    with reading() as session:
        person(session, Act.RUN)
        codes = shop_codes(session, shop)
    document = rehearsal.night(day, codes)
    answer(as_json, document, lambda: rehearsal.tell(document))


@app.command()
def status(as_json: AsJson = False) -> None:
    """Show the latest nights of every shop: how far they are and how they ended."""
    with reading() as session:
        nights = night_view.latest(session)
    columns = {
        "shop": "shop",
        "night of": "date",
        "state": "state",
        "steps": "steps",
        "finished": "finished_at",
        "asked by": "by",
        "error": "error",
    }
    answer(as_json, nights, lambda: table(nights, columns, "There has been no night yet: huikuan night run"))
