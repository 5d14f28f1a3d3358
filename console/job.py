"""`huikuan job`: every job there is, and doing one by hand."""

from typing import Annotated

import typer

from console import by_hand, house
from console.options import AsJson, OnDate, ShopCode
from console.output import answer, say, table
from console.permits import Act
from console.who import SYSTEM, Person, person
from models.run import Run
from models.values import Refusal
from scheduler.due import NIGHT
from worker import clock, parts

app = typer.Typer(help="Jobs.")


@app.command("list")
def list_(as_json: AsJson = False) -> None:
    """List the jobs: what each does, and whether the night does it."""
    from scheduler.timetable import STEPS
    from worker.registry import load_jobs

    steps = {step.job: number for number, step in enumerate(STEPS, 1)}
    jobs = [
        {"job": each.name, "step": steps.get(each.name), "purpose": each.purpose}
        for each in load_jobs().values()
    ]
    jobs.sort(key=lambda each: (each["step"] is None, each["step"] or 0, each["job"]))
    columns = {"step": "step", "job": "job", "what it does": "purpose"}
    answer(as_json, jobs, lambda: table(jobs, columns, "There are no jobs."))


@app.command()
def stop(
    run: Annotated[int, typer.Argument(metavar="RUN", help="As in: huikuan reconcile runs")],
    as_json: AsJson = False,
) -> None:
    """Stop a running job after the part it is at; what it did stays done, and run again goes on."""
    with house.writing() as session:
        person(session, Act.RUN)
        found = session.get(Run, run)
        # Nobody would take it up again: a night is woken while it is not ended, and stopped is an end.
        if found and found.job == NIGHT:
            raise Refusal(
                f"Run {run} is a night, which lets go between its steps by itself; a step that goes in parts "
                "is a run of its own. See: huikuan reconcile runs"
            )
        parts.ask_to_stop(session, run)
    answer(as_json, {"run": run, "stopping": True}, lambda: say(f"Run {run} stops after the part it is at."))


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
