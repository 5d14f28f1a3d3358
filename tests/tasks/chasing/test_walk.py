"""A claim walked night by night over 120 days; what was sent is compared with a golden file.

Two claims of one branch. A: the file comes back once, the sum is agreed, part of it is paid, the rest promised
and not paid. B: nobody pays at all. Mid-Autumn, National Day, two make-up workdays and a night on which the house
stood still lie on the way. The golden file was worked out by hand from domain 2.1, 2.2 and 2.6:
A's decision is due 08-03 + 30 + 8 days of stop = 09-10, its payment 09-21 + 10 = 10-01, rolled to 10-08; its last
letter waits for that day and for the promise. B's decision is due 09-11, its advance payment 10-11, a Sunday.
"""

from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from models import reference
from models.case import Case, ExpectedLine, SubmissionRound
from models.chase import ChaseStep
from models.errand import Errand
from models.insurer import Insurer
from models.notice import Notice
from models.shop import Shop
from models.words import ContactKind, Cover
from tasks.chasing.job import chase_insurers, pass_on_errands, take_promise
from tasks.deadlines.job import compute_deadlines
from tests import factories as make
from tests.chase_nights import PICC
from worker.clock import SHANGHAI
from worker.job import Night

GOLDEN = Path(__file__).parent / "golden" / "walk.txt"
FIRST, DAYS = date(2026, 8, 3), 120
DOWN = date(2026, 9, 11)
"""The house stood still: the first letter of A fell due in this night."""


def at(day: date) -> datetime:
    return datetime.combine(day + timedelta(days=1), time(2), SHANGHAI).astimezone(UTC)


def night(shop: Shop, day: date, **given: object) -> Night:
    return Night(day, shop.id, shop.code, "system", at(day), parameters=given)


def claim(session: Session, shop: Shop, number: str, accepted: date) -> Case:
    branch = session.scalars(select(Insurer).where(Insurer.name == PICC)).first() or make.add_insurer(
        session, PICC
    )
    order = make.add_work_order(session, shop, plate_no=f"苏G{number}")
    case = make.add_case(
        session, order, claim_no=f"LP2026-{number}", insurer_id=branch.id, insurer_accepted_date=accepted,
        file_handover_date=accepted, dispatch_date=date(2026, 7, 20), accident_date=date(2026, 7, 18),
        authorised_on=date(2026, 7, 20),
    )  # fmt: skip
    make.add_expected_line(session, case, 900_000, cover=Cover.OWN_DAMAGE)
    return case


def happens(session: Session, shop: Shop, day: date, first: Case) -> None:
    """What comes in by day, before the night of `day`."""
    line = session.scalars(select(ExpectedLine).where(ExpectedLine.case_id == first.id)).one()
    if day == date(2026, 8, 20):
        make.add_round(session, first, returned_on=day, resubmitted_on=None)
    if day == date(2026, 8, 27):
        back = session.scalars(select(SubmissionRound).where(SubmissionRound.case_id == first.id)).one()
        back.resubmitted_on = day
    if day == date(2026, 9, 21):
        first.settlement_agreed_on = day
    if day == date(2026, 9, 29):
        make.add_payout(session, line, 300_000, received_on=day)
    if day == date(2026, 10, 9):
        given = {"case_id": first.id, "until": "2026-10-16", "because": "理赔员电话承诺"}
        take_promise(session, night(shop, day, **given))
    session.flush()


def log_of(session: Session) -> str:
    """Every step with its day, what carried it and when that leaves the house, and every errand."""
    steps = session.execute(
        select(
            ChaseStep.taken_on, Case.claim_no, ChaseStep.step, ChaseStep.round_no, ChaseStep.open_amount,
            ChaseStep.notice_occasion, Notice.send_after, Notice.recipient,
        )
        .join(Case, Case.id == ChaseStep.case_id)
        .outerjoin(Notice, Notice.occasion == ChaseStep.notice_occasion)
        .order_by(ChaseStep.taken_on, Case.claim_no, ChaseStep.id)
    )  # fmt: skip
    lines = []
    for row in steps:
        number = row.notice_occasion.split(":")[2] if row.send_after else "errand"
        leaves = f" leaves {row.send_after.astimezone(SHANGHAI).date()}" if row.send_after else ""
        lines.append(
            f"{row.taken_on} {row.claim_no} step {row.step} round {row.round_no} {row.open_amount / 100:.2f} "
            f"{number}{leaves}"
        )
    errands = session.scalars(select(Errand).order_by(Errand.opened_on, Errand.id))
    lines += [f"errand {each.opened_on} {each.kind} for {each.owner} {each.state}" for each in errands]
    return "\n".join([*lines, ""])


# One database is enough for the order of steps, and half as slow.
@pytest.mark.parametrize("session", ["sqlite"], indirect=True)
def test_every_step_of_120_days_is_taken_once_and_in_its_time(session: Session, shop: Shop) -> None:
    reference.load(session)
    make.add_contact(session, shop, ContactKind.INSURER, PICC)
    first, _second = (
        claim(session, shop, "A0001", date(2026, 8, 3)),
        claim(session, shop, "B0002", date(2026, 8, 12)),
    )
    for n in range(DAYS):
        day = FIRST + timedelta(days=n)
        happens(session, shop, day, first)
        if day == DOWN:
            continue
        compute_deadlines(session, night(shop, day))
        tonight = night(shop, day)
        chase_insurers(session, tonight)
        pass_on_errands(session, night(shop, day))

        assert tonight.notes["unexplained"] == 0, (day, tonight.notes)
        assert tonight.notes["open_cases"] == 2

    assert log_of(session) == GOLDEN.read_text("utf-8")
