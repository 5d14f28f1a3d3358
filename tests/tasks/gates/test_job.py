"""The gates room on real rows: blockers come, stay as they are, and go by themselves; facts are recorded."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from models.blocker import Blocker
from models.case import Case
from models.event import Event
from models.shop import Setting, Shop
from models.values import Refusal
from models.words import CustomerLineKind, Liability, RefundState, Stage
from models.work_order import WorkOrder
from tasks.gates.job import check_stage_gates, record_stage_fact
from tests import factories as make
from worker.job import Night

NightOf = Callable[..., Night]
WHOLE: dict[str, Any] = {
    "stage": Stage.SUBMITTED,
    "insurance_receptionist": "王敏",
    "stage1_reviewer": "李娜",
    "stage1_review_date": date(2026, 9, 10),
    "invoice_amount": 500_000,
    "invoice_date": date(2026, 9, 12),
    "accident_liability": Liability.SINGLE,
}


def a_case(session: Session, shop: Shop, order: WorkOrder | None = None, **facts: Any) -> Case:
    case = make.add_case(session, order or make.add_work_order(session, shop), **WHOLE | facts)
    if case.is_agency_claim:
        make.add_expected_line(session, case)
    return case


def standing(session: Session, case: Case) -> dict[str, date]:
    rows = session.execute(select(Blocker.code, Blocker.since).where(Blocker.case_id == case.id))
    return {row.code: row.since for row in rows}


@pytest.fixture
def tonight(night: NightOf) -> Night:
    return night(date(2026, 11, 21))


def test_a_whole_case_has_no_blockers(session: Session, shop: Shop, tonight: Night) -> None:
    case = a_case(session, shop)

    assert check_stage_gates(session, tonight) == 0
    assert standing(session, case) == {}


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ({"stage1_reviewer": None}, {"not_reviewed": date(2026, 9, 10)}),
        ({"stage1_reviewer": "王敏"}, {"reviewed_by_filler": date(2026, 9, 10)}),
        ({"authorised_by": None}, {"no_authorisation": date(2026, 9, 10)}),
        ({"authorisation_valid_to": date(2026, 11, 1)}, {"authorisation_expired": date(2026, 11, 2)}),
        ({"report_no": None}, {"no_report_no": date(2026, 9, 10)}),
        ({"accident_liability": None}, {"no_liability": date(2026, 9, 15)}),
        ({"invoice_date": None}, {"not_invoiced": date(2026, 9, 17)}),
        ({"insurer_accepted_date": None}, {"not_accepted": date(2026, 9, 18)}),
        (
            {"file_handover_date": None, "insurer_accepted_date": None, "stage": Stage.REPAIR},
            {"not_handed_over": date(2026, 9, 19)},
        ),
        ({"stage": Stage.CLOSED, "stage1_reviewer": None}, {}),
        ({"is_agency_claim": False, "stage1_reviewer": None}, {"not_reviewed": date(2026, 9, 10)}),
    ],
    ids=str,
)
def test_what_a_case_lacks_stands_as_a_blocker(
    session: Session, shop: Shop, tonight: Night, facts: dict[str, Any], expected: dict[str, date]
) -> None:
    case = a_case(session, shop, **facts)

    check_stage_gates(session, tonight)

    assert standing(session, case) == expected


def test_a_blocker_goes_when_it_is_mended_and_stays_untouched_until_then(
    session: Session, shop: Shop, tonight: Night
) -> None:
    case = a_case(session, shop, stage1_reviewer=None, invoice_date=None)

    assert check_stage_gates(session, tonight) == 2
    assert check_stage_gates(session, tonight) == 0
    case.stage1_reviewer = "李娜"
    session.flush()
    assert check_stage_gates(session, tonight) == 1
    assert set(standing(session, case)) == {"not_invoiced"}


def test_the_blockers_of_a_case_that_was_closed_go(session: Session, shop: Shop, tonight: Night) -> None:
    case = a_case(session, shop, stage1_reviewer=None)
    check_stage_gates(session, tonight)

    case.stage = Stage.CLOSED
    session.flush()
    check_stage_gates(session, tonight)

    assert standing(session, case) == {}


def test_a_returned_file_is_listed_after_a_week_at_the_shop(
    session: Session, shop: Shop, night: NightOf
) -> None:
    case = a_case(session, shop)
    back = make.add_round(session, case, returned_on=date(2026, 11, 14), resubmitted_on=None)

    check_stage_gates(session, night(date(2026, 11, 20)))
    assert standing(session, case) == {}
    check_stage_gates(session, night(date(2026, 11, 21)))
    assert standing(session, case) == {"not_resubmitted": date(2026, 11, 21)}

    back.resubmitted_on = date(2026, 11, 22)
    session.flush()
    check_stage_gates(session, night(date(2026, 11, 22)))
    assert standing(session, case) == {}


def test_the_days_of_patience_are_settings_of_the_shop(session: Session, shop: Shop, tonight: Night) -> None:
    order = make.add_work_order(session, shop, vehicle_release_date=date(2026, 11, 11))
    case = a_case(session, shop, order, invoice_date=None)
    key = {
        "key": "invoice_after_days",
        "valid_from": date(2026, 1, 1),
        "set_by": "王敏",
        "set_at": tonight.at,
    }
    session.add(Setting(scope="shop", scope_id=shop.id, value=11, **key))
    session.flush()

    check_stage_gates(session, tonight)
    assert standing(session, case) == {}
    check_stage_gates(session, replace(tonight, date=date(2026, 11, 22)))
    assert standing(session, case) == {"not_invoiced": date(2026, 11, 22)}


def test_a_night_run_late_undoes_nothing(session: Session, shop: Shop, night: NightOf) -> None:
    order = make.add_work_order(session, shop, vehicle_release_date=date(2026, 11, 14))
    case = a_case(session, shop, order, invoice_date=None)
    check_stage_gates(session, night(date(2026, 11, 21)))

    check_stage_gates(session, night(date(2026, 11, 19)))

    assert standing(session, case) == {"not_invoiced": date(2026, 11, 21)}


def test_a_bill_that_nobody_bears_is_listed_on_the_lead_case(
    session: Session, shop: Shop, tonight: Night
) -> None:
    order = make.add_work_order(session, shop, customer_payable_amount=30_000)
    lead = make.add_case(session, order, **WHOLE)
    second = make.add_case(session, order, is_lead=False, **WHOLE)
    make.add_expected_line(session, lead, 300_000)
    make.add_expected_line(session, second, 160_000)
    make.add_customer_line(session, order, 30_000, kind=CustomerLineKind.SELF_PAY)

    check_stage_gates(session, tonight)

    assert set(standing(session, lead)) == {"identity"}
    assert standing(session, second) == {}
    sentence = session.scalars(select(Blocker.sentence).where(Blocker.case_id == lead.id)).one()
    assert "nobody bears 100.00" in sentence


def test_money_of_another_claim_for_this_repair_counts_toward_its_bill(
    session: Session, shop: Shop, tonight: Night
) -> None:
    mine, other = (
        make.add_work_order(session, shop, customer_payable_amount=0),
        make.add_work_order(session, shop),
    )
    case = make.add_case(session, mine, **WHOLE)
    make.add_expected_line(session, case, 300_000)
    make.add_expected_line(session, a_case(session, shop, other), 200_000, work_order_id=mine.id)

    check_stage_gates(session, tonight)

    assert standing(session, case) == {}


def test_other_shops_are_left_alone(session: Session, shop: Shop, tonight: Night) -> None:
    elsewhere = a_case(session, make.add_shop(session), stage1_reviewer=None)

    assert check_stage_gates(session, tonight) == 0
    assert standing(session, elsewhere) == {}


# ------------------------------------------------------------------ facts by hand


def by_hand(night: Night, case: Case, fact: str, value: str = "", **more: Any) -> Night:
    given = {"case_id": case.id, "fact": fact, "value": value, "on": "2026-11-20", "role": "manager"}
    return replace(night, by="赵经理", parameters={**given, **more})


def test_a_review_is_recorded_with_what_was_before(session: Session, shop: Shop, tonight: Night) -> None:
    case = a_case(session, shop, stage1_reviewer=None, stage1_review_date=None)

    assert record_stage_fact(session, by_hand(tonight, case, "review")) == 1
    assert record_stage_fact(session, by_hand(tonight, case, "review")) == 0

    session.refresh(case)
    assert (case.stage1_reviewer, case.stage1_review_date) == ("赵经理", date(2026, 11, 20))
    event = session.scalars(select(Event).where(Event.case_id == case.id)).one()
    assert (event.kind, event.by) == ("recorded_review", "赵经理")
    assert event.inputs == {
        "value": "", "on": "2026-11-20", "was": {"stage1_reviewer": None, "stage1_review_date": None},
        "now": {"stage1_reviewer": "赵经理", "stage1_review_date": "2026-11-20"},
    }  # fmt: skip


def test_a_hand_over_carries_the_case_to_stage_2(session: Session, shop: Shop, tonight: Night) -> None:
    case = a_case(session, shop, stage=Stage.REPAIR, file_handover_date=None, insurer_accepted_date=None)

    record_stage_fact(session, by_hand(tonight, case, "handover", "周磊"))

    session.refresh(case)
    assert (case.stage, case.file_receiver) == (Stage.SUBMITTED, "周磊")
    assert case.file_handover_date == date(2026, 11, 20)


def test_a_refused_fact_writes_nothing(session: Session, shop: Shop, tonight: Night) -> None:
    case = a_case(session, shop, stage1_reviewer=None, file_handover_date=None)

    with pytest.raises(Refusal, match="goes to the insurer after the review"):
        record_stage_fact(session, by_hand(tonight, case, "handover"))

    session.refresh(case)
    assert case.file_handover_date is None
    assert session.scalars(select(Event).where(Event.case_id == case.id)).all() == []


def test_a_signature_stands_on_every_paid_refund_that_waited_for_it(
    session: Session, shop: Shop, tonight: Night
) -> None:
    case = a_case(session, shop)
    order = session.get_one(WorkOrder, case.work_order_id)
    paid = make.add_refund(session, order, 100, state=RefundState.PAID, paid_on=date(2026, 11, 19))
    waiting = make.add_refund(session, order, 200, number=2)

    record_stage_fact(
        session,
        by_hand(tonight, case, "signature", "李四", proof="委托书.pdf", proof_stored_as="proofs/1.pdf"),
    )

    session.refresh(paid)
    session.refresh(waiting)
    assert (paid.signed_by, paid.signed_on, paid.signature_proof) == (
        "李四",
        date(2026, 11, 20),
        "proofs/1.pdf",
    )
    assert waiting.signed_by is None


def test_only_the_case_of_a_recorded_fact_is_looked_at_again(
    session: Session, shop: Shop, tonight: Night
) -> None:
    one, other = a_case(session, shop, stage1_reviewer=None), a_case(session, shop, stage1_reviewer=None)

    check_stage_gates(session, replace(tonight, parameters={"case_id": one.id}))

    assert set(standing(session, one)) == {"not_reviewed"}
    assert standing(session, other) == {}
