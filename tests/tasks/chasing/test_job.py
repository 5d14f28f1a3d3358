"""The chasing step: one notice per branch, a letter where a clock has run out, a reason for every other case."""

from collections import Counter
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models import reference
from models.case import Case, ExpectedLine
from models.chase import ChaseState, ChaseStep
from models.event import Event
from models.notice import Notice
from models.shop import Shop
from models.words import ContactKind, Cover, NoticeState, Resolution, Stage
from notifications import render
from tasks.chasing.job import chase_insurers
from tasks.deadlines.job import compute_deadlines
from tests import factories as make
from worker.job import Night

PICC = "中国人民财产保险股份有限公司连云港市分公司"


@pytest.fixture(autouse=True)
def _law(session: Session) -> None:
    reference.load(session)


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


def test_a_branch_gets_one_notice_for_all_its_cases(session: Session, shop: Shop) -> None:
    first, second = add_claim(session, shop), add_claim(session, shop, accepted=date(2026, 11, 18))
    elsewhere = add_claim(
        session, shop, insurer_id=make.add_insurer(session, "平安财险连云港中心支公司", "平安产险").id
    )
    make.add_contact(session, shop, ContactKind.INSURER, PICC)

    run(session, shop, date(2026, 11, 21))

    told = {notice.recipient: notice for notice in notices(session)}
    assert len(told) == len(notices(session)) == 2
    words = told[PICC].words
    assert isinstance(words, dict)
    assert {row["claim_no"] for row in words["rows"]} == {first.claim_no, second.claim_no}
    assert (words["case_count"], words["total"]) == ("2", "10,000.00")
    assert told[PICC].state is NoticeState.WAITING
    assert told["平安财险连云港中心支公司"].state is NoticeState.HELD
    assert steps(session, elsewhere) == [(0, date(2026, 11, 21))]
    assert "收件确认" in render.mail("insurer_chase", words).text


def test_the_same_night_again_changes_nothing(session: Session, shop: Shop) -> None:
    case = add_claim(session, shop)
    waiting = add_claim(session, shop, authorised_by=None)
    run(session, shop, date(2026, 11, 21))

    again = run(session, shop, date(2026, 11, 21))

    assert again == 0
    assert len(notices(session)) == len(steps(session, case)) == 1
    assert (state(session, case).step, state(session, case).reason) == (0, None)
    assert state(session, waiting).reason == "no_authorisation"


def test_every_open_case_has_a_step_or_a_reason(session: Session, shop: Shop) -> None:
    add_claim(session, shop)
    add_claim(session, shop, is_agency_claim=False)
    add_claim(session, shop, authorised_by=None)
    add_claim(session, shop, accepted=None)
    add_claim(session, shop, accepted=None, file_handover_date=None)
    add_claim(session, shop, accepted=date(2026, 11, 21))
    add_claim(session, shop, insurer_id=None)
    add_claim(session, shop, stage=Stage.CLOSED)
    make.add_round(session, add_claim(session, shop), resubmitted_on=None)
    make.add_case(session, make.add_work_order(session, shop))

    run(session, shop, date(2026, 11, 21))

    reasons = list(session.scalars(select(ChaseState.reason)))
    assert Counter(reasons) == dict.fromkeys(
        [
            None,
            "not_agency",
            "no_authorisation",
            "not_accepted",
            "not_handed_over",
            "not_due",
            "no_insurer",
            "returned_to_shop",
            "nothing_expected",
        ],
        1,
    )
    open_cases = session.scalar(select(func.count()).where(Case.stage != Stage.CLOSED))
    assert len(reasons) == open_cases


def test_a_claim_climbs_to_a_demand_letter_that_names_the_breach(session: Session, shop: Shop) -> None:
    make.add_account(session, shop, number="1102020409000123456", holder=shop.name)
    case = add_claim(session, shop, accepted=date(2026, 3, 2))

    run_nights(session, shop, date(2026, 3, 2), date(2026, 4, 9))

    assert steps(session, case) == [
        (0, date(2026, 3, 4)),
        (1, date(2026, 3, 17)),
        (2, date(2026, 3, 29)),
        (3, date(2026, 4, 2)),
        (5, date(2026, 4, 9)),
    ]
    first, second = (notice for notice in notices(session) if notice.kind == "demand_letter")
    letter, reply = render.mail("demand_letter", first.words), render.mail("demand_letter", second.words)  # type: ignore[arg-type]  # JSON
    assert "催款函（第一次）" in letter.subject
    assert "人民币伍仟元整" in letter.text
    assert "2026年4月1日" in letter.text
    assert "1102020409000123456" in letter.text
    assert "保险法 23(1)" in letter.text
    assert "此前的联系" not in letter.text
    assert "此前的联系" in reply.text
    assert first.case_id == case.id


