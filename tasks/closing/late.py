"""Money that comes after closing (domain 6.4 no. 11): which closed cases it opens again."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, and_, func, or_, select, true
from sqlalchemy.orm import Session

from models import bulk
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


class _Closed(NamedTuple):
    id: int
    closed_on: date | None
    payers: tuple[str, ...]
    """The names under which its insurer pays."""


def named_by_lines(session: Session, night: Night) -> Because:
    """Closed cases that a bank line of their insurer names and that was booked after the closing."""
    lines = [(line, name) for line in _unmatched(session, night) if (name := _name(line))]
    closed = _closed(session, night, {name for _, name in lines})
    found: Because = {}
    for line, name in lines:
        surely = [case.id for case in closed.get(name, ()) if _is_late_money(line, case)]
        if len(surely) == 1:
            found[surely[0]] = {"because": "a bank line named it after the closing", "bank_line": line.id,
                                "amount": line.amount, "booked_on": line.booked_on.isoformat()}  # fmt: skip
    return found


def _unmatched(session: Session, night: Night) -> Sequence[Any]:
    return session.execute(
        select(BankLine.id, BankLine.booked_on, BankLine.amount, BankLine.payer, BankLine.detail)
        .where(
            BankLine.shop_id == night.shop_id,
            BankLine.outcome == Outcome.UNMATCHED,
            BankLine.reason.in_(("case_closed", "unknown_key")),
            BankLine.booked_on <= night.date,
            BankLine.amount > 0,
        )
        .order_by(BankLine.id)
    ).all()


def _name(line: Any) -> str | None:
    """The one name that the line says; None where it says several or none.

    A claim number where matching knew it; closed cases are not known there by their report numbers.
    """
    said = line.detail if isinstance(line.detail, dict) else {}
    names = [*said.get("candidates", []), *said.get("keys", [])]
    return str(names[0]) if len(names) == 1 else None


def _closed(session: Session, night: Night, names: Collection[str]) -> Mapping[str, list[_Closed]]:
    """The closed cases with these claim or report numbers, each with the names of its insurer group."""
    aliases: defaultdict[int, list[str]] = defaultdict(list)
    for group, alias in session.execute(select(InsurerAlias.group_id, InsurerAlias.alias)):
        aliases[group].append(alias)
    rows = session.execute(
        select(Case.id, Case.claim_no, Case.report_no, Case.closed_date, Insurer.group_id)
        .join(Insurer, Insurer.id == Case.insurer_id)
        .where(
            Case.shop_id == night.shop_id,
            Case.stage == Stage.CLOSED,
            or_(bulk.among(session, Case.claim_no, names), bulk.among(session, Case.report_no, names)),
        )
        .order_by(Case.id)
    )
    found: defaultdict[str, list[_Closed]] = defaultdict(list)
    for row in rows:
        closed = _Closed(row.id, row.closed_date, tuple(aliases[row.group_id]))
        for name in {row.claim_no, row.report_no} & set(names):
            found[name].append(closed)
    return found


def _is_late_money(line: Any, case: _Closed) -> bool:
    is_later = case.closed_on is None or case.closed_on < line.booked_on
    return is_later and any(alias in line.payer for alias in case.payers)
