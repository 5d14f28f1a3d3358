"""`huikuan night`: one night through every room, watched to its end."""

from datetime import date
from typing import Annotated

import typer
from sqlalchemy import select

from console import night_late, night_parts, night_summary, rehearsal
from console.house import reading, shop_codes, writing
from console.night_watch import Asked, watch
from console.options import AsJson, DryRun, OnDate, ShopCode
from console.output import answer
from console.permits import Act
from console.who import person
from models.run import Run
from models.values import Refusal
from models.words import RunState
from worker import clock

app = typer.Typer(help="The night: every step for every shop.")


@app.command()
def run(
    day: OnDate = None,
    shop: ShopCode = None,
    step: Annotated[
        str | None, typer.Option("--step", metavar="JOB", help="Only this step, once more.")
    ] = None,
    case: Annotated[
        str | None,
        typer.Option("--case", metavar="CLAIM_NO", help="Only this case, in the steps that go case by case."),
    ] = None,
    dry_run: DryRun = False,
    as_json: AsJson = False,
) -> None:
    """Run the night of a business date; finished steps are not done again."""
    date_ = day or clock.night_to_run(clock.now())
    if step or case:
        _some(date_, shop, (step, case), dry_run=dry_run, as_json=as_json)
        return
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


def _some(
    day: date, shop: str | None, what: tuple[str | None, str | None], *, dry_run: bool, as_json: bool
) -> None:
    step, claim_no = what
    with reading() as session:
        person(session, Act.RUN)
        codes = shop_codes(session, shop)
        subjects = None
        if claim_no:
            code, subjects = night_parts.of_case(session, claim_no, codes)
            codes = [code]
    parts = night_parts.chosen(step, subjects)
    if dry_run:
        rehearsed = rehearsal.parts(day, codes, parts)
        answer(as_json, rehearsed, lambda: rehearsal.tell(rehearsed))
        return
    done = night_parts.do(day, dict.fromkeys(codes, parts))
    answer(as_json, {"date": day, "steps": done}, lambda: night_parts.tell(day, done))


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


app.command()(night_late.status)
app.command()(night_late.history)
app.command()(night_late.retry)
app.command("catch-up")(night_late.catch_up)
app.command()(night_late.begin)
