"""The clocks of an open claim (domain 2.1 and 2.2). Pure: the numbers of the law are rows passed in."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import NamedTuple

from models.calendar import Calendar, add_months
from models.words import Cover, DeadlineState, PeriodUnit, RuleCover
from tasks.deadlines.stops import Round, Stop, known_on, stop

_COVERS = {
    RuleCover.ANY: frozenset(Cover),
    RuleCover.COMPULSORY: frozenset({Cover.COMPULSORY}),
    # A sum that is not split by cover is held to the longer clocks, those of commercial cover.
    RuleCover.COMMERCIAL: frozenset(Cover) - {Cover.COMPULSORY},
    RuleCover.OWN_DAMAGE: frozenset({Cover.OWN_DAMAGE, Cover.UNSPLIT}),
    RuleCover.LIABILITY: frozenset({Cover.THIRD_PARTY}),
}
LIMITATIONS = ("limitation", "limitation_liability", "compulsory_limitation")


@dataclass(frozen=True)
class LegalRule:
    """A period of law: `length` natural days or months from the fact `trigger`, valid between two dates."""

    code: str
    cover: RuleCover
    length: int
    unit: PeriodUnit
    trigger: str
    source: str
    valid_from: date
    valid_to: date | None


@dataclass(frozen=True)
class Line:
    """An expected line and what has come on it, in fen; settled = its difference has a result."""

    cover: Cover
    expected: int
    received: int
    settled: bool


@dataclass(frozen=True)
class CoverMoney:
    """What a cover still has to pay, in fen, and whether anything has come on it."""

    cover: Cover
    open_amount: int
    has_payout: bool


@dataclass(frozen=True)
class Claim:
    """What the clocks of one case rest on. `facts` holds its dates by field name (domain 1)."""

    is_agency_claim: bool
    closed: bool
    facts: Mapping[str, date | None]
    rounds: tuple[Round, ...]
    covers: tuple[CoverMoney, ...]
    interruptions: tuple[date, ...] = ()
    """Days on which the limitation began anew, each with its proof."""


@dataclass(frozen=True)
class Deadline:
    """One clock, and the fen at stake. Of a stopped one, `due_on` is the earliest day it can still become."""

    rule_code: str
    cover: Cover
    started_on: date
    raw_due_on: date
    due_on: date
    open_amount: int
    state: DeadlineState
    stopped_days: int
    estimate: bool
    provisional: bool
    source: str


class _Span(NamedTuple):
    """A clock before the calendar: from the day of its trigger to its raw last day."""

    started_on: date
    raw_due_on: date
    stop: Stop
    estimate: bool
    restarted: bool = False


def money_by_cover(lines: Iterable[Line]) -> tuple[CoverMoney, ...]:
    """What each cover still owes: too much on one line never makes up for too little on another."""
    owed: dict[Cover, int] = {}
    paid = set()
    for line in lines:
        owed[line.cover] = owed.get(line.cover, 0) + (
            0 if line.settled else max(0, line.expected - line.received)
        )
        if line.received > 0:
            paid.add(line.cover)
    return tuple(CoverMoney(cover, amount, cover in paid) for cover, amount in owed.items())


def clocks(claim: Claim, legal: Sequence[LegalRule], calendar: Calendar, today: date) -> tuple[Deadline, ...]:
    """Every clock of the claim as it stands on `today`; none for 不代索赔, closed and fully paid ones.

    A payment from before the agreement was recorded, and a limitation from before the accident date was,
    are estimates: shown, and never cited as a breach (domain 0.6), like one stopped for an unknown time.
    """
    if not claim.is_agency_claim or claim.closed:
        return ()
    open_covers = [money for money in claim.covers if money.open_amount > 0]
    return tuple(_clocks(open_covers, _as_known_on(claim, today), legal, calendar, today))


def _clocks(
    covers: list[CoverMoney], claim: Claim, legal: Sequence[LegalRule], calendar: Calendar, today: date
) -> Iterator[Deadline]:
    for money in covers:
        rules = [rule for rule in legal if money.cover in _COVERS[rule.cover]]
        for rule in rules:
            if span := _span(rule, claim, rules):
                due_on, provisional = calendar.roll(span.raw_due_on)
                is_done = _is_done(rule, money, claim, due_on, today)
                yield Deadline(
                    rule.code, money.cover, span.started_on, span.raw_due_on, due_on, money.open_amount,
                    _state(span, due_on, today, is_done=is_done), span.stop.days, span.estimate, provisional,
                    rule.source,
                )  # fmt: skip


def _as_known_on(claim: Claim, today: date) -> Claim:
    """The claim without what happened after `today`: a night covers facts dated up to it (design 4)."""
    facts = {name: day for name, day in claim.facts.items() if day and day <= today}
    begun_anew = tuple(day for day in claim.interruptions if day <= today)
    return replace(claim, facts=facts, rounds=known_on(claim.rounds, today), interruptions=begun_anew)


def _is_valid(rule: LegalRule, day: date) -> bool:
    return rule.valid_from <= day and (rule.valid_to is None or day <= rule.valid_to)


def _span(rule: LegalRule, claim: Claim, rules: Sequence[LegalRule]) -> _Span | None:
    if rule.code in LIMITATIONS and (anew := max(claim.interruptions, default=None)):
        # From the day a demand reached the insurer the period runs in full again (民法典 195), and that day
        # is proven, whether or not the day of the accident is.
        return _Span(anew, add_months(anew, rule.length), Stop(), estimate=False, restarted=True)
    start = claim.facts.get(rule.trigger)
    if start is None:
        return _estimated_span(rule, claim, rules)
    if not _is_valid(rule, start):
        return None
    if rule.unit is PeriodUnit.MONTHS:
        return _Span(start, add_months(start, rule.length), Stop(), estimate=False)
    raw = start + timedelta(days=rule.length)
    # Only waiting for a complete file stops a clock (保险法解释二 15): an agreed sum has nothing to wait for.
    stops = rule.trigger == "insurer_accepted_date" and _duty(rule) != "documents"
    waited = stop(start, raw, claim.rounds) if stops else Stop()
    return _Span(start, raw + timedelta(days=waited.days), waited, waited.estimate)


def _estimated_span(rule: LegalRule, claim: Claim, rules: Sequence[LegalRule]) -> _Span | None:
    if rule.unit is PeriodUnit.MONTHS:
        # The insured knew of the accident, at the latest, on the day the car came to the shop.
        known = claim.facts.get("dispatch_date")
        if known is None or not _is_valid(rule, known):
            return None
        return _Span(known, add_months(known, rule.length), Stop(), estimate=True)
    if _duty(rule) != "payment":
        return None
    decisions = (_span(each, claim, ()) for each in rules if _duty(each) == "decision")
    before = next(filter(None, decisions), None)
    if before is None or not _is_valid(rule, before.raw_due_on):
        return None
    last = before.raw_due_on + timedelta(days=rule.length)
    return _Span(before.raw_due_on, last, before.stop, estimate=True)


def _duty(rule: LegalRule) -> str:
    return rule.code.removeprefix("compulsory_")


def _state(span: _Span, due_on: date, today: date, *, is_done: bool) -> DeadlineState:
    if is_done:
        return DeadlineState.MET
    if span.stop.open:
        return DeadlineState.STOPPED
    if today > due_on:
        return DeadlineState.MISSED
    return DeadlineState.RESTARTED if span.restarted or span.stop.days else DeadlineState.RUNNING


def _is_done(rule: LegalRule, money: CoverMoney, claim: Claim, due_on: date, today: date) -> bool:
    """Whether the duty is fulfilled, late or not. A sum that came shows that it had been decided on."""
    duty = _duty(rule)
    if duty in ("decision", "advance_payment"):
        # What is agreed is determined: nothing is left to pay in advance of it.
        return money.has_payout or bool(claim.facts.get("settlement_agreed_on"))
    if duty == "documents":
        # A list of missing papers after the day is late; a file kept without one was taken as complete.
        asked = min((each.returned_on for each in claim.rounds if each.returned_on), default=None)
        return asked <= due_on if asked else today > due_on
    return False
