"""A night touches the claims of which something changed or ran out, and no other."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models import reference
from models.business_day import BusinessDay
from models.case import Case
from models.case_change import CaseChange
from models.deadline import Deadline, Interruption, LegalRule
from models.errand import Errand
from models.notice import Notice
from models.shop import Setting, Shop
from models.values import Refusal
from models.words import (
    ContactKind,
    DeadlineState,
    InterruptionKind,
    PeriodUnit,
    Role,
    RuleCover,
    Stage,
)
from tasks.deadlines import law, queries
from tasks.deadlines.job import check_calendar, compute_deadlines, watch_limitation
from tasks.deadlines.notice_file import read_notice
from tests import factories as make
from tests.tasks.deadlines.test_notice_file import REST_2027, WORKED_2027, published
from worker.job import Night

AT = datetime(2026, 11, 21, 18, tzinfo=UTC)


def night(shop: Shop, day: date) -> Night:
    return Night(day, shop.id, shop.code, "system", AT)


@pytest.fixture(autouse=True)
def _law(session: Session) -> None:
    reference.load(session)


def accepted(session: Session, shop: Shop, day: date, **facts: object) -> Case:
    case = make.add_case(session, make.add_work_order(session, shop), insurer_accepted_date=day, **facts)
    make.add_expected_line(session, case)
    return case


def clock(session: Session, case: Case, code: str) -> Deadline:
    query = select(Deadline).where(Deadline.case_id == case.id, Deadline.rule_code == code)
    return session.scalars(query.execution_options(populate_existing=True)).one()


def touched(session: Session, shop: Shop, day: date) -> list[int]:
    """Which claims a night would look at; asked in a transaction that leaves nothing."""
    with session.begin_nested() as point:
        found = queries.take_changed_cases(session, shop.id, day)
        point.rollback()
    return found


def test_a_quiet_night_touches_no_claim_however_many_there_are(session: Session, shop: Shop) -> None:
    cases = [accepted(session, shop, date(2026, 11, 1)) for _ in range(5)]
    assert touched(session, shop, date(2026, 11, 21)) == [case.id for case in cases]

    compute_deadlines(session, night(shop, date(2026, 11, 21)))

    assert touched(session, shop, date(2026, 11, 22)) == []
    cases[2].settlement_agreed_on = date(2026, 11, 20)
    session.flush()
    assert touched(session, shop, date(2026, 11, 22)) == [cases[2].id]


def test_a_fact_that_the_clocks_do_not_rest_on_wakes_nobody(session: Session, shop: Shop) -> None:
    case = accepted(session, shop, date(2026, 11, 1))
    compute_deadlines(session, night(shop, date(2026, 11, 21)))

    case.file_receiver, case.insurer_accepted_date = "李雷", date(2026, 11, 1)
    session.flush()

    assert touched(session, shop, date(2026, 11, 22)) == []


def test_a_clock_that_ran_out_is_looked_at_on_the_day_after(session: Session, shop: Shop) -> None:
    case = accepted(session, shop, date(2026, 10, 20))
    compute_deadlines(session, night(shop, date(2026, 11, 1)))
    due_on = clock(session, case, "decision").due_on

    assert due_on == date(2026, 11, 19)
    assert touched(session, shop, due_on) == []
    assert touched(session, shop, due_on + timedelta(days=1)) == [case.id]


def test_a_fact_of_a_day_to_come_wakes_the_claim_on_that_day(session: Session, shop: Shop) -> None:
    case = accepted(session, shop, date(2026, 11, 1), settlement_agreed_on=date(2026, 11, 25))
    compute_deadlines(session, night(shop, date(2026, 11, 21)))

    assert touched(session, shop, date(2026, 11, 24)) == []
    assert touched(session, shop, date(2026, 11, 25)) == [case.id]


def test_another_shop_keeps_its_notes(session: Session, shop: Shop) -> None:
    elsewhere = make.add_shop(session)
    case = accepted(session, elsewhere, date(2026, 11, 1))

    compute_deadlines(session, night(shop, date(2026, 11, 21)))

    assert touched(session, elsewhere, date(2026, 11, 21)) == [case.id]


def test_a_claim_that_a_later_night_has_computed_is_left_for_the_next_night(
    session: Session, shop: Shop
) -> None:
    case = accepted(session, shop, date(2026, 9, 1))
    compute_deadlines(session, night(shop, date(2026, 11, 21)))
    case.settlement_agreed_on = date(2026, 11, 20)
    session.flush()

    assert compute_deadlines(session, night(shop, date(2026, 11, 10))) == 0
    assert compute_deadlines(session, night(shop, date(2026, 11, 22))) > 0


def test_the_notice_of_a_year_makes_what_rested_on_it_firm(session: Session, shop: Shop) -> None:
    # 2027-02-09 rests only because the notice says so; 2027-02-20 is worked only because it does.
    case = accepted(session, shop, date(2027, 1, 10))
    compute_deadlines(session, night(shop, date(2027, 1, 12)))
    before = clock(session, case, "decision")
    assert (before.due_on, before.provisional) == (date(2027, 2, 9), True)

    changed = law.put_notice(
        session, read_notice("2027.json", published(REST_2027, WORKED_2027)), "2027.json"
    )
    compute_deadlines(session, night(shop, date(2027, 1, 13)))

    after = clock(session, case, "decision")
    assert changed == 18
    assert (after.due_on, after.provisional) == (date(2027, 2, 10), False)
    again = law.put_notice(session, read_notice("2027.json", published(REST_2027, WORKED_2027)), "2027.json")
    assert again == 0
    assert touched(session, shop, date(2027, 1, 14)) == []


def test_a_corrected_notice_takes_a_day_back(session: Session, shop: Shop) -> None:
    law.put_notice(session, read_notice("2027.json", published(REST_2027, WORKED_2027)), "first")
    corrected = [day for day in REST_2027 if day != "2027-02-09"]

    changed = law.put_notice(session, read_notice("2027.json", published(corrected, WORKED_2027)), "second")

    assert changed == 1
    rows = session.scalars(select(BusinessDay.day).where(BusinessDay.notice_year == 2027)).all()
    assert date(2027, 2, 9) not in rows


def test_a_rule_changed_from_a_day_on_reaches_the_claims_of_after(session: Session, shop: Shop) -> None:
    before, after = accepted(session, shop, date(2026, 9, 30)), accepted(session, shop, date(2026, 10, 12))
    compute_deadlines(session, night(shop, date(2026, 10, 20)))
    new = law.NewRule(
        "decision", RuleCover.COMMERCIAL, 20, PeriodUnit.DAYS, "insurer_accepted_date", "保险法(修订) 30",
        date(2026, 10, 1), None, "王敏",
    )  # fmt: skip

    law.set_rule(session, new)
    compute_deadlines(session, night(shop, date(2026, 10, 21)))

    assert clock(session, before, "decision").source.startswith("保险法 23(1)")
    changed = clock(session, after, "decision")
    assert (changed.due_on, changed.source) == (date(2026, 11, 2), "保险法(修订) 30")
    ends = session.scalars(
        select(LegalRule.valid_to).where(LegalRule.code == "decision").order_by(LegalRule.valid_from)
    )
    assert list(ends) == [date(2026, 9, 30), None]


def test_a_rule_with_a_gap_changes_nothing(session: Session, shop: Shop) -> None:
    law.set_rule(
        session,
        law.NewRule(
            "decision", RuleCover.COMMERCIAL, 20, PeriodUnit.DAYS, "insurer_accepted_date", "x",
            date(2026, 10, 1), date(2026, 12, 31), "王敏",
        ),
    )  # fmt: skip

    with pytest.raises(Refusal, match="no rule would be valid from 2027-01-01 to 2027-01-31"):
        law.set_rule(
            session,
            law.NewRule(
                "decision", RuleCover.COMMERCIAL, 25, PeriodUnit.DAYS, "insurer_accepted_date", "x",
                date(2027, 2, 1), None, "王敏",
            ),
        )  # fmt: skip

    assert len(session.scalars(select(LegalRule.id).where(LegalRule.code == "decision")).all()) == 2


def test_every_rule_that_ships_is_valid_without_gap_and_says_its_source(session: Session) -> None:
    rules = session.scalars(select(LegalRule)).all()

    assert {rule.code for rule in rules} >= {
        "decision", "payment", "advance_payment", "refusal_reasons", "compulsory_documents", "compulsory_decision",
        "compulsory_payment", "limitation", "limitation_liability", "complaint_simple", "complaint_complex",
        "complaint_extended", "review_request", "review_decision",
    }  # fmt: skip
    assert all(rule.source and rule.trigger for rule in rules)
    assert len({rule.code for rule in rules}) == len(rules)


def errands(session: Session) -> list[tuple[str, str, date]]:
    query = select(Errand).order_by(Errand.id)
    return [(each.occasion.rpartition(":")[2], each.owner, each.opened_on) for each in session.scalars(query)]


def test_a_limitation_is_told_to_the_manager_at_its_marks_and_once_each(session: Session, shop: Shop) -> None:
    make.add_staff(session, "王敏", Role.MANAGER)
    make.add_contact(session, shop, ContactKind.STAFF, "王敏")
    session.add(
        Setting(
            scope="shop", scope_id=shop.id, key="chase_manager", value="王敏", valid_from=date(2020, 1, 1),
            set_by="x", set_at=AT,
        )
    )  # fmt: skip
    case = accepted(session, shop, date(2025, 2, 1), accident_date=date(2025, 1, 31), dispatch_date=None)
    first = date(2026, 7, 28)
    for n in range(200):
        day = first + timedelta(days=n)
        compute_deadlines(session, night(shop, day))
        watch_limitation(session, night(shop, day))

    assert errands(session) == [
        ("18", "王敏", date(2026, 7, 31)),
        ("21", "王敏", date(2026, 10, 31)),
        ("23", "王敏", date(2026, 12, 31)),
        ("24", "王敏", date(2027, 2, 2)),
    ]
    told = session.scalars(select(Notice).where(Notice.kind == "errand_given")).all()
    assert [notice.recipient for notice in told] == ["王敏"] * 4
    assert case.claim_no in str(told[0].words)


def test_a_demand_that_arrived_moves_the_marks(session: Session, shop: Shop) -> None:
    case = accepted(session, shop, date(2025, 2, 1), accident_date=date(2025, 1, 31))
    session.add(
        Interruption(
            shop_id=shop.id, case_id=case.id, kind=InterruptionKind.DEMAND, happened_on=date(2026, 5, 1),
            letter_no="CK-2026-0001", proof="ems.pdf", proof_stored_as="x.pdf", recorded_by="王敏",
            recorded_on=date(2026, 5, 3),
        )
    )  # fmt: skip
    session.flush()
    compute_deadlines(session, night(shop, date(2026, 7, 31)))

    assert watch_limitation(session, night(shop, date(2026, 7, 31))) == 0
    assert clock(session, case, "limitation").state is DeadlineState.RESTARTED
    assert clock(session, case, "limitation").due_on.year == 2028


def test_what_was_paid_or_closed_is_watched_no_more(session: Session, shop: Shop) -> None:
    paid = make.add_case(
        session, make.add_work_order(session, shop), accident_date=date(2025, 1, 5),
        insurer_accepted_date=date(2025, 2, 1),
    )  # fmt: skip
    make.add_payout(session, make.add_expected_line(session, paid), received_on=date(2025, 6, 1))
    closed = accepted(session, shop, date(2025, 2, 1), accident_date=date(2025, 1, 5), stage=Stage.CLOSED)
    assert closed.id

    compute_deadlines(session, night(shop, date(2026, 11, 21)))

    assert watch_limitation(session, night(shop, date(2026, 11, 21))) == 0


def test_the_missing_notice_is_told_once_as_a_warning_and_once_as_an_error(
    session: Session, shop: Shop
) -> None:
    make.add_staff(session, "王敏", Role.MANAGER)
    days = ("2026-09-30", "2026-10-01", "2026-10-02", "2026-12-14", "2026-12-15", "2026-12-16")

    told = [check_calendar(session, night(shop, date.fromisoformat(day))) for day in days]

    assert told == [0, 1, 0, 0, 1, 0]
    kinds = session.scalars(
        select(Notice.words).where(Notice.kind == "calendar_warning").order_by(Notice.id)
    ).all()
    assert [words["is_error"] for words in kinds] == [False, True]  # type: ignore[index]  # JSON


def test_notes_of_changes_do_not_pile_up(session: Session, shop: Shop) -> None:
    case = accepted(session, shop, date(2026, 11, 1))
    for n in range(3):
        case.settlement_agreed_on = date(2026, 11, 10 + n)
        session.flush()
    assert len(session.scalars(select(CaseChange.id)).all()) >= 4

    compute_deadlines(session, night(shop, date(2026, 11, 21)))

    assert session.scalar(select(func.count()).select_from(CaseChange)) == 0
