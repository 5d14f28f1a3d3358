"""After closing a customer is called once, unless he refused it."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from models import reference
from models.case import Case
from models.errand import Errand
from models.notice import Notice
from models.shop import Setting, Shop
from models.words import ContactKind, NoticeState, Role, Stage
from tasks.followups.job import announce_callbacks
from tests import factories
from worker.job import Night

NightOf = Callable[..., Night]
# A Friday; the third working day after it is Wednesday, 2026-11-25.
FRIDAY = date(2026, 11, 20)


@pytest.fixture
def closable(session: Session, shop: Shop) -> Case:
    """Give a claim the customer made himself, with nothing in the way of closing it."""
    reference.load(session)
    factories.add_staff(session, "赵接待", Role.HANDLER)
    order = factories.add_work_order(session, shop, plate_no="苏E12345", repair_net_amount=None)
    return factories.add_case(
        session, order, is_agency_claim=False, shop_submits_documents=False, stage=Stage.PAYOUT,
        insurance_receptionist="赵接待", stage1_reviewer="孙颖", invoice_amount=None,
    )  # fmt: skip


def close(session: Session, night: Night, case: Case) -> None:
    """Close it by the event that `case close` leaves."""
    from models.event import Happening, record

    case.stage, case.closed_date, case.closed_by = Stage.CLOSED, night.date, "孙颖"
    session.flush()
    record(session, [Happening("case_closed", {}, case.id, case.work_order_id)], **night.trail)


def told(session: Session, kind: str = "satisfaction_call") -> list[Notice]:
    return list(session.scalars(select(Notice).where(Notice.kind == kind).order_by(Notice.id)))


def words(notice: Notice) -> dict[str, Any]:
    assert isinstance(notice.words, dict)
    return notice.words


def test_a_closed_case_is_followed_by_one_call(
    session: Session, shop: Shop, night: NightOf, closable: Case
) -> None:
    factories.add_contact(session, shop, ContactKind.CUSTOMER, "王小明", plate_no="苏E12345")
    close(session, night(FRIDAY), closable)

    assert [announce_callbacks(session, night(FRIDAY)) for _ in range(2)] == [1, 0]

    [notice], [errand] = told(session), session.scalars(select(Errand)).all()
    assert notice.state is NoticeState.WAITING
    assert (words(notice)["closed_on"], words(notice)["call_on"]) == ("2026年11月20日", "2026年11月25日")
    assert (errand.owner, errand.case_id) == ("赵接待", closable.id)
    assert "2026-11-25" in errand.what
    assert [row.recipient for row in told(session, "errand_given")] == ["赵接待"]


def test_who_refused_is_neither_told_nor_called(
    session: Session, shop: Shop, night: NightOf, closable: Case
) -> None:
    factories.add_contact(
        session, shop, ContactKind.CUSTOMER, "王小明", plate_no="苏E12345", opted_out_on=date(2026, 5, 1)
    )
    close(session, night(FRIDAY), closable)

    assert announce_callbacks(session, night(FRIDAY)) == 0
    assert told(session) == []
    assert session.scalars(select(Errand)).all() == []


def test_a_repair_with_a_second_claim_open_is_not_done(
    session: Session, night: NightOf, closable: Case
) -> None:
    from models.work_order import WorkOrder

    factories.add_case(session, session.get_one(WorkOrder, closable.work_order_id), is_lead=False)
    close(session, night(FRIDAY), closable)

    assert announce_callbacks(session, night(FRIDAY)) == 0


def test_what_a_ledger_brings_as_closed_calls_nobody(
    session: Session, night: NightOf, closable: Case
) -> None:
    closable.stage, closable.closed_date = Stage.CLOSED, FRIDAY
    session.flush()

    assert announce_callbacks(session, night(FRIDAY)) == 0


@pytest.mark.parametrize("key, value", [("callback_after_days", 0), ("tell.satisfaction_call", "no")])
def test_a_shop_may_call_nobody(
    session: Session, shop: Shop, night: NightOf, closable: Case, key: str, value: object
) -> None:
    session.add(
        Setting(
            scope="shop", scope_id=shop.id, key=key, value=value, valid_from=date(2026, 1, 1), set_by="王敏",
            set_at=factories.LONG_AGO,
        )
    )  # fmt: skip
    close(session, night(FRIDAY), closable)

    assert announce_callbacks(session, night(FRIDAY)) == 0
