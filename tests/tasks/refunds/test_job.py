"""The refunds room on real rows: a repair is settled, a refund waits, a person decides, the customer is told."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from models.entry import Entry, Movement, post
from models.notice import Notice
from models.refund import Position, Refund
from models.shop import Shop
from models.values import Refusal
from models.words import ContactKind, EntryKind, HeldBecause, NoticeState, RefundState
from models.work_order import WorkOrder
from tasks.refunds.job import approve_refund, compute_refunds, decline_refund
from tests import factories
from worker.job import Night

NightOf = Callable[..., Night]


def settle(
    session: Session, night: Night, shop: Shop, *, deposit: int, paid: int, **case: object
) -> WorkOrder:
    """A repair of 12,400.00 yuan of which the insurer owes 11,800.00 (domain 1.8, scenario 4)."""
    order = factories.add_work_order(
        session, shop, repair_gross_amount=1_240_000, repair_net_amount=1_240_000, settle_on=night.date
    )
    line = factories.add_expected_line(session, factories.add_case(session, order, **case), 1_180_000)
    movements = [Movement(order.id, EntryKind.BILL, 1_240_000, None, f"bill:{order.id}")]
    if deposit:
        factories.add_customer_line(session, order, deposit)
        movements.append(Movement(order.id, EntryKind.DEPOSIT, deposit, None, f"deposit:{order.id}"))
    if paid:
        factories.add_payout(session, line, paid)
        movements.append(Movement(order.id, EntryKind.PAYOUT, paid, None, f"payout:{order.id}"))
    post(session, movements, **night.trail)
    return order


def refund_of(session: Session, order: WorkOrder) -> Refund:
    session.expire_all()
    return session.scalars(
        select(Refund).where(Refund.work_order_id == order.id).order_by(Refund.number.desc())
    ).first()  # type: ignore[return-value] # a test that finds none fails on the next line


def by(night: Night, person: str, role: str, **parameters: object) -> Night:
    return replace(night, by=person, parameters={"role": role, **parameters})


@pytest.fixture
def tonight(night: NightOf) -> Night:
    return night(date(2026, 11, 21))


def test_a_paid_repair_gets_a_refund_that_waits_for_approval(
    session: Session, shop: Shop, tonight: Night
) -> None:
    order = settle(session, tonight, shop, deposit=500_000, paid=1_180_000)

    compute_refunds(session, tonight)

    refund = refund_of(session, order)
    assert (refund.amount, refund.state, refund.payee) == (440_000, RefundState.WAITING, "王小明")
    assert refund.sentence == "应退金额＝客户已付5,000.00＋保险回款11,800.00－维修结算额12,400.00＝4,400.00元"
    assert session.get_one(Position, order.id).releasable == 440_000


def test_a_second_look_changes_nothing(session: Session, shop: Shop, tonight: Night) -> None:
    order = settle(session, tonight, shop, deposit=500_000, paid=1_180_000)
    compute_refunds(session, tonight)
    order.settle_on = tonight.date
    session.flush()

    compute_refunds(session, tonight)

    assert len(session.scalars(select(Refund).where(Refund.work_order_id == order.id)).all()) == 1
    assert refund_of(session, order).amount == 440_000


def test_only_repairs_whose_money_changed_are_looked_at(session: Session, shop: Shop, tonight: Night) -> None:
    settle(session, tonight, shop, deposit=500_000, paid=1_180_000)

    assert [compute_refunds(session, tonight), compute_refunds(session, tonight)] == [1, 0]


def test_nothing_is_released_while_the_insurer_still_owes(
    session: Session, shop: Shop, tonight: Night
) -> None:
    order = settle(session, tonight, shop, deposit=500_000, paid=1_000_000)

    compute_refunds(session, tonight)

    assert refund_of(session, order) is None
    position = session.get_one(Position, order.id)
    assert (position.refund_due, position.releasable, position.hold_reason) == (260_000, 0, "payout_expected")


def test_a_repair_that_does_not_add_up_is_set_aside_and_the_others_go_on(
    session: Session, shop: Shop, tonight: Night
) -> None:
    broken = settle(session, tonight, shop, deposit=500_000, paid=1_180_000)
    sound = settle(session, tonight, shop, deposit=500_000, paid=1_180_000)
    broken.repair_net_amount = 1_240_001
    session.flush()

    compute_refunds(session, tonight)

    assert [aside.subject for aside in tonight.set_aside] == [f"work_order:{broken.id}"]
    assert refund_of(session, broken) is None
    assert refund_of(session, sound).amount == 440_000
    assert broken.settle_on == date(2026, 11, 22)


def test_an_approved_refund_reserves_the_money_and_tells_the_customer(
    session: Session, shop: Shop, tonight: Night
) -> None:
    order = settle(session, tonight, shop, deposit=500_000, paid=1_180_000)
    factories.add_contact(session, shop, ContactKind.CUSTOMER, "王小明", plate_no=order.plate_no)
    compute_refunds(session, tonight)
    refund_id = refund_of(session, order).id

    approve_refund(session, by(tonight, "李审核", "reviewer", refund_id=refund_id))

    refund = refund_of(session, order)
    assert (refund.state, refund.approved_by) == (RefundState.APPROVED, "李审核")
    reserved = session.scalars(select(Entry).where(Entry.kind == EntryKind.REFUND_RESERVED)).one()
    assert reserved.amount == 440_000
    notice = session.scalars(select(Notice).where(Notice.occasion == f"refund_ready:{refund_id}")).one()
    assert notice.state is NoticeState.WAITING
    assert isinstance(notice.words, dict)
    assert (notice.words["customer"], notice.words["amount"]) == ("王*", "4,400.00")
    assert notice.words["expected_on"] == "2026年11月27日"


def test_nothing_goes_out_for_a_case_nobody_vouches_for(session: Session, shop: Shop, tonight: Night) -> None:
    order = settle(session, tonight, shop, deposit=500_000, paid=1_180_000, authorised_by=None)
    factories.add_contact(session, shop, ContactKind.CUSTOMER, "王小明", plate_no=order.plate_no)
    compute_refunds(session, tonight)
    refund_id = refund_of(session, order).id

    approve_refund(session, by(tonight, "李审核", "reviewer", refund_id=refund_id))

    notice = session.scalars(select(Notice).where(Notice.occasion == f"refund_ready:{refund_id}")).one()
    assert (notice.state, notice.held_because) == (NoticeState.HELD, HeldBecause.NO_AUTHORISATION)


REFUSED = [
    ("钱会", "cashier", "is cashier; a refund is approved or declined by a reviewer, manager or admin"),
    ("system", "admin", "nobody approves an entry of their own"),
]


@pytest.mark.parametrize(("person", "role", "sentence"), REFUSED, ids=str)
def test_the_wrong_person_is_refused(
    session: Session, shop: Shop, tonight: Night, person: str, role: str, sentence: str
) -> None:
    order = settle(session, tonight, shop, deposit=500_000, paid=1_180_000)
    compute_refunds(session, tonight)

    with pytest.raises(Refusal, match=sentence):
        approve_refund(session, by(tonight, person, role, refund_id=refund_of(session, order).id))

    assert refund_of(session, order).state is RefundState.WAITING


def test_a_second_approval_is_refused(session: Session, shop: Shop, tonight: Night) -> None:
    order = settle(session, tonight, shop, deposit=500_000, paid=1_180_000)
    compute_refunds(session, tonight)
    mine = by(tonight, "李审核", "reviewer", refund_id=refund_of(session, order).id)
    approve_refund(session, mine)

    with pytest.raises(Refusal, match="is approved, not waiting: 李审核 approved it"):
        approve_refund(session, mine)

    assert len(session.scalars(select(Entry).where(Entry.kind == EntryKind.REFUND_RESERVED)).all()) == 1


def test_an_unknown_refund_is_refused(session: Session, shop: Shop, tonight: Night) -> None:
    with pytest.raises(Refusal, match="There is no refund 4711"):
        approve_refund(session, by(tonight, "李审核", "reviewer", refund_id=4711))


def test_an_approved_refund_goes_back_for_approval_when_the_sum_changes(
    session: Session, shop: Shop, tonight: Night
) -> None:
    order = settle(session, tonight, shop, deposit=500_000, paid=1_180_000)
    compute_refunds(session, tonight)
    approve_refund(session, by(tonight, "李审核", "reviewer", refund_id=refund_of(session, order).id))
    post(session, [Movement(order.id, EntryKind.TOP_UP, 1_000, None, "top-up")], **tonight.trail)
    order.settle_on = tonight.date
    session.flush()

    compute_refunds(session, tonight)

    refund = refund_of(session, order)
    assert (refund.amount, refund.state, refund.approved_by) == (441_000, RefundState.WAITING, None)
    released = session.scalars(select(Entry).where(Entry.kind == EntryKind.REFUND_RELEASED)).one()
    assert released.amount == 440_000


def test_a_declined_refund_stays_declined_until_the_sum_changes(
    session: Session, shop: Shop, tonight: Night
) -> None:
    order = settle(session, tonight, shop, deposit=500_000, paid=1_180_000)
    compute_refunds(session, tonight)
    refund_id = refund_of(session, order).id

    decline_refund(session, by(tonight, "李审核", "reviewer", refund_id=refund_id, because="等客户签字"))
    order.settle_on = tonight.date
    session.flush()
    compute_refunds(session, tonight)

    refund = refund_of(session, order)
    assert (refund.id, refund.state, refund.declined_because) == (
        refund_id,
        RefundState.DECLINED,
        "等客户签字",
    )


def test_a_refund_is_not_declined_without_a_reason(session: Session, shop: Shop, tonight: Night) -> None:
    order = settle(session, tonight, shop, deposit=500_000, paid=1_180_000)
    compute_refunds(session, tonight)

    with pytest.raises(Refusal, match="Say why refund"):
        decline_refund(
            session, by(tonight, "李审核", "reviewer", refund_id=refund_of(session, order).id, because=" ")
        )
