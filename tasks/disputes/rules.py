"""The clocks of a dispute, and what somebody has to do about them (domain 2.1, 2.4). Pure."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from models.calendar import Calendar, Rolled, add_months
from models.words import DeadlineState, DisputeKind, DisputeState, PeriodUnit

REGULATOR = "12378"
REVIEW_REQUEST = "review_request"
_CODES = {
    DisputeKind.REFUSED: ("refusal_reasons",),
    DisputeKind.OBJECTION: ("objection_answer",),
    DisputeKind.COMPLAINT: ("complaint_simple", "complaint_complex", "complaint_extended"),
    DisputeKind.REVIEW: ("review_decision",),
}
_LAST = ("refusal_reasons", "objection_answer", "complaint_extended", "review_decision")
"""The clock after which nothing more is to be waited for."""


@dataclass(frozen=True)
class Rule:
    """A period of law or of the house, valid between two dates."""

    code: str
    length: int
    unit: PeriodUnit
    source: str
    valid_from: date
    valid_to: date | None


@dataclass(frozen=True)
class Matter:
    """A dispute as its clocks see it. `answered_on`: the answer, or the reasons of a refusal, arrived."""

    kind: DisputeKind
    state: DisputeState
    happened_on: date
    institution: str | None
    answered_on: date | None


@dataclass(frozen=True)
class Clock:
    """A day by which something is to be answered, or by which the shop has to act."""

    rule_code: str
    started_on: date
    due_on: date
    state: DeadlineState
    provisional: bool
    source: str


def clocks(matter: Matter, rules: Sequence[Rule], calendar: Calendar, today: date) -> tuple[Clock, ...]:
    """Every clock of a dispute as it stands on `today`: natural days, and only the last one rolls."""
    answered = matter.answered_on if matter.answered_on and matter.answered_on <= today else None
    wanted = [(code, matter.happened_on, answered) for code in _CODES.get(matter.kind, ())]
    if matter.kind is DisputeKind.COMPLAINT and matter.institution == REGULATOR:
        wanted.append(("complaint_passed_on", matter.happened_on, answered))
    if matter.kind is DisputeKind.COMPLAINT and answered:
        # What the shop itself may still do: nobody else ends this clock.
        wanted.append((REVIEW_REQUEST, answered, None))
    return tuple(_clocks(wanted, matter, rules, calendar, today))


def _clocks(
    wanted: Sequence[tuple[str, date, date | None]],
    matter: Matter,
    rules: Sequence[Rule],
    calendar: Calendar,
    today: date,
) -> Iterator[Clock]:
    for code, start, done_on in wanted:
        rule = next((rule for rule in rules if rule.code == code and _is_valid(rule, start)), None)
        if rule:
            due_on, provisional = _due(rule, start, calendar)
            is_done = done_on is not None or matter.state is DisputeState.RESOLVED
            state = _state(due_on, today, is_done=is_done)
            yield Clock(code, start, due_on, state, provisional, rule.source)


def _is_valid(rule: Rule, day: date) -> bool:
    return rule.valid_from <= day and (rule.valid_to is None or day <= rule.valid_to)


def _due(rule: Rule, start: date, calendar: Calendar) -> Rolled:
    if rule.unit is PeriodUnit.WORKDAYS:
        return calendar.add_workdays(start, rule.length)
    if rule.unit is PeriodUnit.MONTHS:
        return calendar.roll(add_months(start, rule.length))
    return calendar.roll(start + timedelta(days=rule.length))


def _state(due_on: date, today: date, *, is_done: bool) -> DeadlineState:
    if is_done:
        return DeadlineState.MET
    return DeadlineState.MISSED if today > due_on else DeadlineState.RUNNING


def to_see_to(found: Sequence[Clock]) -> tuple[Clock, ...]:
    """The clocks that ask a person for something: a last day missed, a 核查 that can be asked for."""
    return tuple(
        clock
        for clock in found
        if (clock.rule_code in _LAST and clock.state is DeadlineState.MISSED)
        or (clock.rule_code == REVIEW_REQUEST and clock.state is DeadlineState.RUNNING)
    )
