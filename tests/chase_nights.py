"""A shop whose claims are chased, night after night."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.case import Case
from models.chase import ChaseState, ChaseStep
from models.notice import Notice
from models.shop import Shop
from models.words import Cover
from tasks.chasing.job import chase_insurers
from tasks.deadlines.job import compute_deadlines
from tests import factories as make
from worker.job import Night

PICC = "中国人民财产保险股份有限公司连云港市分公司"


def run(session: Session, shop: Shop, day: date) -> int:
    """Clocks, then the ladder, as the night has them."""
    night = Night(day, shop.id, shop.code, "system", datetime(2026, 11, 21, 18, tzinfo=UTC))
    compute_deadlines(session, night)
    return chase_insurers(session, night)


def run_nights(session: Session, shop: Shop, first: date, last: date) -> None:
    for n in range((last - first).days + 1):
        run(session, shop, first + timedelta(days=n))


def add_claim(session: Session, shop: Shop, accepted: date | None = date(2026, 9, 1), **facts: Any) -> Case:
    branch = make.add_insurer(session, PICC)
    defaults = {"insurer_id": branch.id, "insurer_accepted_date": accepted}
    case = make.add_case(session, make.add_work_order(session, shop), **defaults | facts)
    make.add_expected_line(session, case, 500_000, cover=Cover.OWN_DAMAGE)
    return case


def state(session: Session, case: Case) -> ChaseState:
    session.expire_all()
    return session.get_one(ChaseState, case.id)


def steps(session: Session, case: Case) -> list[tuple[int, date]]:
    query = select(ChaseStep.step, ChaseStep.taken_on).where(ChaseStep.case_id == case.id)
    return [(row.step, row.taken_on) for row in session.execute(query.order_by(ChaseStep.id))]


def notices(session: Session) -> list[Notice]:
    return list(session.scalars(select(Notice).order_by(Notice.id)))
