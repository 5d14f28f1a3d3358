"""The register: entered, answered, resolved; and what it means for chase and people."""

from datetime import UTC, date, datetime

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from models import reference
from models.case import Case
from models.difference import Difference
from models.dispute import Dispute, DisputeClock
from models.errand import Errand
from models.shop import Shop
from models.values import Refusal
from models.words import DeadlineState, DifferenceState, DisputeState
from tasks.disputes import job
from tests import factories as make
from worker.job import Night

AT = datetime(2026, 11, 21, 18, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _law(session: Session) -> None:
    reference.load(session)


def night(shop: Shop, day: str, **given: object) -> Night:
    return Night(date.fromisoformat(day), shop.id, shop.code, "王敏", AT, parameters=given)


def claim(session: Session, shop: Shop, **facts: object) -> Case:
    case = make.add_case(session, make.add_work_order(session, shop), **facts)
    make.add_expected_line(session, case)
    return case


def test_a_refusal_without_reasons_becomes_an_errand_after_three_days(session: Session, shop: Shop) -> None:
    case = claim(session, shop)
    given = {"case_id": case.id, "kind": "refused", "on": "2026-11-02", "because": "未年检"}
    job.open_dispute(session, night(shop, "2026-11-03", **given))
    assert session.scalars(select(Errand)).all() == []

    job.watch_disputes(session, night(shop, "2026-11-06"))
    job.watch_disputes(session, night(shop, "2026-11-07"))

    errand = session.scalars(select(Errand)).one()
    assert "保险法 24" in errand.what
    job.answer_dispute(session, night(shop, "2026-11-08", number="ZY-2026-0001", on="2026-11-08"))
    assert session.scalars(select(DisputeClock.state)).one() is DeadlineState.MET
    assert session.scalars(select(Dispute.state)).one() is DisputeState.OPEN


def test_a_dispute_that_cannot_be_reckoned_is_set_aside_alone(session: Session, shop: Shop) -> None:
    for claim_no in ("LP2026-0001", "LP2026-0002"):
        case = claim(session, shop, claim_no=claim_no)
        given = {"case_id": case.id, "kind": "refused", "on": "2026-11-02", "because": "未年检"}
        job.open_dispute(session, night(shop, "2026-11-03", **given))
    first, second = session.scalars(select(Dispute).order_by(Dispute.id))
    first.happened_on = date.max  # no clock ends after it
    tonight = night(shop, "2026-11-06")

    job.watch_disputes(session, tonight)

    assert [each.subject for each in tonight.set_aside] == [f"dispute:{first.id}"]
    assert [each.case_id for each in session.scalars(select(Errand))] == [second.case_id]


def test_a_complaint_runs_is_answered_and_asks_for_a_review(session: Session, shop: Shop) -> None:
    case = claim(session, shop)
    given = {
        "case_id": case.id,
        "kind": "complaint",
        "on": "2026-09-01",
        "because": "拖延",
        "institution": "12378",
    }
    job.open_dispute(session, night(shop, "2026-09-01", **given))
    number = session.scalars(select(Dispute.number)).one()

    job.answer_dispute(session, night(shop, "2026-09-20", number=number, on="2026-09-20"))

    assert "核查" in session.scalars(select(Errand.what)).one()
    job.resolve_dispute(session, night(shop, "2026-10-09", number=number, on="2026-10-09", outcome="paid"))
    clocks = session.scalars(select(DisputeClock.state).execution_options(populate_existing=True)).all()
    assert set(clocks) == {DeadlineState.MET}
    with pytest.raises(Refusal, match="is resolved already"):
        job.resolve_dispute(
            session, night(shop, "2026-10-09", number=number, on="2026-10-09", outcome="paid")
        )


def test_a_dispute_is_linked_to_the_open_difference_of_its_case(session: Session, shop: Shop) -> None:
    case = claim(session, shop)
    line = make.add_expected_line(session, case, 90_000, cover="三者")
    difference = Difference(
        shop_id=shop.id, case_id=case.id, work_order_id=case.work_order_id, expected_line_id=line.id,
        amount=10_000, state=DifferenceState.OPEN, opened_on=date(2026, 11, 1),
    )  # fmt: skip
    session.add(difference)
    session.flush()
    given = {"case_id": case.id, "kind": "partial", "on": "2026-11-02", "because": "核减", "amount": 80_000}

    job.open_dispute(session, night(shop, "2026-11-03", **given))

    row = session.scalars(select(Dispute)).one()
    assert (row.difference_id, row.amount) == (difference.id, 80_000)


def test_the_shop_complains_only_with_an_authorisation(session: Session, shop: Shop) -> None:
    case = claim(session, shop, authorised_by=None)
    given = {"case_id": case.id, "kind": "complaint", "on": "2026-11-02", "because": "拖延"}

    with pytest.raises(Refusal, match="authorisation .* is missing"):
        job.open_dispute(session, night(shop, "2026-11-03", **given))
    assert job.open_dispute(session, night(shop, "2026-11-03", **given, by_customer=True))


def test_an_approval_is_on_record_and_disputes_nothing(session: Session, shop: Shop) -> None:
    case = claim(session, shop)
    given = {"case_id": case.id, "kind": "approved", "on": "2026-11-02", "because": "全额", "amount": 500_000}

    job.open_dispute(session, night(shop, "2026-11-03", **given))

    assert session.scalars(select(Dispute.state)).one() is DisputeState.RESOLVED
    assert job.watch_disputes(session, night(shop, "2026-11-04")) == 0
