"""Rows of a case as the rules of the ladder want them, and the step they decide as its words want it."""

from collections.abc import Sequence
from datetime import date, timedelta
from functools import lru_cache
from typing import Any

from models.open_money import SETTLED
from models.words import Cover, DeadlineState, DisputeKind, Resolution
from tasks.chasing.facts import NOT_PAUSED, Clock, OpenCase, Pause, Step, Taken
from tasks.chasing.ladder import Ladder
from tasks.chasing.letters import Ask
from tasks.chasing.pauses import Transfer, pause
from tasks.chasing.queries import CaseRow

_ENDS_BY_ITSELF = (DisputeKind.OBJECTION, DisputeKind.COMPLAINT, DisputeKind.REVIEW)
"""An unanswered complaint ends with its clock; a decision stands until a person resolves it."""

_NEAR = timedelta(days=31)


def open_case(
    row: CaseRow, today: date, transfers: Sequence[Transfer] = (), transfer_days: int = 0
) -> OpenCase:
    """What the ladder needs of a case, as it is known on `today`."""
    facts = row.facts
    clocks = tuple([_clock(*each[1:8]) for each in row.clocks])
    over = [_over_on(each) for each in row.disputes]
    round_no, resubmitted_on, is_returned = _rounds(row, today)
    return OpenCase(
        is_agency_claim=facts.is_agency_claim,
        has_insurer=facts.insurer is not None,
        authorised=facts.authorised_by is not None,
        authorisation_valid_to=facts.authorisation_valid_to,
        file_handover_date=facts.file_handover_date,
        insurer_accepted_date=facts.insurer_accepted_date,
        expected=sum([line.expected for line in row.lines]),
        open=open_of(row),
        disputed=_line_disputed(row) or any(day is None or today <= day for day in over),
        is_returned=is_returned,
        round_no=round_no,
        resubmitted_on=resubmitted_on,
        clocks=clocks,
        taken=tuple([Taken(*each[1:5]) for each in row.steps]),
        pause=_pause(row, transfers, transfer_days),
        complaint_over_on=max([day for day in over if day], default=None),
        limitation_near=_is_near(clocks, today),
    )


def _rounds(row: CaseRow, today: date) -> tuple[int, date | None, bool]:
    """The last round the file was handed in for, on which day, and whether it lies with the shop."""
    if not row.rounds:
        return 0, None, False
    rounds = [each for each in row.rounds if (each.returned_on or today) <= today]
    handed_in = [each for each in rounds if each.resubmitted_on and each.resubmitted_on <= today]
    last = max((each.round_no for each in handed_in), default=0)
    return last, max((each.resubmitted_on for each in handed_in), default=None), len(handed_in) < len(rounds)


def open_of(row: CaseRow) -> dict[Cover, int]:
    """Fen still to come by cover."""
    owed: dict[Cover, int] = {}
    for line in row.lines:
        missing = 0 if line.resolution in SETTLED else max(0, line.expected - int(line.received))
        owed[line.cover] = owed.get(line.cover, 0) + missing
    return owed


def _line_disputed(row: CaseRow) -> bool:
    return any(line.resolution is Resolution.DISPUTE for line in row.lines)


def _over_on(dispute: Any) -> date | None:
    day: date | None = dispute.over_on if dispute.kind in _ENDS_BY_ITSELF else None
    return day


def _pause(row: CaseRow, transfers: Sequence[Transfer], days: int) -> Pause:
    if not row.holds and not transfers:
        return NOT_PAUSED
    facts = row.facts
    after = [each for each in transfers if each.booked_on >= (facts.insurer_accepted_date or date.max)]
    return pause(row.holds, after, facts.id, facts.insurer_group_id, days)


@lru_cache(maxsize=4096)
def _clock(
    cover: Cover,
    rule_code: str,
    due_on: date,
    state: DeadlineState,
    estimate: bool,
    provisional: bool,
    source: str,
) -> Clock:
    """One for all that say the same: the cases of a night have few."""
    # A day that next year's notice may still move is no ground to accuse anybody either.
    return Clock(cover, rule_code.removeprefix("compulsory_"), due_on, state, estimate or provisional, source)


@lru_cache(maxsize=4096)
def _is_near(clocks: tuple[Clock, ...], today: date) -> bool:
    """Whether a limitation ends soon."""
    open_ones = [each for each in clocks if "limitation" in each.duty and each.state is not DeadlineState.MET]
    return any(each.due_on - _NEAR <= today for each in open_ones)


def ask(row: CaseRow, case: OpenCase, step: Step, ladder: Ladder) -> Ask:
    """The step of a case with what its words need."""
    lines = [line for line in row.lines if line.cover is step.cover]
    return Ask(
        facts=row.facts,
        step=step,
        level=ladder.levels[step.step],
        round_no=case.round_no,
        resubmitted_on=case.resubmitted_on,
        expected=sum([line.expected for line in lines]),
        received=sum([int(line.received) for line in lines]),
        unpaid=case.open[step.cover],
        earlier=tuple([each for each in row.steps if each.cover is step.cover and each.step != step.step]),
    )
