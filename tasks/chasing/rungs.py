"""The rungs of the ladder before a cover of a case, with the days they fall due (domain 2.6). Pure."""

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from typing import NamedTuple

from models.words import Cover, DeadlineState
from tasks.chasing.facts import Clock, OpenCase, Step
from tasks.chasing.ladder import (
    ADVANCE,
    COMPLAINT,
    FINAL,
    LAWYER,
    LETTER_1,
    LETTER_2,
    PROGRESS,
    RECEIPT,
    REMINDER,
    Ladder,
)


class Rung(NamedTuple):
    """A level with the day it falls due and the clock it stands on."""

    step: int
    due_on: date
    clock: Clock | None


class Ahead(NamedTuple):
    """What comes next on a cover; `below_floor`: the next level is not for so small a sum."""

    steps: tuple[Step, ...]
    below_floor: bool


def ahead(case: OpenCase, cover: Cover, ladder: Ladder, taken: Mapping[int, date]) -> Ahead:
    """The first rung not `taken` in this round, not too soon after the last; those of people stand apart."""
    gap = ladder.compulsory_days_between if cover is Cover.COMPULSORY else ladder.days_between
    rested_on = max(taken.values()) + timedelta(days=gap) if taken else date.min
    # Whoever has had a letter is not asked again whether the file arrived.
    lowest = LETTER_1 if any(step >= LETTER_1 for step in taken) else RECEIPT
    told: Rung | None = None
    people = []
    for rung in rungs(case, cover, taken, ladder):
        if rung.step in taken or rung.step < lowest:
            continue
        if rung.step >= COMPLAINT:
            people.append(rung)
        elif told is None or (rung.due_on, rung.step) < (told.due_on, told.step):
            told = rung
    below = told is not None and case.open[cover] < ladder.levels[told.step].floor
    next_ones = people if told is None or below else [told, *people]
    steps = tuple(Step(max(rung.due_on, rested_on), rung.step, cover, rung.clock) for rung in next_ones)
    return Ahead(steps, below)


def taken_on(case: OpenCase, cover: Cover) -> dict[int, date]:
    """The steps of this round that the cover has taken, with their days."""
    round_no = case.round_no
    return {
        each.step: each.taken_on for each in case.taken if each.cover is cover and each.round_no == round_no
    }


def rungs(case: OpenCase, cover: Cover, taken: Mapping[int, date], ladder: Ladder) -> Iterator[Rung]:
    """Every rung whose day is known, those taken among them."""
    clocks = {clock.duty: clock for clock in case.clocks if clock.cover is cover}
    decision, payment = clocks.get("decision"), clocks.get("payment")
    is_decided = decision is not None and decision.state is DeadlineState.MET
    target = payment if is_decided else decision
    if not (is_decided and target and not target.estimate):
        yield from _messages(case, cover, target, ladder)
    if target and not target.estimate:
        yield from _letters(target, clocks.get("advance_payment"), taken, ladder)
        yield from _people(case, cover, target, taken, ladder)


def _messages(case: OpenCase, cover: Cover, target: Clock | None, ladder: Ladder) -> Iterator[Rung]:
    """Steps 0 to 2. A message that would come after a sharper one is left out: 交强 has no progress query."""
    since = case.resubmitted_on or case.insurer_accepted_date
    if since is None:
        return
    remind = timedelta(days=ladder.levels[REMINDER].days(cover))
    reminder = target.due_on + remind if target else date.max
    for step in (RECEIPT, PROGRESS):
        if (day := since + timedelta(days=ladder.levels[step].days(cover))) < reminder:
            yield Rung(step, day, target)
    if target:
        yield Rung(REMINDER, reminder, target)


def _letters(
    target: Clock, advance: Clock | None, taken: Mapping[int, date], ladder: Ladder
) -> Iterator[Rung]:
    """Steps 3 to 6, each after the one before; they stand on a clock that is certain and has run out."""
    overdue = after(ladder, LETTER_1, target.cover, target.due_on)
    yield Rung(LETTER_1, overdue, target)
    if LETTER_1 in taken and advance and not advance.estimate and advance.state is not DeadlineState.MET:
        yield Rung(ADVANCE, after(ladder, ADVANCE, target.cover, advance.due_on), advance)
    for before, step in ((LETTER_1, LETTER_2), (LETTER_2, FINAL)):
        if before in taken:
            yield Rung(step, max(after(ladder, step, target.cover, taken[before]), overdue), target)


def _people(
    case: OpenCase, cover: Cover, target: Clock, taken: Mapping[int, date], ladder: Ladder
) -> Iterator[Rung]:
    """Steps 7 and 8: a person complains, and hands over to a lawyer."""
    if FINAL in taken:
        day = after(ladder, COMPLAINT, cover, taken[FINAL])
        yield Rung(COMPLAINT, max(day, after(ladder, LETTER_1, cover, target.due_on)), target)
    if COMPLAINT in taken and case.complaint_over_on:
        yield Rung(LAWYER, after(ladder, LAWYER, cover, case.complaint_over_on), target)
    elif case.limitation_near:
        yield Rung(LAWYER, target.due_on, target)


def after(ladder: Ladder, step: int, cover: Cover, day: date) -> date:
    return day + timedelta(days=ladder.levels[step].days(cover))
