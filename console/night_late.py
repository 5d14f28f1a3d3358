"""How the nights went, and the ones that are late: what was left behind, retried or caught up with."""

from datetime import date, timedelta
from enum import StrEnum
from itertools import groupby
from typing import Annotated, Any

import typer
from sqlalchemy import update

from console import night_history, night_parts, night_view
from console.house import reading, shop_codes, writing
from console.night_watch import Asked, watch
from console.options import AsJson, OnDate, ShopCode, day
from console.output import answer, say, table
from console.permits import Act
from console.who import person
from models.run import Run
from models.shop import Shop
from models.values import Refusal
from models.words import RunState, Why
from scheduler.due import newest_night
from worker import clock

_COLUMNS = {
    "night of": "date", "shop": "shop", "how it went": "night", "steps": "steps", "finished": "finished_at",
    "asked by": "by",
}  # fmt: skip
_MONTH = timedelta(days=30)

From = Annotated[
    date | None, typer.Option("--from", parser=day, metavar="DATE", help="The first night; else 30 days ago.")
]
To = Annotated[
    date | None, typer.Option("--to", parser=day, metavar="DATE", help="The last night; else the newest.")
]


class Only(StrEnum):
    """Which nights to catch up with."""

    MISSING = "missing"
    FAILED = "failed"


def status(shop: ShopCode = None, as_json: AsJson = False) -> None:
    """Show the newest night of every shop, and the nights of the month before that did not go well."""
    with reading() as session:
        codes = shop_codes(session, shop)
        nights = night_history.latest(session, codes, clock.now())
    answer(as_json, nights, lambda: _tell(nights))


def history(shop: ShopCode = None, first: From = None, last: To = None, as_json: AsJson = False) -> None:
    """Show every night: all ok, some failed, failed or missed, and what it left behind and why."""
    last = last or newest_night(clock.now())
    with reading() as session:
        codes = shop_codes(session, shop)
        nights = night_history.history(session, codes, first or last - _MONTH, last)
    answer(as_json, nights, lambda: _tell(nights))


def _tell(nights: list[dict[str, Any]]) -> None:
    table(nights, _COLUMNS, "There has been no night yet: huikuan night run")
    for night in nights:
        if night.get("attempts", 0) > 1:
            say(f"{night['date']} {night['shop']} took {night['attempts']} attempts; why: the worker's log")
        for left in night["left"]:
            where = f"{night['date']} {night['shop']} left behind in {left['step']}"
            say(f"{where}: {left['subject']}: {left['error']}")
    if any(night["night"] in (night_history.FAILED, night_history.SOME_FAILED) for night in nights):
        say("Again, only what failed: huikuan night retry --failed")
    missed = [night["date"] for night in nights if night["night"] == night_history.MISSED]
    if missed:
        span = f"--from {min(missed)} --to {max(missed)}"
        say(f"Run what was missed: huikuan night catch-up {span} --only missing")


def retry(
    failed: Annotated[
        bool, typer.Option("--failed", help="What failed or was set aside; there is nothing else to retry.")
    ] = True,
    on: OnDate = None,
    shop: ShopCode = None,
    as_json: AsJson = False,
) -> None:
    """Do again only what failed: a failed night from where it stopped, and the cases that were set aside."""
    del failed  # typed for clearness
    with reading() as session:
        person(session, Act.RUN)
        codes, last = shop_codes(session, shop), on or night_history.newest(session, clock.now())
        nights = night_history.history(session, codes, on or last - _MONTH, last)
        broken = [(each["date"], each["shop"]) for each in nights if each["night"] == night_history.FAILED]
        aside = {code: night_parts.set_aside(session, code, last) for code in codes}
    ended = _run(sorted(broken), Why.BY_HAND)
    steps = night_parts.do(last, {code: parts for code, parts in aside.items() if parts})
    _answer(ended, steps, as_json)


def catch_up(
    first: From = None,
    last: To = None,
    only: Annotated[Only | None, typer.Option("--only", help="Only the missing, or only the failed.")] = None,
    shop: ShopCode = None,
    as_json: AsJson = False,
) -> None:
    """Run the nights that are not finished, oldest first, each under its own business date."""
    last = _not_to_come(last)
    kinds = {
        None: (night_history.MISSED, night_history.FAILED, "waiting"),
        Only.MISSING: (night_history.MISSED,),
        Only.FAILED: (night_history.FAILED,),
    }[only]
    with reading() as session:
        person(session, Act.RUN)
        nights = night_history.history(session, shop_codes(session, shop), first or last - _MONTH, last)
    late = sorted((each["date"], each["shop"]) for each in nights if each["night"] in kinds)
    _answer(_run(late, Why.CATCH_UP), [], as_json)


def _not_to_come(last: date | None) -> date:
    newest = newest_night(clock.now())
    if last is not None and last > newest:
        raise Refusal(f"The night of {last} has not come yet; the newest is that of {newest}.")
    return last or newest


def begin(
    on: Annotated[date, typer.Argument(parser=day, metavar="DATE", help="The first night to run by itself.")],
    shop: ShopCode = None,
) -> None:
    """Say from which night on a shop's nights run by themselves; else it is the day of its first file."""
    with writing() as session:
        person(session, Act.ADMINISTER)
        codes = shop_codes(session, shop)
        session.execute(update(Shop).where(Shop.code.in_(codes)).values(nights_from=on, nights_whole_to=None))
    say(f"The nights of {', '.join(codes)} run by themselves from {on} on.")


def _run(late: list[tuple[date, str]], why: Why) -> list[dict[str, Any]]:
    """Run nights, oldest first; where one fails, the later ones of its shop wait. Says how each ended."""
    from scheduler.nightly import request_night

    ended: list[dict[str, Any]] = []
    broken: set[str] = set()
    for on, nights in groupby(late, key=lambda night: night[0]):
        with writing() as session:
            who = person(session, Act.RUN)
            asked = []
            for _, shop in nights:
                if shop in broken:
                    continue
                run_id, is_left = request_night(session, on, shop, by=who.name, why=why)
                attempts = session.get_one(Run, run_id).attempts
                asked.append(Asked(shop, run_id, is_left, attempts))
        watch([each for each in asked if each.is_left])
        with reading() as session:
            ended += [night_view.as_shown(session.get_one(Run, each.run_id)) for each in asked]
        broken |= {each["shop"] for each in ended if each["state"] == RunState.FAILED}
    return ended


def _answer(ended: list[dict[str, Any]], steps: list[dict[str, Any]], as_json: bool) -> None:
    document = {"nights": ended, "steps": steps}
    answer(as_json, document, lambda: _tell_ended(ended, steps))
    failed = [each for each in ended if each["state"] == RunState.FAILED]
    if failed:
        raise Refusal(
            "\n".join(
                f"The night of {each['date']} stopped for {each['shop']} at the step {each['step']}: "
                f"{each['error']} Mend what it names, then: huikuan night retry --failed"
                for each in failed
            )
        )


def _tell_ended(ended: list[dict[str, Any]], steps: list[dict[str, Any]]) -> None:
    table(
        ended, {"night of": "date", "shop": "shop", "state": "state", "steps": "steps"}, "No night was left."
    )
    if steps:
        table(steps, {"shop": "shop", "step": "title", "done": "count"}, "")
        say(*(f"set aside in {step['title']}: {error}" for step in steps for error in step["set_aside"]))
