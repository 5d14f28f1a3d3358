"""What was recorded after a month was closed, and the month as it stands now."""

import json
from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime

from sqlalchemy import Select, String, or_, select, type_coerce, union
from sqlalchemy.orm import Session, aliased

from models.case import Case
from models.entry import Entry
from models.event import Event
from tasks.ledgers.changes import Cause


def touched(shop_id: int, since: datetime) -> Select[int]:
    """The repairs about which anything was recorded after a moment."""
    posted = select(Entry.work_order_id.label("id")).where(
        Entry.shop_id == shop_id, Entry.recorded_at > since
    )
    told = (
        select(Case.work_order_id.label("id"))
        .join(Event, or_(Event.case_id == Case.id, Event.work_order_id == Case.work_order_id))
        .where(Event.shop_id == shop_id, Event.recorded_at > since)
    )
    both = union(posted, told).subquery()
    return select(both.c.id)


def causes(session: Session, shop_id: int, since: datetime) -> list[Cause]:
    """Entries, then events, recorded after a moment, each with the claims that show it."""
    claims: dict[int, set[str]] = defaultdict(set)
    by_case: dict[int, str] = {}
    found = session.execute(
        select(Case.id, Case.work_order_id, Case.claim_no).where(
            Case.work_order_id.in_(touched(shop_id, since))
        )
    )
    for ident, order, claim_no in found:
        claims[order].add(claim_no)
        by_case[ident] = claim_no
    return [*_entries(session, shop_id, since, claims), *_events(session, shop_id, since, claims, by_case)]


def _entries(session: Session, shop_id: int, since: datetime, claims: dict[int, set[str]]) -> Iterator[Cause]:
    was = aliased(Entry)
    found = session.execute(
        select(
            Entry.id, type_coerce(Entry.kind, String), was.kind, Entry.amount, Entry.recorded_by,
            Entry.business_date, Entry.work_order_id,
        )
        .outerjoin(was, was.id == Entry.reverses_id)
        .where(Entry.shop_id == shop_id, Entry.recorded_at > since)
        .order_by(Entry.id)
    )  # fmt: skip
    for ident, kind, undone, amount, by, on, order in found:
        yield Cause(f"entry:{ident}", kind, undone, amount, by, on, frozenset(claims[order]))


def _events(
    session: Session, shop_id: int, since: datetime, claims: dict[int, set[str]], by_case: dict[int, str]
) -> Iterator[Cause]:
    found = session.scalars(
        select(Event).where(Event.shop_id == shop_id, Event.recorded_at > since).order_by(Event.id)
    )
    for each in found:
        mine = (
            {by_case[each.case_id]} if each.case_id in by_case else claims.get(each.work_order_id or 0, set())
        )
        if mine:
            said = f"{each.kind} {json.dumps(each.inputs, ensure_ascii=False)}"
            yield Cause(
                f"event:{each.id}", each.kind, None, None, each.by, each.business_date, frozenset(mine), said
            )
