"""The ladder of domain 2.6: the step an open case takes tonight, or the reason why it takes none. Pure."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import NamedTuple

from models.words import ChaseReason, Cover, DeadlineState

VERSION = "ladder-1"
RECEIPT, PROGRESS, REMINDER, LETTER_1, ADVANCE, LETTER_2, FINAL, COMPLAINT = range(8)


@dataclass(frozen=True)
class Ladder:
    """When each step comes, in natural days: the defaults of domain 2.6, each a setting `chasing.<name>`."""

    receipt_after: int = 2
    compulsory_receipt_after: int = 1
    progress_after: int = 15
    remind_before: int = 3
    letter_after_letter: int = 7
    days_between: int = 3
    """No two steps of a cover nearer than this: a case that comes in late is not flooded."""
    compulsory_days_between: int = 1
    tolerance: int = 5
    """Fen; less than this is a rounding difference (domain 1.7)."""


@dataclass(frozen=True)
class Clock:
    """A deadline of a cover by its duty: decision, payment, advance_payment."""

    cover: Cover
    duty: str
    due_on: date
    state: DeadlineState
    estimate: bool
    source: str


@dataclass(frozen=True)
class Taken:
    cover: Cover
    step: int
    round_no: int
    taken_on: date


@dataclass(frozen=True)
class OpenCase:
    """What the ladder needs of a case; `open` is the fen still to come by cover, `expected` the whole sum."""

    is_agency_claim: bool
    has_insurer: bool
    authorised: bool
    authorisation_valid_to: date | None
    file_handover_date: date | None
    insurer_accepted_date: date | None
    expected: int
    open: Mapping[Cover, int]
    disputed: bool
    is_returned: bool
    round_no: int
    resubmitted_on: date | None
    clocks: tuple[Clock, ...]
    taken: tuple[Taken, ...]


@dataclass(frozen=True)
class Step:
    """A step to take. `clock` is the deadline it stands on, if any; `due_on` the day it was to be taken."""

    due_on: date
    step: int
    cover: Cover
    clock: Clock | None


@dataclass(frozen=True)
class Decision:
    """Either a step to take or a reason for none; neither when tonight's step was taken already."""

    step: Step | None
    reason: ChaseReason | None
    look_again_on: date | None
    """None: not before a fact changes."""


class _Rung(NamedTuple):
    step: int
    due_on: date
    clock: Clock | None


def chase(case: OpenCase, ladder: Ladder, today: date) -> Decision:
    """Decide one case: at most one step a night, none twice in a round, none left out (domain 2.3, 2.6).

    What rests on an estimated clock goes no further than the reminder (design 5).
    """
    if reason := _standing(case, ladder, today):
        return Decision(None, reason, None)
    due = sorted(_next_steps(case, ladder), key=lambda step: (step.due_on, step.step, step.cover))
    letters = [step for step in due if step.step < COMPLAINT]
    if any(each.taken_on >= today for each in case.taken):
        return Decision(None, None, _look_again(case, letters, today) or _tomorrow(today))
    if letters and letters[0].due_on <= today:
        taken = Taken(letters[0].cover, letters[0].step, case.round_no, today)
        after = chase(replace(case, taken=(*case.taken, taken)), ladder, today)
        return Decision(letters[0], None, after.look_again_on)
    if any(step.step == COMPLAINT and step.due_on <= today for step in due):
        return Decision(None, ChaseReason.FINAL_EXPIRED, _look_again(case, letters, today))
    reason = ChaseReason.NOT_DUE if due else ChaseReason.ESTIMATE_ONLY
    return Decision(None, reason, _look_again(case, due, today))


