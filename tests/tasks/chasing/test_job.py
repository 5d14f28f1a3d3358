"""The chasing step: one notice per branch, a letter where a clock has run out, a reason for every other case."""

from collections import Counter
from datetime import date

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models import reference
from models.case import Case, Registration
from models.chase import ChaseState
from models.event import Event
from models.shop import Shop
from models.words import ContactKind, Cover, NoticeState, Stage
from notifications import render
from tests import factories as make
from tests.chase_nights import PICC, add_claim, notices, run, run_nights, state, steps


@pytest.fixture(autouse=True)
def _law(session: Session) -> None:
    reference.load(session)


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


def test_several_cases_at_one_step_share_a_letter(session: Session, shop: Shop) -> None:
    first, second = (add_claim(session, shop, accepted=date(2026, 3, 2)) for _ in range(2))
    sooner = add_claim(session, shop, accepted=date(2026, 2, 23))

    run_nights(session, shop, date(2026, 3, 2), date(2026, 4, 2))

    several = [notice for notice in notices(session) if notice.kind == "demand_bundle"]
    alone = [notice for notice in notices(session) if notice.kind == "demand_letter"]
    assert len(several) == 1
    assert {notice.case_id for notice in alone} == {sooner.id}
    letter = render.mail("demand_bundle", several[0].words)  # type: ignore[arg-type]  # JSON
    assert "催款函（第一次）" in letter.subject
    assert "未付金额合计：10,000.00 元" in letter.text
    assert "人民币壹万元整" in letter.text
    assert all(case.plate_no in letter.text for case in (first, second))


def test_letters_cite_the_proof_of_acceptance_the_registration_and_the_bank(
    session: Session, shop: Shop
) -> None:
    make.add_account(session, shop, holder=shop.name, bank_name="工商银行连云港分行")
    facts = {"accident_date": date(2026, 2, 20), "accepted_proof": "接案回执"}
    first, second = (add_claim(session, shop, accepted=date(2026, 3, 2), **facts) for _ in range(2))
    alone = add_claim(session, shop, accepted=date(2026, 2, 23), accepted_proof="签收单")
    for case, cover in ((first, Cover.UNSPLIT), (alone, Cover.UNSPLIT), (alone, Cover.COMPULSORY)):
        session.add(Registration(case_id=case.id, cover=cover, number=f"LA-{case.id}-{cover}"))
    session.flush()

    run_nights(session, shop, date(2026, 3, 2), date(2026, 4, 2))

    told = {notice.kind: notice.words for notice in notices(session)}
    bundle, letter = (
        render.mail(kind, told[kind]).text  # type: ignore[arg-type]  # JSON
        for kind in ("demand_bundle", "demand_letter")
    )
    assert f"立案号：LA-{first.id}-未分" in bundle
    assert bundle.count("接案凭据：接案回执") == bundle.count("出险日期：2026年2月20日") == 2
    assert bundle.count("应付金额：5,000.00 元") == bundle.count("已付金额：0.00 元") == 2
    assert f"立案号：LA-{alone.id}-未分" in letter
    assert "接案凭据：签收单" in letter
    assert "开户行：工商银行连云港分行" in letter
    assert second.claim_no in bundle


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
    assert told.rule == "ladder-2"
    assert told.inputs["clock"] == "decision"
    assert told.inputs["open_amount"] == 500_000
