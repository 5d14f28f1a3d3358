"""What the rules of the ladder are given of a case, and what they answer. Pure; amounts are fen."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from models.words import ChaseReason, Cover, DeadlineState


@dataclass(frozen=True, eq=False)
class Clock:
    """A deadline of a cover by its duty: decision, payment, advance_payment. One stands for all alike."""

    cover: Cover
    duty: str
    due_on: date
    state: DeadlineState
    estimate: bool
    source: str


class Taken(NamedTuple):
    """A step that was taken."""

    cover: Cover
    step: int
    round_no: int
    taken_on: date


class Pause(NamedTuple):
    """Until when, that day included, a case is left alone, and by what; None = it is not."""

    held_until: date | None = None
    promised_until: date | None = None
    transfer_until: date | None = None


NOT_PAUSED = Pause()


@dataclass(slots=True)
class OpenCase:
    """What the ladder needs of a case; `open` is the fen still to come by cover, `expected` the whole sum.

    Nobody changes one; it is not frozen because there are hundreds of thousands a night, and that costs.
    """

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
    pause: Pause = NOT_PAUSED
    complaint_over_on: date | None = None
    """The last day of a complaint that was not answered, or whose answer was let stand."""
    limitation_near: bool = False


class Step(NamedTuple):
    """A step to take. `clock` is the deadline it stands on, if any; `due_on` the day it was to be taken."""

    due_on: date
    step: int
    cover: Cover
    clock: Clock | None


class Decision(NamedTuple):
    """Either a step to take or a reason for none; neither when tonight's step was taken already."""

    step: Step | None
    reason: ChaseReason | None
    look_again_on: date | None
    """None: not before a fact changes."""
