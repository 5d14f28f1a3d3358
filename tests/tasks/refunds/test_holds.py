"""A person holds what is due on a repair: nothing is approved, paid or sent while the hold stands."""

from collections.abc import Callable
from datetime import date

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from models.case import Case
from models.event import Event
from models.payment import PaymentItem
from models.refund import Refund
from models.shop import Shop
from models.values import Refusal
from models.words import RefundState
from tasks.refunds.job import compute_refunds, hold_refund, make_payment_file, pay_refund, unhold_refund
from tests.tasks.refunds.repairs import approve, approved, by, entries, newest, position, waiting
from worker.job import Night


@pytest.fixture
def tonight(night: Callable[..., Night]) -> Night:
    return night(date(2026, 11, 21))


def case_of(session: Session, refund: Refund) -> Case:
    return session.scalars(select(Case).where(Case.work_order_id == refund.work_order_id)).one()


def hold(
    session: Session, night: Night, refund: Refund, because: str = "客户去世，等继承人", role: str = "handler"
) -> int:
    case_id = case_of(session, refund).id
    return hold_refund(session, by(night, "赵接待", role, case_id=case_id, because=because))


def unhold(session: Session, night: Night, refund: Refund, role: str = "reviewer") -> int:
    return unhold_refund(session, by(night, "李审核", role, case_id=case_of(session, refund).id))


def test_a_held_refund_is_withdrawn_and_comes_back_when_the_hold_ends(
    session: Session, shop: Shop, tonight: Night
) -> None:
    refund = waiting(session, tonight, shop)

    held, twice = hold(session, tonight, refund), hold(session, tonight, refund)
    compute_refunds(session, tonight)
    stands = position(session, refund.work_order_id)
    while_held = (stands.refund_due, stands.releasable, stands.hold_reason)
    state = newest(session, refund.work_order_id).state
    ended = unhold(session, tonight, refund)
    compute_refunds(session, tonight)

    again = newest(session, refund.work_order_id)
    assert (held, twice, ended) == (1, 0, 1)
    assert while_held == (440_000, 0, "manual_hold")
    assert state is RefundState.DECLINED
    assert (again.number, again.state, again.amount) == (2, RefundState.WAITING, 440_000)
    told = session.scalars(select(Event.kind).where(Event.kind.in_(("refund_held", "refund_unheld"))))
    assert list(told) == ["refund_held", "refund_unheld"]


def test_what_waits_is_not_approved_while_it_is_held(session: Session, shop: Shop, tonight: Night) -> None:
    refund = waiting(session, tonight, shop)
    hold(session, tonight, refund)

    claim = case_of(session, refund).claim_no
    with pytest.raises(Refusal, match=f"is held: 客户去世，等继承人. .*huikuan refund unhold {claim}"):
        approve(session, tonight, refund)

    assert entries(session, refund.work_order_id) == []


def test_what_is_approved_is_neither_paid_nor_sent_while_it_is_held(
    session: Session, shop: Shop, tonight: Night
) -> None:
    refund = approved(session, tonight, shop)
    hold(session, tonight, refund)

    with pytest.raises(Refusal, match="is held: 客户去世"):
        pay_refund(session, by(tonight, "钱会", "cashier", refund_id=refund.id, on="2026-11-21"))
    with pytest.raises(Refusal, match="it is held: 客户去世，等继承人. huikuan refund unhold"):
        make_payment_file(session, by(tonight, "钱会", "cashier"))
    compute_refunds(session, tonight)

    assert session.scalars(select(PaymentItem)).all() == []
    assert entries(session, refund.work_order_id) == [
        ("refund_reserved", 440_000), ("refund_released", 440_000),
    ]  # fmt: skip


@pytest.mark.parametrize("role", ["cashier", "viewer", ""])
def test_who_may_not_hold_is_refused(session: Session, shop: Shop, tonight: Night, role: str) -> None:
    refund = waiting(session, tonight, shop)

    with pytest.raises(Refusal, match=case_of(session, refund).claim_no):
        hold(session, tonight, refund, role=role)
    with pytest.raises(Refusal, match=case_of(session, refund).claim_no):
        unhold(session, tonight, refund, role="handler")


def test_a_hold_says_why(session: Session, shop: Shop, tonight: Night) -> None:
    refund = waiting(session, tonight, shop)

    with pytest.raises(Refusal, match="say why, in at most 255 characters: huikuan refund hold"):
        hold(session, tonight, refund, because=" ")

    assert unhold(session, tonight, refund) == 0
