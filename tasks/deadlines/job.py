"""The deadlines step of the night."""

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from sqlalchemy import update
from sqlalchemy.orm import Session

from models import event
from models.deadline import Deadline
from models.upsert import put
from models.words import DeadlineState, Resolution
from tasks.deadlines import queries, rules
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
    """Say for every open claim which clocks of the law run, stand still, were met or were missed.

    A night run late, by hand, does not undo what a later night has found.
    """
    legal = [_rule(row) for row in queries.legal_rules(session)]
    calendar = queries.calendar(session)
    changed: list[_Change] = []
    for row, clocks in night.decide(
        queries.open_claims(session, night.shop_id, night.date),
        lambda row: rules.clocks(_claim(row), legal, calendar, night.date),
        lambda row: f"case:{row.case_id}",
    ):
        if all(clock.computed_on <= night.date for clock in row.deadlines):
            changed += _changes(row, clocks)
        night.note(**Counter(f"clocks_{clock.state}" for clock in clocks))
    common = {"shop_id": night.shop_id, "computed_on": night.date}
    put(session, Deadline, [change.values | common for change in changed], _KEYS)
    event.record(session, [_missed(change.values) for change in changed if _is_breach(change)], **night.trail)
    return len(changed) + _end(session, night, queries.clocks_of_closed_cases(session, night.shop_id))


def _rule(row: Any) -> rules.LegalRule:
    return rules.LegalRule(
        row.code, row.compulsory, row.length, row.unit, row.trigger, row.source, row.valid_from, row.valid_to
    )


def _claim(row: queries.ClaimRow) -> rules.Claim:
    lines = [
        rules.Line(line.cover, line.expected, line.received, line.resolution in _SETTLED)
        for line in row.lines
    ]
    return rules.Claim(
        is_agency_claim=row.is_agency_claim,
        closed=False,
        facts=row.facts,
        rounds=tuple(Round(*each) for each in row.rounds),
        covers=rules.money_by_cover(lines),
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


def _end(session: Session, night: Night, ids: list[int]) -> int:
    """A closed case asks for nothing any more."""
    session.execute(
        update(Deadline).where(Deadline.id.in_(ids)).values(state=DeadlineState.MET, computed_on=night.date)
    )
    return len(ids)
