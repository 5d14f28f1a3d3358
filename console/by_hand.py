"""Doing a job now, in this process: the same job and the same seat as in the night."""

from datetime import date
from typing import Any

from sqlalchemy import func, select

from console import arrears
from console.who import SYSTEM, Person
from models.run import Seat
from models.values import Refusal
from models.words import RunState
from worker import db
from worker.run import Result, run
from worker.seat import Order


def do(job: str, shop: str, day: date, scope: str, person: Person, **parameters: Any) -> Result:
    """Run a job for a person. `scope` makes it happen once; `fresh` is False where it had been done before.

    A case that the missing night would have changed is brought up to date first. The role goes along with
    the parameters: a job that moves money checks it again.
    """
    if person.name != SYSTEM:
        arrears.bring_up_to_date(shop, parameters)
    order = Order(
        job, day, shop, scope, by=person.name, why="by_hand", parameters={**parameters, "role": person.role}
    )
    result = run(order)
    if result.state is RunState.RUNNING:
        raise Refusal(
            f"{job} is being done by another process at this moment. Run the same command again in a minute."
        )
    return result


def again(job: str, day: date, scope: str) -> str:
    """The scope for doing once more what may be done often: one seat further than those already taken."""
    with db.reading() as session:
        taken = session.execute(
            select(func.count()).where(
                Seat.job == job,
                Seat.business_date == day,
                (Seat.scope == scope) | Seat.scope.startswith(f"{scope}+", autoescape=True),
            )
        ).scalar_one()
    return scope if not taken else f"{scope}+{taken + 1}"


def do_again(job: str, shop: str, day: date, scope: str, person: Person, **parameters: Any) -> Result:
    """Run a job that may be done often: each time under a seat of its own."""
    return do(job, shop, day, again(job, day, scope), person, **parameters)
