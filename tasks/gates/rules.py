"""What an open case lacks before its next stage (domain 1.2 to 1.4, 2.3). Pure: values and a date in."""

from collections.abc import Callable, Iterator
from datetime import date

from models.words import Stage
from tasks.gates import stage_one, stage_two
from tasks.gates.facts import Case, Lack, Patience

_GATES: tuple[Callable[[Case, Patience, date], Iterator[Lack]], ...] = (
    stage_one.review,
    stage_one.bill,
    stage_one.authorisation,
    stage_two.before_stage_2,
    stage_two.invoice,
    stage_two.handover,
    stage_two.acceptance,
    stage_two.resubmission,
)


def lacks(case: Case, patience: Patience, today: date) -> tuple[Lack, ...]:
    """Everything the case lacks on `today`, in the order of the form; a closed case lacks nothing."""
    if case.stage is Stage.CLOSED:
        return ()
    return tuple(lack for gate in _GATES for lack in gate(case, patience, today))
