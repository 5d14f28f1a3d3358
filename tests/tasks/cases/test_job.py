"""A recorded fact is written whole: the case, its money entries, and the trail."""

from collections.abc import Callable
from datetime import date

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from models.case import Case, Registration, SubmissionRound
from models.difference import Difference
from models.entry import Entry, Movement, post
from models.event import Event
from models.shop import Shop
from models.values import Refusal
from models.words import EntryKind, LineKind, Resolution, Stage
from models.work_order import CustomerLine, WorkOrder
from tasks.cases.job import record_fact
from tests import factories
from worker.job import Night

MakeNight = Callable[..., Night]


@pytest.fixture
def case(session: Session, shop: Shop) -> Case:
    return factories.add_case(session, factories.add_work_order(session, shop), authorised_by=None)


def record(session: Session, night: MakeNight, case: Case, fact: str, value: str, **more: object) -> int:
    given = {"case_id": case.id, "fact": fact, "value": value, "on": "2026-11-20", "role": "manager"} | more
    return record_fact(session, night(date(2026, 11, 21), by="王敏", parameters=given))


def entries(session: Session) -> list[tuple[EntryKind, int, date | None]]:
    rows = session.execute(select(Entry.kind, Entry.amount, Entry.value_date).order_by(Entry.id))
    return [(row.kind, row.amount, row.value_date) for row in rows]


def test_a_registration_is_kept_once_per_cover(session: Session, night: MakeNight, case: Case) -> None:
    assert record(session, night, case, "registration-no", "交强 LA1") == 1
    assert record(session, night, case, "registration-no", "交强 LA1") == 0
    assert record(session, night, case, "registration-no", "LA2") == 1
    assert record(session, night, case, "registration-no", "交强 LA3") == 1

    rows = session.execute(select(Registration.cover, Registration.number).order_by(Registration.id))
    assert [tuple(row) for row in rows] == [("交强", "LA3"), ("未分", "LA2")]


def test_an_acceptance_moves_the_case_to_its_second_stage(
    session: Session, night: MakeNight, case: Case
) -> None:
    case.stage, case.insurer_accepted_date = Stage.REPAIR, None
    session.flush()

    assert (
        record(session, night, case, "acceptance", "理赔岗", proof="回执.jpg", proof_stored_as="ab.jpg") == 1
    )

    event = session.scalars(select(Event)).one()
    session.refresh(case)
    assert case.accepted_proof == "回执"
    assert case.insurer_accepted_date == date(2026, 11, 20)
    assert case.stage is Stage.SUBMITTED
    assert (event.kind, event.case_id, event.by) == ("recorded_acceptance", case.id, "王敏")
    assert event.inputs == {
        "value": "理赔岗", "on": "2026-11-20", "was": {"insurer_accepted_date": None, "accepted_proof": None}, "proof": "回执.jpg",
        "proof_stored_as": "ab.jpg",
    }  # fmt: skip


def test_the_same_fact_twice_is_written_once(session: Session, night: MakeNight, case: Case) -> None:
    first = record(session, night, case, "agreement", "100")
    second = record(session, night, case, "agreement", "100")

    assert (first, second) == (1, 0)
    assert len(session.scalars(select(Event)).all()) == 1


def test_a_return_and_a_resubmission_are_one_round(session: Session, night: MakeNight, case: Case) -> None:
    record(session, night, case, "return", "缺发票", on="2026-11-10")
    record(session, night, case, "resubmission", "补齐", on="2026-11-12")

    found = session.scalars(select(SubmissionRound)).one()
    assert (found.returned_on, found.reason, found.resubmitted_on) == (
        date(2026, 11, 10), "缺发票", date(2026, 11, 12),
    )  # fmt: skip


def test_a_deposit_is_a_liability_and_the_repair_is_settled_again(
    session: Session, night: MakeNight, case: Case, shop: Shop
) -> None:
    record(session, night, case, "deposit", "500")
    record(session, night, case, "deposit", "500")
    record(session, night, case, "deposit", "500", number=2)

    settle_on = session.get_one(WorkOrder, case.work_order_id, populate_existing=True).settle_on
    assert entries(session) == [(EntryKind.DEPOSIT, 50_000, date(2026, 11, 20))] * 2
    assert [line.cashier for line in session.scalars(select(CustomerLine))] == ["王敏", "王敏"]
    assert settle_on == date(2026, 11, 21)


def test_a_deposit_is_recorded_by_who_takes_money(session: Session, night: MakeNight, case: Case) -> None:
    with pytest.raises(Refusal, match="a deposit is recorded by whoever takes it"):
        record(session, night, case, "deposit", "500", role="accountant")


def test_a_proof_gives_the_third_partys_money_to_the_customer(
    session: Session, night: MakeNight, case: Case
) -> None:
    line = factories.add_expected_line(session, case, 690_000, kind=LineKind.OTHER_AGENCY)
    factories.add_payout(session, line, 600_000)
    came = Movement(case.work_order_id, EntryKind.PAYOUT_THIRD_PARTY, 600_000, date(2026, 11, 1), "payout:1")
    post(session, [came], **night(date(2026, 11, 1)).trail)

    record(session, night, case, "third-party-proof", "6900")

    session.refresh(line)
    assert line.customer_paid_third_party_on == date(2026, 11, 20)
    assert entries(session)[1:] == [(EntryKind.THIRD_PARTY_PROOF, 600_000, date(2026, 11, 20))]


def test_a_consent_is_kept_with_its_proof_until_another_person_approves_it(
    session: Session, night: MakeNight, case: Case
) -> None:
    line = factories.add_expected_line(session, case, 1_180_000)
    factories.add_payout(session, line, 1_100_000)

    first = record(session, night, case, "consent", "800", role="handler", proof="差价确认书.pdf")
    twice = record(session, night, case, "consent", "800", role="handler", proof="差价确认书.pdf")

    session.refresh(line)
    row = session.scalars(select(Difference)).one()
    assert (first, twice, line.resolution) == (1, 0, None)
    assert (row.amount, row.resolution, row.consent, row.consent_on, row.prepared_by, row.approved_by) == (
        80_000, Resolution.CUSTOMER_TOPUP, "差价确认书.pdf", date(2026, 11, 20), "王敏", None,
    )  # fmt: skip
    assert entries(session) == []


@pytest.mark.parametrize(
    ("role", "fact"),
    [("cashier", "consent"), ("viewer", "acceptance"), ("reviewer", "consent"), ("", "third-party-proof")],
)
def test_who_records_no_facts_is_refused_by_the_job(
    session: Session, night: MakeNight, case: Case, role: str, fact: str
) -> None:
    with pytest.raises(Refusal, match=f"^{case.claim_no}: 王敏 is {role}; .*huikuan login NAME"):
        record(session, night, case, fact, "800", role=role)

    assert session.scalars(select(Event)).all() == []