def _standing(case: OpenCase, ladder: Ladder, today: date) -> ChaseReason | None:
    """The first fact that forbids chasing at all."""
    accepted, valid_to = case.insurer_accepted_date, case.authorisation_valid_to
    facts = {
        ChaseReason.NOT_AGENCY: not case.is_agency_claim,
        ChaseReason.NOTHING_EXPECTED: case.expected <= 0,
        ChaseReason.PAID: all(amount <= ladder.tolerance for amount in case.open.values()),
        ChaseReason.DISPUTED: case.disputed,
        ChaseReason.RETURNED_TO_SHOP: case.is_returned,
        ChaseReason.NOT_HANDED_OVER: accepted is None and case.file_handover_date is None,
        ChaseReason.NOT_ACCEPTED: accepted is None or accepted > today,
        ChaseReason.NO_INSURER: not case.has_insurer,
        ChaseReason.NO_AUTHORISATION: not case.authorised,
        ChaseReason.AUTHORISATION_EXPIRED: valid_to is not None and valid_to < today,
    }
    return next((reason for reason, holds in facts.items() if holds), None)


def _look_again(case: OpenCase, steps: list[Step], today: date) -> date | None:
    """The next day on which something is due, or on which the authorisation ends."""
    if not steps:
        return None
    day = max(min(step.due_on for step in steps), _tomorrow(today))
    ends = case.authorisation_valid_to
    return min(day, _tomorrow(ends)) if ends else day


def _tomorrow(day: date) -> date:
    return day + timedelta(days=1)


def _next_steps(case: OpenCase, ladder: Ladder) -> Iterator[Step]:
    """For every cover that owes: the first rung not taken, not too soon after the last; and the end."""
    for cover, amount in case.open.items():
        mine = [each for each in case.taken if each.cover is cover and each.round_no == case.round_no]
        taken = {each.step: each.taken_on for each in mine}
        gap = ladder.compulsory_days_between if cover is Cover.COMPULSORY else ladder.days_between
        rested_on = max(taken.values()) + timedelta(days=gap) if taken else date.min
        rungs = [rung for rung in _rungs(case, cover, taken, ladder) if rung.step not in taken]
        next_one = min((rung.due_on for rung in rungs if rung.step < COMPLAINT), default=None)
        for rung in rungs if amount > ladder.tolerance else ():
            if rung.step == COMPLAINT or rung.due_on == next_one:
                yield Step(max(rung.due_on, rested_on), rung.step, cover, rung.clock)


def _rungs(case: OpenCase, cover: Cover, taken: Mapping[int, date], ladder: Ladder) -> Iterator[_Rung]:
    clocks = {clock.duty: clock for clock in case.clocks if clock.cover is cover}
    decision, payment = clocks.get("decision"), clocks.get("payment")
    is_decided = decision is not None and decision.state is DeadlineState.MET
    target = payment if is_decided else decision
    if not (is_decided and target and not target.estimate):
        yield from _messages(case, cover, target, ladder)
    if target and not target.estimate:
        yield from _letters(target, clocks.get("advance_payment"), taken, ladder)


def _messages(case: OpenCase, cover: Cover, target: Clock | None, ladder: Ladder) -> Iterator[_Rung]:
    """Steps 0 to 2. A message that would come after a sharper one is left out: 交强 has no progress query."""
    since = case.resubmitted_on or case.insurer_accepted_date
    if since is None:
        return
    is_compulsory = cover is Cover.COMPULSORY
    receipt = ladder.compulsory_receipt_after if is_compulsory else ladder.receipt_after
    reminder = target.due_on - timedelta(days=ladder.remind_before) if target else date.max
    for step, days in ((RECEIPT, receipt), (PROGRESS, ladder.progress_after)):
        if (day := since + timedelta(days=days)) < reminder:
            yield _Rung(step, day, target)
    if target:
        yield _Rung(REMINDER, reminder, target)


def _letters(
    target: Clock, advance: Clock | None, taken: Mapping[int, date], ladder: Ladder
) -> Iterator[_Rung]:
    """Steps 3 to 7, each after the one before; they stand on a clock that is certain and has run out."""
    overdue = _tomorrow(target.due_on)
    yield _Rung(LETTER_1, overdue, target)
    if LETTER_1 in taken and advance and not advance.estimate and advance.state is not DeadlineState.MET:
        yield _Rung(ADVANCE, _tomorrow(advance.due_on), advance)
    for before, step in ((LETTER_1, LETTER_2), (LETTER_2, FINAL), (FINAL, COMPLAINT)):
        if before in taken:
            after = taken[before] + timedelta(days=ladder.letter_after_letter)
            yield _Rung(step, max(after, overdue), target)
