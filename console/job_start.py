"""`huikuan job start|follow|cancel|retry`: a job in a worker's hands, for the person who asked for it."""

from typing import Annotated, Any

import typer
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from console import job_kinds, job_view, job_watch, night_parts
from console.house import reading, shop_codes, the_shop, writing
from console.job_failed import Number
from console.options import AsJson, OnDate, ShopCode
from console.output import answer, say
from console.permits import Act
from console.who import SYSTEM, person
from models.values import Refusal
from models.words import RunState
from scheduler import started
from worker import clock, parameters
from worker.settings import settings

NoWait = Annotated[bool, typer.Option("--no-wait", help="Ask for it and leave; a worker does it.")]


def start(
    name: Annotated[str, typer.Argument(metavar="JOB", help="As in: huikuan job kinds")],
    shop: ShopCode = None,
    day: OnDate = None,
    given: Annotated[
        list[str] | None,
        typer.Option("--set", metavar="KEY=VALUE", help="What the job takes; may be repeated."),
    ] = None,
    case: Annotated[
        str | None,
        typer.Option("--case", metavar="CLAIM_NO", help="Only this case, in a step that goes case by case."),
    ] = None,
    because: Annotated[
        str | None, typer.Option("--because", help="Why, for those who read it later.")
    ] = None,
    no_wait: NoWait = False,
    as_json: AsJson = False,
) -> None:
    """Have a job done for a shop, and watch it; leaving with Ctrl-C leaves it running."""
    with reading() as session:
        who = person(session, Act.RUN)
        job_kinds.check(name)
        asked: dict[str, Any] = dict(parameters.read(name, given or []))
        code, only = _about(session, name, shop, case)
        asked |= {"role": SYSTEM if job_kinds.is_step(name) else who.role}
        asked |= {} if only is None else {"only": only}
        asked |= {"because": because[:200]} if because else {}
    with writing() as session:
        order = started.order(name, day or clock.today(), code, who.name, asked)
        run_id = started.start(session, order)
    _watched(run_id, no_wait, as_json)


def _about(session: Session, name: str, shop: str | None, case: str | None) -> tuple[str, list[str] | None]:
    if case is None:
        return the_shop(session, shop), None
    code, subjects = night_parts.of_case(session, case, shop_codes(session, shop))
    night_parts.chosen(name, subjects)
    return code, subjects


def follow(run: Number, as_json: AsJson = False) -> None:
    """Watch a run until it has ended; leaving with Ctrl-C leaves it running."""
    with reading() as session:
        waits = started.find(session, run).state in started.OPEN
        if waits and settings().embedded:
            # Whoever watches is the worker then, so he must be one who may run jobs.
            person(session, Act.RUN)
    _watched(run, False, as_json)


def retry(run: Number, no_wait: NoWait = False, as_json: AsJson = False) -> None:
    """Start again only what failed: a run that failed or was cancelled, or the cases that one set aside."""
    with writing() as session:
        who = person(session, Act.RUN)
        row = started.find(session, run)
        role = SYSTEM if job_kinds.is_step(row.job) else who.role
        again = started.retry(session, run, who.name, role)
    _watched(again, no_wait, as_json)


def cancel(run: Number, as_json: AsJson = False) -> None:
    """Cancel a run: what waits at once, what is running at the end of the part it is at."""
    try:
        with writing() as session:
            person(session, Act.RUN)
            state = started.cancel(session, run)
    except OperationalError:
        raise Refusal(
            f"Run {run} is writing at this moment and can't be cut in the middle. To see how it ends: "
            f"huikuan job follow {run}"
        ) from None
    stopping = state is RunState.RUNNING
    said = f"Run {run} stops after the part it is at." if stopping else f"Run {run} is cancelled."
    answer(as_json, {"run": run, "state": state.value, "stopping": stopping}, lambda: say(said))


def _watched(run_id: int, no_wait: bool, as_json: bool) -> None:
    """Watch it to its end, or only wake a worker; then say what stands in its row."""
    if not no_wait:
        left = not job_watch.follow(run_id)
        if left:
            raise typer.Exit(130)
    elif not settings().embedded:
        job_watch.call(run_id)
    with reading() as session:
        document = job_view.whole(session, run_id)
    answer(as_json, document, lambda: say(_said(document)))
    if document["state"] == RunState.FAILED:
        raise Refusal(f"{document['error']} Mend what it names, then: huikuan job retry {run_id}")


def _said(run: dict[str, Any]) -> str:
    what = f"Run {run['run']}: {run['job']} for {run['shop']} on {run['date']}"
    if run["state"] == RunState.PENDING:
        return (
            f"{what} is asked for; a worker does it (huikuan up). To watch: huikuan job follow {run['run']}"
        )
    time = f"waited {run['waited']} s, took {run['took'] or 0} s"
    if run["state"] == RunState.PARTIAL:
        return (
            f"{what}: {run['count']} done, {run['left']} set aside ({time}). Which and why: "
            f"huikuan job failed {run['run']}. Again, only these: huikuan job retry {run['run']}"
        )
    if run["state"] == RunState.SUCCEEDED:
        return f"{what}: {run['count']} done ({time})."
    return f"{what}: {run['state']}. {run['error'] or ''}".rstrip()
