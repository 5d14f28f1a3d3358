"""What stops a step on its way out: holds, transfers, plans, payments that come before the letter leaves."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from models import reference
from models.bank import BankLine
from models.case import Case, ExpectedLine
from models.chase import ChaseHold, ChaseLetter, ChasePlan, ChaseState, LadderLevel
from models.deadline import InterestRate, Interruption
from models.dispute import Dispute
from models.errand import Errand
from models.insurer import InsurerGroup
from models.notice import NoticeAttachment
from models.shop import Setting, Shop
from models.values import Refusal
from models.words import (
    ChaseForm,
    ContactKind,
    DisputeKind,
    DisputeState,
    ErrandState,
    HoldState,
    NoticeState,
    Outcome,
    Role,
)
from notifications.withdrawal import withdraw
from tasks.chasing import job
from tasks.deadlines.job import compute_deadlines
from tests import factories as make
from tests.chase_nights import PICC, add_claim, notices, run, run_nights, state, steps
from worker.job import Night

# The queries run on both databases in test_job; here it is about what they come to.
pytestmark = pytest.mark.parametrize("session", ["sqlite"], indirect=True)

AT = datetime(2026, 11, 21, 18, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _law(session: Session) -> None:
    reference.load(session)


def night(shop: Shop, day: date, **given: object) -> Night:
    return Night(day, shop.id, shop.code, "王敏", AT, parameters=given)


def put_setting(session: Session, shop: Shop, key: str, value: object) -> None:
    session.add(
        Setting(
            scope="shop",
            scope_id=shop.id,
            key=key,
            value=value,
            valid_from=date(2020, 1, 1),
            set_by="x",
            set_at=AT,
        )
    )
    session.flush()


def line_of(session: Session, case: Case) -> ExpectedLine:
    return session.scalars(select(ExpectedLine).where(ExpectedLine.case_id == case.id)).one()


def test_a_held_case_goes_on_by_itself_on_the_day_after(session: Session, shop: Shop) -> None:
    case = add_claim(session, shop, accepted=date(2026, 11, 9))
    job.hold_chase(
        session, night(shop, date(2026, 11, 19), case_id=case.id, until="2026-11-22", because="核价")
    )

    run_nights(session, shop, date(2026, 11, 20), date(2026, 11, 22))
    assert state(session, case).reason == "held"
    run(session, shop, date(2026, 11, 23))

    assert steps(session, case) == [(0, date(2026, 11, 23))]
    assert session.scalars(select(ChaseHold.state)).one() is HoldState.ENDED


def test_a_hold_can_be_lifted_and_one_in_the_past_is_refused(session: Session, shop: Shop) -> None:
    case = add_claim(session, shop, accepted=date(2026, 11, 9))
    job.hold_chase(
        session, night(shop, date(2026, 11, 19), case_id=case.id, until="2026-12-22", because="核价")
    )
    run(session, shop, date(2026, 11, 20))

    job.lift_chase(session, night(shop, date(2026, 11, 20), case_id=case.id))
    run(session, shop, date(2026, 11, 21))

    assert steps(session, case) == [(0, date(2026, 11, 21))]
    with pytest.raises(Refusal, match="2026-11-19 is over"):
        job.hold_chase(
            session, night(shop, date(2026, 11, 20), case_id=case.id, until="2026-11-19", because="x")
        )
    with pytest.raises(Refusal, match="neither held nor promised"):
        job.lift_chase(session, night(shop, date(2026, 11, 21), case_id=case.id))


@pytest.mark.parametrize("paid, ends", [(True, HoldState.KEPT), (False, HoldState.BROKEN)])
def test_a_promise_is_kept_or_broken(session: Session, shop: Shop, paid: bool, ends: HoldState) -> None:
    case = add_claim(session, shop, accepted=date(2026, 11, 9))
    job.take_promise(
        session, night(shop, date(2026, 11, 19), case_id=case.id, until="2026-11-21", because="电话")
    )
    if paid:
        make.add_payout(session, line_of(session, case), received_on=date(2026, 11, 20))

    run_nights(session, shop, date(2026, 11, 19), date(2026, 11, 22))

    assert session.scalars(select(ChaseHold.state)).one() is ends
    assert state(session, case).reason == ("paid" if paid else None)


def test_an_unplaced_transfer_of_the_insurer_holds_its_cases_for_five_days(
    session: Session, shop: Shop
) -> None:
    case = add_claim(session, shop, accepted=date(2026, 11, 9))
    other = add_claim(
        session, shop, accepted=date(2026, 11, 9),
        insurer_id=make.add_insurer(session, "平安财险连云港中心支公司", "平安产险").id,
    )  # fmt: skip
    account = make.add_account(session, shop)
    make.add_bank_line(session, account, 100_000, booked_on=date(2026, 11, 18), outcome=Outcome.UNMATCHED)

    run(session, shop, date(2026, 11, 21))
    assert state(session, case).reason == "transfer_unallocated"
    assert steps(session, other) == [(0, date(2026, 11, 21))]
    run_nights(session, shop, date(2026, 11, 22), date(2026, 11, 24))

    assert steps(session, case) == [(0, date(2026, 11, 24))]


def test_a_transfer_that_was_placed_holds_nobody(session: Session, shop: Shop) -> None:
    case = add_claim(session, shop, accepted=date(2026, 11, 9))
    line = make.add_bank_line(
        session, make.add_account(session, shop), 100_000, booked_on=date(2026, 11, 20), outcome=Outcome.OPEN
    )
    run(session, shop, date(2026, 11, 21))

    session.get_one(BankLine, line.id).outcome = Outcome.IGNORED
    session.flush()
    run(session, shop, date(2026, 11, 22))

    assert steps(session, case) == [(0, date(2026, 11, 22))]


def test_the_shop_may_want_to_see_the_plan_first(session: Session, shop: Shop) -> None:
    put_setting(session, shop, "chase_review", "yes")
    case = add_claim(session, shop, accepted=date(2026, 11, 9))
    run(session, shop, date(2026, 11, 21))

    assert steps(session, case) == []
    assert notices(session) == []
    assert state(session, case).reason == "waits_for_approval"
    approved = night(shop, date(2026, 11, 21), approved="王敏")
    job.chase_insurers(session, approved)

    assert steps(session, case) == [(0, date(2026, 11, 21))]
    plan = session.get_one(ChasePlan, (shop.id, date(2026, 11, 21)), populate_existing=True)
    assert (plan.state, plan.steps, plan.approved_by) == ("approved", 1, "王敏")
    with pytest.raises(Refusal, match="nothing to approve"):
        job.chase_insurers(session, approved)


def test_a_plan_of_three_times_the_usual_stops(session: Session, shop: Shop) -> None:
    put_setting(session, shop, "chase_cap_least", 1)
    for n in range(5):
        session.add(
            ChasePlan(
                shop_id=shop.id, night=date(2026, 11, 10 + n), state="done", steps=1, amount=1, usual=None
            )
        )
    cases = [add_claim(session, shop, accepted=date(2026, 11, 9)) for _ in range(4)]

    run(session, shop, date(2026, 11, 21))

    assert {state(session, case).reason for case in cases} == {"waits_for_approval"}
    plan = session.get_one(ChasePlan, (shop.id, date(2026, 11, 21)))
    assert (plan.stopped, plan.usual, plan.steps) == ("too_large", 1, 4)


def test_a_switch_stops_everything(session: Session, shop: Shop) -> None:
    put_setting(session, shop, "send_enabled", "no")
    case = add_claim(session, shop, accepted=date(2026, 11, 9))

    run(session, shop, date(2026, 11, 21))

    assert state(session, case).reason == "sending_off"
    assert notices(session) == []


def overdue(session: Session, shop: Shop) -> Case:
    """A claim that has had its messages, and whose first letter is due on 2026-04-02."""
    make.add_contact(session, shop, ContactKind.INSURER, PICC)
    case = add_claim(session, shop, accepted=date(2026, 3, 2))
    run_nights(session, shop, date(2026, 3, 2), date(2026, 4, 2))
    return case


def test_a_letter_goes_with_a_statement_and_says_what_lateness_costs(session: Session, shop: Shop) -> None:
    put_setting(session, shop, "shop_phone", "0518-85550000")
    session.add(
        InterestRate(
            name="LPR_1Y", millionths=30_000, source="x", valid_from=date(2026, 1, 20), set_by="x", set_at=AT
        )
    )
    overdue(session, shop)
    run_nights(session, shop, date(2026, 4, 3), date(2026, 4, 9))

    letters = session.scalars(select(ChaseLetter).order_by(ChaseLetter.id)).all()
    assert [(each.letter_no, each.level, each.amount) for each in letters] == [
        ("CK-2026-0001", 3, 500_000),
        ("CK-2026-0002", 5, 500_000),
    ]
    attached = session.scalars(select(NoticeAttachment).order_by(NoticeAttachment.id)).all()
    assert [each.name for each in attached] == ["对账单_CK-2026-0001.xlsx", "对账单_CK-2026-0002.xlsx"]
    first, second = (each.words for each in notices(session) if each.kind == "demand_letter")
    assert first["interest_amount"] == ""  # type: ignore[index]  # JSON
    # 5,000.00 x 3 % x 8 / 365 from 2026-04-02 to 2026-04-09.
    assert (second["interest_amount"], second["interest_days"]) == ("3.29", "8")  # type: ignore[index]  # JSON
    assert second["shop_contact"] == "0518-85550000"  # type: ignore[index]  # JSON


def test_a_letter_whose_case_was_paid_meanwhile_does_not_leave(session: Session, shop: Shop) -> None:
    case = overdue(session, shop)
    letter = notices(session)[-1]
    make.add_payout(session, line_of(session, case), received_on=date(2026, 4, 3))

    withdrawn = withdraw(session, shop.id, AT)

    session.refresh(letter)
    assert withdrawn >= 1
    assert (letter.state, letter.held_because) == (NoticeState.SUPPRESSED, "paid")
    run(session, shop, date(2026, 4, 3))
    assert [each.kind for each in notices(session)].count("demand_letter") == 1


def test_a_letter_of_which_part_was_paid_is_written_anew_under_its_number(
    session: Session, shop: Shop
) -> None:
    case = overdue(session, shop)
    session.get_one(Case, case.id).settlement_agreed_on = date(2026, 3, 20)
    make.add_payout(session, line_of(session, case), 200_000, received_on=date(2026, 4, 3))
    withdraw(session, shop.id, AT)

    run(session, shop, date(2026, 4, 3))

    old, new = [each for each in notices(session) if each.kind == "demand_letter"]
    assert (old.state, old.held_because) == (NoticeState.SUPPRESSED, "rewritten")
    assert new.state is NoticeState.WAITING
    assert (new.words["letter_no"], new.words["unpaid"]) == ("CK-2026-0001", "3,000.00")  # type: ignore[index]  # JSON
    assert [step for step, _ in steps(session, case)] == [0, 1, 2, 3]


def test_insurers_are_written_to_on_a_workday(session: Session, shop: Shop) -> None:
    make.add_contact(session, shop, ContactKind.INSURER, PICC)
    add_claim(session, shop, accepted=date(2026, 9, 22))

    night_before_mid_autumn = Night(
        date(2026, 9, 24), shop.id, shop.code, "system", datetime(2026, 9, 24, 18, tzinfo=UTC)
    )
    compute_deadlines(session, night_before_mid_autumn)
    job.chase_insurers(session, night_before_mid_autumn)

    # The first workday after the holiday begins at midnight in Shanghai.
    assert notices(session)[0].send_after == datetime(2026, 9, 27, 16, tzinfo=UTC)


def test_a_delivered_letter_begins_the_limitation_of_its_cases_anew(session: Session, shop: Shop) -> None:
    case = overdue(session, shop)
    given = {"letter_no": "CK-2026-0001", "on": "2026-04-07", "proof": "ems.pdf", "proof_stored_as": "x.pdf"}

    assert job.record_delivery(session, night(shop, date(2026, 4, 8), **given)) == 1
    assert job.record_delivery(session, night(shop, date(2026, 4, 8), **given)) == 0

    assert session.scalars(select(Interruption.case_id)).all() == [case.id]
    with pytest.raises(Refusal, match="can't have arrived on 2026-04-01"):
        job.record_delivery(session, night(shop, date(2026, 4, 8), **{**given, "on": "2026-04-01"}))
    with pytest.raises(Refusal, match="no letter CK-1"):
        job.record_delivery(session, night(shop, date(2026, 4, 8), **{**given, "letter_no": "CK-1"}))


def test_a_group_may_have_a_ladder_of_its_own(session: Session, shop: Shop) -> None:
    group = session.scalars(select(InsurerGroup).where(InsurerGroup.name == "人保财险")).one()
    session.add(
        LadderLevel(
            scope="insurer_group", scope_id=group.id, level=0, delay=5, form=ChaseForm.MESSAGE, recipients="branch",
            text="请回传收件清单。", floor=0, valid_from=date(2026, 1, 1), set_by="王敏",
        )
    )  # fmt: skip
    case = add_claim(session, shop, accepted=date(2026, 11, 9))
    other = add_claim(
        session, shop, accepted=date(2026, 11, 9),
        insurer_id=make.add_insurer(session, "平安财险连云港中心支公司", "平安产险").id,
    )  # fmt: skip

    run_nights(session, shop, date(2026, 11, 9), date(2026, 11, 14))

    assert steps(session, case) == [(0, date(2026, 11, 14))]
    assert steps(session, other) == [(0, date(2026, 11, 11))]
    assert "请回传收件清单。" in str(notices(session)[-1].words)


def test_an_open_dispute_stops_the_ladder_and_a_resolved_one_lets_it_go_on(
    session: Session, shop: Shop
) -> None:
    case = add_claim(session, shop, accepted=date(2026, 11, 9))
    dispute = Dispute(
        shop_id=shop.id, case_id=case.id, number="ZY-2026-0001", kind=DisputeKind.REFUSED,
        happened_on=date(2026, 11, 10), reason="酒驾", state=DisputeState.OPEN, opened_by="王敏",
    )  # fmt: skip
    session.add(dispute)
    session.flush()

    run_nights(session, shop, date(2026, 11, 20), date(2026, 11, 21))
    assert state(session, case).reason == "disputed"
    dispute.state = DisputeState.RESOLVED
    session.flush()
    run(session, shop, date(2026, 11, 22))

    assert steps(session, case) == [(0, date(2026, 11, 22))]


def test_an_errand_nobody_sees_to_passes_to_the_deputy_and_is_gone_when_paid(
    session: Session, shop: Shop
) -> None:
    for name in ("王敏", "李雷"):
        make.add_staff(session, name, Role.MANAGER)
    put_setting(session, shop, "chase_manager", "王敏")
    put_setting(session, shop, "chase_deputy", "李雷")
    case = overdue(session, shop)
    run_nights(session, shop, date(2026, 4, 3), date(2026, 4, 23))
    for n in range(6):
        job.pass_on_errands(session, night(shop, date(2026, 4, 23) + timedelta(days=n)))

    rows = session.scalars(select(Errand).order_by(Errand.id)).all()
    assert [(each.owner, each.state) for each in rows] == [("王敏", "passed_on"), ("李雷", "open")]
    assert rows[1].opened_on == date(2026, 4, 28)
    make.add_payout(session, line_of(session, case), received_on=date(2026, 4, 29))
    job.pass_on_errands(session, night(shop, date(2026, 4, 29)))

    assert session.get_one(Errand, rows[1].id, populate_existing=True).state is ErrandState.GONE
    with pytest.raises(Refusal, match="is gone"):
        job.finish_errand(session, night(shop, date(2026, 4, 30), errand_id=rows[1].id, because="x"))


def test_every_night_accounts_for_every_open_case(session: Session, shop: Shop) -> None:
    for changes in ({}, {"is_agency_claim": False}, {"authorised_by": None}, {"accepted": None}):
        add_claim(session, shop, **changes)
    for n in range(4):
        tonight = Night(date(2026, 11, 21) + timedelta(days=n), shop.id, shop.code, "system", AT)
        compute_deadlines(session, tonight)
        job.chase_insurers(session, tonight)
        passed = sum(count for name, count in tonight.notes.items() if name.startswith("passed_over_"))

        assert tonight.notes["open_cases"] == tonight.notes["chased"] + passed == 4
        assert tonight.notes["unexplained"] == 0
    assert session.scalars(select(ChaseState.reason)).all()
