"""The ORM row by row, as others do it: each open claim is got with all that is its own, committed alone."""

from datetime import UTC, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from benchmarks import chasing_world as world
from benchmarks.chasing_databases import Side
from benchmarks.chasing_world import NIGHT, Size
from models.base import Base
from models.case import Case, ExpectedLine, SubmissionRound
from models.chase import ChaseHold, ChaseState, ChaseStep
from models.deadline import Deadline
from models.dispute import Dispute
from models.event import Event
from models.notice import Notice, NoticeDemand
from models.payout import Payout
from models.words import Audience, ChannelName, Cover, NoticeState
from worker import db

SAMPLE = 200
_BELONGS: tuple[type[Base], ...] = (
    ExpectedLine, Payout, SubmissionRound, Deadline, ChaseStep, ChaseHold, Dispute,
)  # fmt: skip
_AT = datetime(2026, 11, 21, 18, tzinfo=UTC)


def row_by_row(side: Side, url: str, size: Size) -> float:
    """CPU seconds for all open claims, from a sample of those that are due and of those that are not."""
    engine = db.make_engine(url)
    with Session(engine) as session:
        session.add(_notice(session.get_one(Case, 1).shop_id))
        session.commit()
        due = [n for n in range(1, size.cases + 1) if n % size.due_in == 0][:SAMPLE]
        others = [n for n in range(1, size.cases + 1) if n % size.due_in][:SAMPLE]
        _look(session, due[-1])
        each_due = side.spent(lambda: [_look(session, n) for n in due[:-1]]) / (len(due) - 1)
        each_other = side.spent(lambda: [_look(session, n) for n in others]) / len(others)
    engine.dispose()
    return each_due * size.due + each_other * (size.cases - size.due)


def _look(session: Session, case_id: int) -> None:
    case = session.get_one(Case, case_id)
    for model in _BELONGS:
        session.scalars(select(model).where(model.__mapper__.c["case_id"] == case_id)).all()
    state = session.get_one(ChaseState, case_id)
    if state.look_again_on and state.look_again_on <= NIGHT:
        _take(session, case, state)
    session.commit()
    session.expunge_all()


def _take(session: Session, case: Case, state: ChaseState) -> None:
    """A row into each table, and the step's state."""
    step = 0 if state.step is None else state.step + 1
    state.step, state.reason, state.since, state.look_again_on = step, None, NIGHT, world.LATER
    owed = {"shop_id": case.shop_id, "case_id": case.id}
    session.add(ChaseStep(
        **owed, cover=Cover.OWN_DAMAGE, step=step, round_no=0, taken_on=NIGHT,
        open_amount=state.open_amount, notice_occasion="peer",
    ))  # fmt: skip
    session.flush()
    session.add(Event(
        **owed, kind="chase_step", rule="peer", inputs={"step": step, "open_amount": state.open_amount},
        business_date=NIGHT, by="peer", recorded_at=_AT,
    ))  # fmt: skip
    session.flush()
    notice = session.scalars(select(Notice).where(Notice.occasion == "peer")).one()
    session.add(NoticeDemand(
        notice_id=notice.id, case_id=case.id, cover=Cover.OWN_DAMAGE, amount=state.open_amount
    ))  # fmt: skip
    session.flush()


def _notice(shop_id: int) -> Notice:
    return Notice(
        shop_id=shop_id, kind="insurer_chase", occasion="peer", audience=Audience.INSURER, recipient="peer",
        channel=ChannelName.FILE, words={}, state=NoticeState.WAITING, send_after=_AT, attempts=0,
        written_at=_AT,
    )  # fmt: skip