def test_an_estimate_goes_no_further_than_the_reminder(session: Session, shop: Shop) -> None:
    case = add_claim(session, shop, accepted=date(2026, 3, 2))
    make.add_round(session, case, returned_on=None, resubmitted_on=date(2026, 3, 10))

    run_nights(session, shop, date(2026, 3, 10), date(2026, 5, 10))

    assert [step for step, _ in steps(session, case)] == [0, 1, 2]
    assert state(session, case).reason == "estimate_only"
    assert state(session, case).step == 2


def test_the_grounds_of_a_step_are_on_the_trail(session: Session, shop: Shop) -> None:
    case = add_claim(session, shop)

    run(session, shop, date(2026, 11, 21))

    told = session.execute(
        select(Event.rule, Event.inputs).where(Event.case_id == case.id, Event.kind == "chase_step")
    ).one()
    assert told.rule == "ladder-1"
    assert told.inputs["clock"] == "decision"
    assert told.inputs["open_amount"] == 500_000


@pytest.mark.parametrize("how", ["paid", "disputed", "authorisation ended", "returned"])
def test_a_fact_that_came_by_day_stops_the_next_step(session: Session, shop: Shop, how: str) -> None:
    case = add_claim(session, shop, accepted=date(2026, 11, 9))
    run_nights(session, shop, date(2026, 11, 20), date(2026, 11, 21))
    assert steps(session, case) == [(0, date(2026, 11, 20))]

    line = session.scalars(select(ExpectedLine).where(ExpectedLine.case_id == case.id)).one()
    if how == "paid":
        make.add_payout(session, line, received_on=date(2026, 11, 22))
    if how == "returned":
        make.add_round(session, case, returned_on=date(2026, 11, 22), resubmitted_on=None)
    line.resolution = Resolution.DISPUTE if how == "disputed" else None
    case.authorisation_valid_to = date(2026, 11, 22) if how == "authorisation ended" else None
    session.flush()
    run_nights(session, shop, date(2026, 11, 22), date(2026, 11, 30))

    assert steps(session, case) == [(0, date(2026, 11, 20))]
    assert (
        state(session, case).reason
        == {
            "paid": "paid",
            "disputed": "disputed",
            "authorisation ended": "authorisation_expired",
            "returned": "returned_to_shop",
        }[how]
    )


def test_a_missing_fact_that_comes_lets_the_case_go_on(session: Session, shop: Shop) -> None:
    case = add_claim(session, shop, authorised_by=None, accepted=date(2026, 11, 9))
    run(session, shop, date(2026, 11, 20))
    assert state(session, case).since == date(2026, 11, 20)

    case.authorised_by = "王敏"
    session.flush()
    run(session, shop, date(2026, 11, 21))

    assert steps(session, case) == [(0, date(2026, 11, 21))]


def test_a_closed_case_has_no_state_and_keeps_its_steps(session: Session, shop: Shop) -> None:
    case = add_claim(session, shop)
    run(session, shop, date(2026, 11, 20))

    case.stage = Stage.CLOSED
    session.flush()
    run(session, shop, date(2026, 11, 21))

    assert session.scalar(select(func.count()).select_from(ChaseState)) == 0
    assert steps(session, case) == [(0, date(2026, 11, 20))]


def test_a_quiet_night_touches_no_state(session: Session, shop: Shop) -> None:
    add_claim(session, shop, accepted=date(2026, 11, 9))
    add_claim(session, shop, authorised_by=None)
    run_nights(session, shop, date(2026, 11, 20), date(2026, 11, 21))

    assert run(session, shop, date(2026, 11, 22)) == 0
