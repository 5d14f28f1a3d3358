"""`huikuan job`: every job there is, those that people started, and doing one by hand."""

from typing import Annotated, Any

import typer

from console import by_hand, house, job_failed, job_kinds, job_start, job_view
from console.job_failed import Number
from console.options import AsJson, OnDate, ShopCode
from console.output import answer, pairs, say, table
from console.permits import Act
from console.who import SYSTEM, Person, person
from models.values import Refusal
from models.words import RunState
from worker import clock

app = typer.Typer(help="Jobs, started by hand.")
app.command()(job_start.start)
app.command()(job_start.follow)
app.command()(job_start.cancel)
app.command("stop", hidden=True)(job_start.cancel)
app.command()(job_start.retry)
app.command()(job_failed.failed)


@app.command("list")
def list_(
    shop: ShopCode = None,
    state: Annotated[RunState | None, typer.Option("--state", help="Only those in this state.")] = None,
    everything: Annotated[
        bool, typer.Option("--all", help="Also what nights and other commands have run.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """List the newest runs that were started by hand, how far each is and how it ended."""
    with house.reading() as session:
        codes = house.shop_codes(session, shop)
        runs = job_view.newest(session, codes, state, everything=everything)
    columns = {
        "run": "run", "job": "job", "shop": "shop", "date": "date", "state": "state", "done": "count",
        "by": "by", "why": "why", "asked at": "asked_at", "waited s": "waited", "took s": "took",
    }  # fmt: skip
    none = "No job was started by hand. What can be: huikuan job kinds"
    answer(as_json, runs, lambda: table(runs, columns, none))


@app.command()
def kinds(as_json: AsJson = False) -> None:
    """List the jobs there are: what each does, what can be set, and the command that starts it."""
    jobs = job_kinds.kinds()
    columns = {
        "step": "step",
        "job": "job",
        "what it does": "purpose",
        "takes": "takes",
        "huikuan": "command",
    }
    answer(as_json, jobs, lambda: table(jobs, columns, "There are no jobs."))


@app.command()
def show(run: Number, as_json: AsJson = False) -> None:
    """Show a run whole: who asked for it, why, with what, how far it is, how it ended, its last log lines."""
    with house.reading() as session:
        found = job_view.whole(session, run)
    answer(as_json, found, lambda: _tell(found))


def _tell(run: dict[str, Any]) -> None:
    names = ("run", "job", "shop", "date", "state", "by", "why", "asked_at", "started_at", "finished_at")
    pairs((name.replace("_", " "), run[name]) for name in names)
    progress = f"{run['done']}/{run['total']} {run['step']}" if run["total"] else None
    pairs([
        ("waited", f"{run['waited']} s"), ("took", None if run["took"] is None else f"{run['took']} s"),
        ("attempts", run["attempts"]), ("progress", progress), ("error", run["error"]),
        *((f"with {name}", _brief(value)) for name, value in run["inputs"].items()),
        *((f"result {name}", _brief(value)) for name, value in (run["result"] or {}).items()),
    ])  # fmt: skip
    say(*(f"  {line}" for line in run["lines"]))
    if run["left"]:
        say(f"{run['left']} set aside. Which and why: huikuan job failed {run['run']}")


def _brief(value: object) -> object:
    return f"{len(value)} by name" if isinstance(value, list) else value


@app.command()
def run(
    name: Annotated[str, typer.Argument(metavar="JOB", help="A step of the night, as in the list.")],
    shop: ShopCode = None,
    day: OnDate = None,
    as_json: AsJson = False,
) -> None:
    """Do one step of the night once more, now: what was set aside is looked at again."""
    from scheduler.timetable import STEPS

    if name not in {step.job for step in STEPS}:
        steps = ", ".join(step.job for step in STEPS)
        raise Refusal(
            f"{name} is no step of the night, which are {steps}. Others have commands of their own: "
            "huikuan --help"
        )
    with house.reading() as session:
        who = person(session, Act.RUN)
        code = house.the_shop(session, shop)
    business_date = day or clock.today()
    # A step acts as in the night, as the system: what it prepares, whoever asked for it may still approve.
    system = Person(SYSTEM, SYSTEM)
    scope = by_hand.again(name, business_date, f"by_hand:{code}")
    done = by_hand.do(name, code, business_date, scope, system, asked_by=who.name)
    document = {
        "job": name,
        "shop": code,
        "date": business_date,
        "count": done.count,
        "notes": dict(done.notes or {}),
    }
    answer(as_json, document, lambda: say(f"{name} for {code} on {business_date}: {done.count} done."))
