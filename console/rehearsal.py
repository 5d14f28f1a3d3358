"""The dry run: every step in a transaction that is rolled back, and what it would have written and sent."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from console import files, house, rehearsed_ledger, shops
from console.files import Brought, Laying
from console.output import remark, say, table
from console.permits import Act
from console.who import SYSTEM, Person, person
from models.everything import metadata
from models.notice import Notice
from models.source_file import Finding
from models.words import FileKind
from worker import db
from worker.job import Night, Surprise
from worker.registry import find_job
from worker.run import night_of
from worker.seat import Order

_MACHINERY = frozenset({"run", "seat", "staff_session", "alembic_version"})


def night(day: date, shops_meant: list[str]) -> dict[str, Any]:
    """The whole night of some shops, step after step; nothing of it stays."""
    from scheduler.timetable import STEPS

    with rehearsing() as session:
        person(session, Act.RUN)
        steps = [
            _step(session, Order(step.job, day, shop, shop, by=SYSTEM, why="by_hand"), step.title)
            for shop in shops_meant
            for step in STEPS
        ]
        return document_of(session, steps) | {"date": day, "shops": shops_meant}


def step(job: str, title: str, day: date, shop: str) -> dict[str, Any]:
    """One step of a shop; nothing of it stays."""
    return parts(day, [shop], {job: None}, {job: title})


def parts(
    day: date,
    shops_meant: list[str],
    wanted: Mapping[str, Sequence[str] | None],
    titles: Mapping[str, str] | None = None,
) -> dict[str, Any]:
    """Some steps, each for all or for the subjects given; nothing of it stays."""
    from scheduler.timetable import STEPS

    called = titles or {each.job: each.title for each in STEPS}
    with rehearsing() as session:
        person(session, Act.RUN)
        steps = [
            _step(session, _order(job, day, shop, only), called[job])
            for shop in shops_meant
            for job, only in wanted.items()
        ]
        return document_of(session, steps) | {"date": day, "shops": shops_meant}


def _order(job: str, day: date, shop: str, only: Sequence[str] | None) -> Order:
    given = None if only is None else {"only": list(only)}
    return Order(job, day, shop, shop, by=SYSTEM, why="by_hand", parameters=given)


def ledger(
    brought: Brought, code: str, title: str | None, day: date, authorised_by: str | None
) -> dict[str, Any]:
    """One ledger; nothing of it stays, not even the copy of the file."""
    is_new_copy = files.keep(brought)
    try:
        with rehearsing() as session:
            who = person(session, Act.BRING_LEDGER)
            shop, is_new = shops.shop_for(session, code, title)
            laying = Laying(shop.id, FileKind.LEDGER, who.name, authorised_by=authorised_by)
            laid = files.lay(session, brought, laying)
            order = Order("read_ledger", day, code, code)
            steps = [] if laid.read_on else [read_file(session, order, who, file_id=laid.file_id)]
            return document_of(session, steps) | {"date": day, "shops": [code], "shop_is_new": is_new}
    finally:
        if is_new_copy:
            files.take_back(brought)


@contextmanager
def rehearsing() -> Iterator[Session]:
    """A transaction in which everything may be tried; nothing of it stays."""
    house.ready()
    with db.rehearsal() as session:
        session.info["rows before"] = _rows(session)
        yield session


def _rows(session: Session) -> dict[str, int]:
    """How many rows each table of the business has."""
    tables = [table for table in metadata.sorted_tables if table.name not in _MACHINERY]
    return {
        table.name: session.execute(select(func.count()).select_from(table)).scalar_one() for table in tables
    }


def _step(session: Session, order: Order, title: str) -> dict[str, Any]:
    remark(f"{order.shop_code}: {title} ...")
    wanted = find_job(order.job)
    tonight = night_of(session, order, "rehearsal", dry_run=True)
    if wanted.is_sender:
        return _said(tonight, title, 0)
    count = wanted.function(session, tonight)  # type: ignore[call-arg, arg-type] # a sender was told apart before
    session.flush()
    return _said(tonight, title, count)


def read_file(
    session: Session, order: Order, who: Person, title: str = "the ledger", **given: Any
) -> dict[str, Any]:
    """Read a file that was laid, as whoever brings it; `given` is what the job is told of it."""
    given |= {"role": who.role}
    order = Order(order.job, order.date, order.shop_code, order.scope, who.name, "by_hand", given)
    return _step(session, order, title)


def _said(tonight: Night, title: str, count: int) -> dict[str, Any]:
    aside: list[Surprise] = tonight.set_aside
    return {
        "shop": tonight.shop_code,
        "step": title,
        "count": count,
        "notes": dict(tonight.notes),
        "set_aside": [f"{each.subject}: {each.error}" for each in aside],
    }


def document_of(session: Session, steps: list[dict[str, Any]]) -> dict[str, Any]:
    """What these steps would have written and told."""
    before, after = session.info["rows before"], _rows(session)
    new = {name: after[name] - before[name] for name in after if after[name] != before[name]}
    notices = session.execute(
        select(Notice.kind, Notice.recipient, Notice.state)
        .order_by(Notice.id.desc())
        .limit(new.get("notice", 0))
    ).all()
    findings = session.scalars(
        select(Finding.sentence).order_by(Finding.id.desc()).limit(new.get("finding", 0))
    )
    return {
        "dry_run": True,
        "steps": steps,
        "would_write": new,
        "would_send": [
            {"kind": row.kind, "recipient": row.recipient, "state": row.state.value}
            for row in reversed(notices)
        ],
        "findings": list(findings)[::-1],
    }


def tell(document: dict[str, Any]) -> None:
    """What would have come of it, for a person."""
    say(
        f"A dry run for {document['date']}, shop {', '.join(document['shops'])}: nothing was written, "
        "nothing was sent."
    )
    rows = [{"table": name, "rows": f"{change:+d}"} for name, change in document["would_write"].items()]
    table(rows, {"would write to": "table", "rows": "rows"}, "It would write nothing.")
    table(
        document["would_send"],
        {"would tell": "recipient", "what": "kind", "state": "state"},
        "It would tell nobody.",
    )
    rehearsed_ledger.tell(document["steps"])
    columns = {"shop": "shop", "step": "step", "count": "count"}
    table(document["steps"], columns, "It was read before; there is nothing to do.")
    for step in document["steps"]:
        for aside in step["set_aside"]:
            say(f"set aside in {step['step']}: {aside}")
    say(*(f"finding: {sentence}" for sentence in document["findings"]))
