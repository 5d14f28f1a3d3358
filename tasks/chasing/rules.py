"""The ladder of domain 2.6: the step an open case takes tonight, or the reason why it takes none. Pure."""

from datetime import date, timedelta

from models.words import ChaseReason, Cover
from tasks.chasing.facts import NOT_PAUSED, Clock, Decision, OpenCase, Pause, Step, Taken
from tasks.chasing.ladder import COMPLAINT, LAWYER, Ladder
from tasks.chasing.rungs import Ahead, ahead, rungs, taken_on

__all__ = [
    "VERSION",
    "Clock",
    "Decision",
    "Ladder",
    "OpenCase",
    "Pause",
    "Step",
    "Taken",
    "chase",
    "grounds",
    "is_paused",
    "may_be_told",
]

VERSION = "ladder-2"


def chase(case: OpenCase, ladder: Ladder, today: date) -> Decision:
    """Decide one case: at most one step a night, none twice in a round, none left out (domain 2.3, 2.6).

    What rests on an estimated clock goes no further than the reminder (design 5).
    """
    if reason := _standing(case, ladder, today):
        return Decision(None, reason, None)
    if paused := _paused(case, today):
        return paused
    taken = {cover: taken_on(case, cover) for cover, amount in case.open.items() if amount > ladder.tolerance}
    found = [ahead(case, cover, ladder, steps) for cover, steps in taken.items()]
    due = _in_order(found)
    if any(each.taken_on >= today for each in case.taken):
        return Decision(None, None, _after_tonight(case, due, today))
    if due and due[0].due_on <= today:
        taken[due[0].cover] |= {due[0].step: today}
        after = _in_order([ahead(case, cover, ladder, steps) for cover, steps in taken.items()])
        return Decision(due[0], None, _after_tonight(case, after, today))
    if due:
        return Decision(None, ChaseReason.NOT_DUE, _look_again(case, due, today))
    return Decision(None, _at_the_end(case, below_floor=any(each.below_floor for each in found)), None)


def _in_order(found: list[Ahead]) -> list[Step]:
    steps = [step for each in found for step in each.steps]
    return sorted(steps, key=_rank) if len(steps) > 1 else steps


def _rank(step: Step) -> tuple[date, int, Cover]:
    return step.due_on, step.step, step.cover


def _after_tonight(case: OpenCase, ahead_of_it: list[Step], today: date) -> date:
    """When to look again at a case that took its step tonight."""
    return _look_again(case, ahead_of_it, today) or _tomorrow(today)


class Alike:
    """Decides once what is alike in all that a decision rests on: a night has far fewer kinds than cases.

    Of money that is no more than whether a sum is owed, and where a level has a floor the sum itself.
    """

    def __init__(self, ladder: Ladder, today: date) -> None:
        self._ladder, self._today = ladder, today
        self._sums_count = any(level.floor for level in ladder.levels.values())
        self._known: dict[tuple[object, ...], Decision] = {}

    def chase(self, case: OpenCase) -> Decision:
        """What `chase` says of the case."""
        owed = case.open
        least = self._ladder.tolerance
        sums = owed.items() if self._sums_count else [(cover, owed[cover] > least) for cover in owed]
        kind = (
            *sums, case.expected > 0, case.is_agency_claim, case.has_insurer, case.authorised,
            case.authorisation_valid_to, case.file_handover_date is None, case.insurer_accepted_date,
            case.disputed, case.is_returned, case.round_no, case.resubmitted_on, case.clocks, case.taken,
            case.pause, case.complaint_over_on, case.limitation_near,
        )  # fmt: skip
        found = self._known.get(kind)
        if found is None:
            found = self._known[kind] = chase(case, self._ladder, self._today)
        return found


def may_be_told(case: OpenCase, ladder: Ladder, today: date) -> bool:
    """Whether nothing forbids to tell the insurer anything about this case."""
    return _standing(case, ladder, today) is None and not is_paused(case, today)


def is_paused(case: OpenCase, today: date) -> bool:
    """Whether the case is left alone for some days."""
    return _paused(case, today) is not None


def grounds(case: OpenCase, cover: Cover, step: int, ladder: Ladder) -> Step | None:
    """A step that was taken, as it stands today: to write its letter anew. None where its ground is gone."""
    taken = {each: on for each, on in taken_on(case, cover).items() if each < step}
    found = (rung for rung in rungs(case, cover, taken, ladder) if rung.step == step)
    return next((Step(rung.due_on, step, cover, rung.clock) for rung in found), None)


def _standing(case: OpenCase, ladder: Ladder, today: date) -> ChaseReason | None:
    """The first fact that forbids chasing at all."""
    accepted, valid_to = case.insurer_accepted_date, case.authorisation_valid_to
    facts = (
        (ChaseReason.NOT_AGENCY, not case.is_agency_claim),
        (ChaseReason.NOTHING_EXPECTED, case.expected <= 0),
        (ChaseReason.PAID, all(amount <= ladder.tolerance for amount in case.open.values())),
        (ChaseReason.DISPUTED, case.disputed),
        (ChaseReason.RETURNED_TO_SHOP, case.is_returned),
        (ChaseReason.NOT_HANDED_OVER, accepted is None and case.file_handover_date is None),
        (ChaseReason.NOT_ACCEPTED, accepted is None or accepted > today),
        (ChaseReason.NO_INSURER, not case.has_insurer),
        (ChaseReason.NO_AUTHORISATION, not case.authorised),
        (ChaseReason.AUTHORISATION_EXPIRED, valid_to is not None and valid_to < today),
    )
    for reason, holds in facts:
        if holds:
            return reason
    return None


def _paused(case: OpenCase, today: date) -> Decision | None:
    """A case that is left alone for some days: it goes on by itself on the day after."""
    if case.pause is NOT_PAUSED:
        return None
    until = {
        ChaseReason.HELD: case.pause.held_until,
        ChaseReason.PROMISED: case.pause.promised_until,
        ChaseReason.TRANSFER_UNALLOCATED: case.pause.transfer_until,
    }
    for reason, day in until.items():
        if day and today <= day:
            # A transfer may be placed any day, and then speaks for another case.
            waits = None if reason is ChaseReason.TRANSFER_UNALLOCATED else _tomorrow(day)
            return Decision(None, reason, waits)
    return None


def _at_the_end(case: OpenCase, *, below_floor: bool) -> ChaseReason:
    """Why there is no step left that could fall due by itself."""
    last = {each.step for each in case.taken if each.round_no == case.round_no}
    if LAWYER in last:
        return ChaseReason.WITH_LAWYER
    if COMPLAINT in last:
        return ChaseReason.FINAL_EXPIRED
    return ChaseReason.BELOW_FLOOR if below_floor else ChaseReason.ESTIMATE_ONLY


def _look_again(case: OpenCase, steps: list[Step], today: date) -> date | None:
    """The next day on which something is due, or on which the authorisation ends."""
    if not steps:
        return None
    day = max(min(step.due_on for step in steps), _tomorrow(today))
    ends = case.authorisation_valid_to
    # An authorisation without end is written as 9999-12-31, which has no day after it.
    return _tomorrow(ends) if ends and ends < day else day


def _tomorrow(day: date) -> date:
    return day + timedelta(days=1)
