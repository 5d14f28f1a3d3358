"""Jobs that people start: the row says what is asked, a wake-up has it done."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import select, update

from models.run import Run
from models.values import Refusal
from models.words import RunState, Why
from scheduler.nightly import SYSTEM
from scheduler.timetable import STEPS
from worker import clock, db, lines
from worker.app import NOTICES, handles
from worker.run import run
from worker.seat import Order


@handles(NOTICES)
@handles("job")
def run_by_hand(run_id: int) -> None:
    """Do the job that stands in row `run_id`. Its failure is written in the row, for whoever asked."""
    with db.reading() as session:
        row = session.execute(select(Run).where(Run.id == run_id)).scalar_one()
    with _lines_of(row):
        try:
            run(order_of(row))
        except Refusal as refusal:
            _refused(run_id, refusal)


def order_of(row: Run) -> Order:
    """What is to be done, from what was asked."""
    parameters = dict(row.parameters) if isinstance(row.parameters, dict) else {}
    shop = str(parameters.pop("shop"))
    # A step acts as in the night: what it prepares, whoever asked for it may still approve.
    by = SYSTEM if row.job in {step.job for step in STEPS} else row.requested_by
    return Order(row.job, row.business_date, shop, row.scope, by=by, why=row.why, parameters=parameters)


@contextmanager
def _lines_of(row: Run) -> Iterator[None]:
    """Keep what the log says of a started run in its row, also where it fails."""
    if row.why != Why.STARTED:
        yield
        return
    before = row.lines if isinstance(row.lines, list) else []
    with lines.kept(before) as kept:
        try:
            yield
        finally:
            if list(kept) != before:
                with db.transaction() as session:
                    session.execute(update(Run).where(Run.id == row.id).values(lines=list(kept)))


def _refused(run_id: int, refusal: Refusal) -> None:
    """A job that this version does not know never began: its row must not wait for ever."""
    with db.transaction() as session:
        session.execute(
            update(Run)
            .where(Run.id == run_id, Run.why == Why.STARTED, Run.state == RunState.PENDING, Run.attempts == 0)
            .values(state=RunState.FAILED, error=str(refusal), finished_at=clock.now())
        )
