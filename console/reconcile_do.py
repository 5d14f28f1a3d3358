"""Doing a job of reconciliation for a person, or rehearsing it: the dry run writes nothing."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select

from console import by_hand
from console.house import reading, ready
from console.permits import Act
from console.who import Person, person
from models.bank import BankLine
from models.shop import Shop
from models.values import Refusal
from worker import db
from worker.registry import find_job
from worker.run import night_of
from worker.seat import Order


@dataclass(frozen=True)
class Task:
    """A job for a shop on a business date; `key` tells acts of one day apart."""

    job: str
    shop: str
    day: date
    key: str
    who: Person


def do(task: Task, *, dry_run: bool, **parameters: Any) -> dict[str, Any]:
    """Do it, or rehearse it; returns its count and notes."""
    if dry_run:
        return _rehearse(task, parameters)
    scope = by_hand.again(task.job, task.day, task.key)
    done = by_hand.do(task.job, task.shop, task.day, scope, task.who, **parameters)
    return {"dry_run": False, "count": done.count, "notes": dict(done.notes or {})}


def _rehearse(task: Task, parameters: dict[str, Any]) -> dict[str, Any]:
    given = {**parameters, "role": task.who.role}
    order = Order(task.job, task.day, task.shop, task.key, task.who.name, "by_hand", given)
    ready()
    with db.rehearsal() as session:
        night = night_of(session, order, "rehearsal", dry_run=True)
        count = find_job(task.job).function(session, night)  # type: ignore[call-arg, arg-type] # none is a sender
    return {"dry_run": True, "count": count, "notes": dict(night.notes)}


def whose(line: int, act: Act = Act.MATCH) -> tuple[str, Person]:
    """The shop of a bank line, and who asks. Raises Refusal."""
    with reading() as session:
        who = person(session, act)
        shop = session.execute(
            select(Shop.code).join(BankLine, BankLine.shop_id == Shop.id).where(BankLine.id == line)
        ).scalar_one_or_none()
    if shop is None:
        raise Refusal(f"There is no bank line {line}. See: huikuan reconcile report")
    return shop, who


def would(document: dict[str, Any]) -> str:
    """How a sentence about it begins."""
    return "Nothing was written; it would say: " if document["dry_run"] else ""
