"""Parts of a night: one step, one case, or only what failed."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from console import case_view, night_view
from console.house import reading, writing
from console.night_watch import Asked, watch
from console.output import say, table
from console.permits import Act
from console.who import person
from models.case import Case, ExpectedLine
from models.refund import Refund
from models.run import Run, SetAside
from models.shop import Shop
from models.values import Refusal
from models.words import RunState
from scheduler.timetable import STEPS

Parts = Mapping[str, Sequence[str] | None]


def chosen(step: str | None, subjects: Sequence[str] | None) -> Parts:
    """The parts that a step, a case or both make. Raises Refusal for a step that can't be done so."""
    known = [each.job for each in STEPS]
    by_case = [each.job for each in STEPS if each.by_case]
    if step is not None and step not in known:
        raise Refusal(f"{step} is no step of the night, which are {', '.join(known)}. See: huikuan job kinds")
    if subjects is not None and step is not None and step not in by_case:
        raise Refusal(
            f"{step} is not done case by case; these are: {', '.join(by_case)}. Leave out --case, or --step."
        )
    return dict.fromkeys([step] if step else by_case, subjects)


def of_case(session: Session, claim_no: str, shops: list[str]) -> tuple[str, list[str]]:
    """The shop of a case and the subjects under which the steps of a night know it. Raises Refusal."""
    case = case_view.find(session, claim_no, shops)
    return session.get_one(Shop, case.shop_id).code, subjects(session, case)


def subjects(session: Session, case: Case) -> list[str]:
    """The names under which the steps of a night know a case and its repair."""
    lines = session.scalars(
        select(ExpectedLine.id).where(ExpectedLine.case_id == case.id).order_by(ExpectedLine.id)
    )
    refunds = session.scalars(
        select(Refund.id).where(Refund.work_order_id == case.work_order_id).order_by(Refund.id)
    )
    order = case.work_order_id
    return [
        f"case:{case.id}", f"work_order:{order}", f"position:{order}",
        *(f"expected_line:{each}" for each in lines), *(f"refund:{each}" for each in refunds),
    ]  # fmt: skip


def set_aside(session: Session, shop: str, day: date) -> Parts:
    """What the steps of a shop's nights up to `day` could not decide."""
    rows = session.execute(
        select(SetAside.step, SetAside.subject)
        .join(Shop, Shop.id == SetAside.shop_id)
        .where(Shop.code == shop, SetAside.first_on <= day)
        .order_by(SetAside.step, SetAside.subject)
    )
    found: dict[str, list[str]] = {}
    for row in rows:
        found.setdefault(row.step, []).append(row.subject)
    return {step.job: found[step.job] for step in STEPS if step.job in found}


def do(day: date, wanted: Mapping[str, Parts]) -> list[dict[str, Any]]:
    """Do these parts of a night, by shop, watched to their end; what each step came to."""
    from scheduler.nightly import request_parts

    with writing() as session:
        who = person(session, Act.RUN)
        asked = [
            Asked(shop, request_parts(session, day, shop, parts, by=who.name), True, 0)
            for shop, parts in wanted.items()
        ]
    watch(asked)
    with reading() as session:
        return [step for each in asked for step in _came_to(session, each)]


def _came_to(session: Session, asked: Asked) -> Iterable[dict[str, Any]]:
    run = session.get_one(Run, asked.run_id)
    if run.state is RunState.FAILED:
        raise Refusal(
            f"It stopped for {asked.shop} at {night_view.as_shown(run)['step']}: {run.error} What was done "
            "before it stays done. See: huikuan night status"
        )
    found = night_view.step_results(session, run.business_date, run.scope)
    for step in STEPS:
        if step.job in found:
            aside = session.scalars(
                select(SetAside.error)
                .join(Shop, Shop.id == SetAside.shop_id)
                .where(SetAside.step == step.job, Shop.code == asked.shop)
                .order_by(SetAside.id)
            )
            yield {
                "shop": asked.shop, "step": step.job, "title": step.title,
                "count": found[step.job].get("count", 0), "set_aside": list(aside),
            }  # fmt: skip


def tell(day: date, steps: Sequence[Mapping[str, Any]]) -> None:
    """The same for a person."""
    say(f"Parts of the night of {day}:")
    table(steps, {"shop": "shop", "step": "title", "done": "count"}, "  nothing")
    say(*(f"set aside in {step['title']}: {error}" for step in steps for error in step["set_aside"]))
