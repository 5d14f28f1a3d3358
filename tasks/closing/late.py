"""Money that comes after closing (domain 6.4 no. 11): which closed cases it opens again."""

from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, func, literal, or_, select, true
from sqlalchemy.orm import Session

from models.bank import BankLine
from models.case import Case
from models.entry import Entry
from models.event import Event
from models.insurer import Insurer, InsurerAlias
from models.words import EntryKind, Outcome, Stage
from models.work_order import WorkOrder
from worker.job import Night

Because = dict[int, dict[str, Any]]
"""Why a case is opened again, by its id: the inputs of the event."""

_OUT = (
    EntryKind.REFUND_RESERVED, EntryKind.REFUND_RELEASED, EntryKind.REFUND_PAID, EntryKind.REFUND_OFFSET,
)  # fmt: skip
"""A refund kept as owed at closing may be paid later: that opens nothing again."""


def moved_since(session: Session, night: Night) -> Because:
    """Closed cases of repairs whose money changed, with the first entry after the closing.

    Only repairs that wait to be settled again are looked at. A closing that a ledger told of has no last
    entry: there, what the same or another ledger tells of the time before is no late money.
    """
    rows = session.execute(
        select(Case.id, Case.work_order_id, Case.closed_date)
        .join(WorkOrder, WorkOrder.id == Case.work_order_id)
        .where(Case.shop_id == night.shop_id, Case.stage == Stage.CLOSED, WorkOrder.settle_on <= night.date)
        .order_by(Case.id)
    ).all()
    found: Because = {}
    for row in rows:
        last = _last_entry(session, row.id)
        newer = Entry.id > last if last is not None else _brought_later(row.closed_date)
        entry = session.execute(
            select(Entry.id, Entry.kind, Entry.amount, Entry.value_date)
            .where(Entry.work_order_id == row.work_order_id, Entry.kind.not_in(_OUT), newer)
            .order_by(Entry.id)
        ).first()
        if entry:
            found[row.id] = {"because": "money moved after the closing", "entry": entry.id,
                             "kind": entry.kind.value, "amount": entry.amount}  # fmt: skip
    return found


def _brought_later(closed: date | None) -> ColumnElement[bool]:
    """Money that no ledger brought, of a later day; of any day where nobody said when the case was closed."""
    day = func.coalesce(Entry.value_date, Entry.business_date)
    after = day > closed if closed is not None else true()
    return and_(Entry.occasion.not_like("%file:%"), after)


def _last_entry(session: Session, case_id: int) -> int | None:
    """The newest entry at the newest closing here; None for a closing that a ledger told of."""
    events = session.execute(
        select(Event.kind, Event.inputs)
        .where(Event.case_id == case_id, Event.kind.in_(("case_closed", "case_reopened")))
        .order_by(Event.id.desc())
    ).first()
    if events is None or events.kind != "case_closed" or not isinstance(events.inputs, dict):
        return None
    return int(events.inputs["last_entry"])


def named_by_lines(session: Session, night: Night) -> Because:
    """Closed cases that a bank line of their insurer names and that was booked after the closing."""
    rows = session.execute(
        select(BankLine.id, BankLine.booked_on, BankLine.amount, BankLine.payer, BankLine.detail)
        .where(
            BankLine.shop_id == night.shop_id,
            BankLine.outcome == Outcome.UNMATCHED,
            BankLine.reason.in_(("case_closed", "unknown_key")),
            BankLine.booked_on <= night.date,
            BankLine.amount > 0,
        )
        .order_by(BankLine.id)
    )
    found: Because = {}
    for line in rows.all():
        for case_id in _named(session, night, line):
            found[case_id] = {"because": "a bank line named it after the closing", "bank_line": line.id,
                              "amount": line.amount, "booked_on": line.booked_on.isoformat()}  # fmt: skip
    return found


def _named(session: Session, night: Night, line: Any) -> list[int]:
    """The one closed case that the line names, if its payer is the case's insurer.

    By its claim number where matching knew it; closed cases are not known there by their report numbers.
    """
    said = line.detail if isinstance(line.detail, dict) else {}
    names, keys = said.get("candidates", []), said.get("keys", [])
    if len(names) + len(keys) != 1:
        return []
    payer = exists().where(
        InsurerAlias.group_id == Insurer.group_id, literal(line.payer).contains(InsurerAlias.alias)
    )
    found = list(
        session.scalars(
            select(Case.id)
            .join(Insurer, Insurer.id == Case.insurer_id)
            .where(
                Case.shop_id == night.shop_id,
                Case.claim_no.in_(names) if names else Case.report_no.in_(keys),
                Case.stage == Stage.CLOSED,
                or_(Case.closed_date.is_(None), Case.closed_date < line.booked_on),
                payer,
            )
        )
    )
    return found if len(found) == 1 else []
