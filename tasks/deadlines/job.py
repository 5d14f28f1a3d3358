"""The deadlines step of the night."""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import insert
from sqlalchemy.orm import Session

from models import errand, event
from models.business_day import load_calendar
from models.case_change import CaseChange
from models.deadline import Deadline
from models.upsert import put
from models.words import DeadlineState, Resolution
from notifications import errands
from tasks.deadlines import queries, rules, watching
from tasks.deadlines.stops import Round
from worker.job import Night, job

_KEYS = ("case_id", "rule_code", "cover", "round_no")
_COMPARED = ("started_on", "due_on", "state", "stopped_days", "estimate", "provisional", "source", "inputs")
_SETTLED = (Resolution.CUSTOMER_TOPUP, Resolution.SHOP_ABSORB, Resolution.ROUNDING)

_Values = dict[str, Any]


class _Change(NamedTuple):
    """A clock to write, and the state it was in, if it stood there before."""

    values: _Values
    before: DeadlineState | None


@job
def compute_deadlines(session: Session, night: Night) -> int:
    """Say of every claim that changed or ran out which clocks run, stand still, were met or missed.

    Claims of which nothing changed are not touched. A night run late, by hand, does not undo what a later
    night has found.
    """
    legal = [_rule(row) for row in queries.legal_rules(session)]
    calendar = load_calendar(session)
    changed: list[_Change] = []
    case_ids = queries.take_changed_cases(session, night.shop_id, night.date)
    again: dict[int, date | None] = dict.fromkeys(case_ids)
    for row, clocks in night.decide(
        queries.claims(session, case_ids, night.date),
        lambda row: rules.clocks(_claim(row), legal, calendar, night.date),
        lambda row: f"case:{row.case_id}",
    ):
        if all(clock.computed_on <= night.date for clock in row.deadlines):
            changed += _changes(row, clocks)
            again[row.case_id] = min((day for day in row.days if day > night.date), default=date.max)
    common = {"shop_id": night.shop_id, "computed_on": night.date}
    put(session, Deadline, [change.values | common for change in changed], _KEYS)
    event.record(session, [_missed(change.values) for change in changed if _is_breach(change)], **night.trail)
    _look_again(session, night, again)
    session.flush()
    states = queries.clocks_by_state(session, night.shop_id)
    night.note(cases=len(case_ids), **{f"clocks_{state}": count for state, count in states.items()})
    return len(changed)


@job
def watch_limitation(session: Session, night: Night) -> int:
    """Give the manager an errand for every claim whose limitation comes near: 18, 21, 23 months and after."""
    given = errand.give(session, list(watching.limitation_errands(session, night)))
    errands.tell(session, night, given)
    return len(given)


@job
def check_calendar(session: Session, night: Night) -> int:
    """Warn from 1 October, and as an error from 15 December, when next year's holiday notice is missing."""
    return watching.warn_of_calendar(session, night)


def _look_again(session: Session, night: Night, again: dict[int, date | None]) -> None:
    """Note what lies in the future; and, at once, what could not be dealt with tonight."""
    notes = [
        {"shop_id": night.shop_id, "case_id": case_id, "look_on": day}
        for case_id, day in again.items()
        if day != date.max
    ]
    if notes:
        session.execute(insert(CaseChange), notes)


def _rule(row: Any) -> rules.LegalRule:
    return rules.LegalRule(
        row.code, row.cover, row.length, row.unit, row.trigger, row.source, row.valid_from, row.valid_to
    )


def _claim(row: queries.ClaimRow) -> rules.Claim:
    lines = [
        rules.Line(line.cover, line.expected, line.received, line.resolution in _SETTLED)
        for line in row.lines
    ]
    return rules.Claim(
        is_agency_claim=row.is_agency_claim,
        closed=row.closed,
        facts=row.facts,
        rounds=tuple(Round(*each) for each in row.rounds),
        covers=rules.money_by_cover(lines),
        interruptions=row.interruptions,
    )


def _changes(row: queries.ClaimRow, clocks: Sequence[rules.Deadline]) -> Iterator[_Change]:
    """The clocks of a case that are not written down as they are now; one no longer asked for is met."""
    now = {(clock.rule_code, clock.cover): _values(clock) for clock in clocks}
    was = {
        (old.rule_code, old.cover): {name: getattr(old, name) for name in _COMPARED} for old in row.deadlines
    }
    for key in [*now, *(gone for gone in was if gone not in now)]:
        values = now.get(key) or was[key] | {"state": DeadlineState.MET}
        if values != was.get(key):
            keys = dict(zip(_KEYS, (row.case_id, *key, 0), strict=True))
            yield _Change(keys | values, was[key]["state"] if key in was else None)


def _values(clock: rules.Deadline) -> _Values:
    inputs = {"raw_due_on": str(clock.raw_due_on), "open_amount": clock.open_amount}
    return {name: getattr(clock, name, inputs) for name in _COMPARED}


def _is_breach(change: _Change) -> bool:
    """A duty was missed tonight, and for certain: on an estimate nobody is accused (domain 0.6)."""
    is_missed = change.values["state"] is DeadlineState.MISSED and not change.values["estimate"]
    return is_missed and change.before is not DeadlineState.MISSED


def _missed(values: _Values) -> event.Happening:
    shown = ("cover", "started_on", "due_on", "stopped_days", "provisional", "source")
    inputs = {name: values[name] if isinstance(values[name], int) else str(values[name]) for name in shown}
    return event.Happening(
        "deadline_missed", inputs | values["inputs"], case_id=values["case_id"], rule=values["rule_code"]
    )
