"""A notice that was held, died or is uncertain."""

from datetime import UTC, date, datetime

import pytest
from sqlalchemy import event
from sqlalchemy.orm import Session

from models.shop import Shop
from models.values import Refusal
from models.words import ContactKind, HeldBecause, NoticeState
from notifications.holding import confirm_sent, release_held, send_again
from tests import factories

AT = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)


def test_an_address_that_arrives_later_lets_the_notice_go(session: Session, shop: Shop) -> None:
    notice = factories.add_notice(
        session, shop, "morning_digest", {}, audience="staff", recipient="王敏",
        state=NoticeState.HELD, held_because=HeldBecause.NO_ADDRESS, address=None,
    )  # fmt: skip
    assert release_held(session, shop.id, AT) == 0
    factories.add_contact(session, shop, ContactKind.STAFF, "王敏", email="wang@example.com")

    released = release_held(session, shop.id, AT)

    assert released == 1
    assert (notice.state, notice.held_because) == (NoticeState.WAITING, None)
    assert (notice.address, notice.send_after) == ("wang@example.com", AT)


def test_who_is_written_to_every_day_without_an_address_is_looked_up_once(
    session: Session, shop: Shop
) -> None:
    asked: list[int] = []

    def note(*_: object) -> None:
        asked.append(1)

    def statements(days: int) -> int:
        for _ in range(days):
            factories.add_notice(
                session, shop, "morning_digest", {}, audience="staff", recipient="王敏",
                state=NoticeState.HELD, held_because=HeldBecause.NO_ADDRESS, address=None,
            )  # fmt: skip
        session.flush()
        asked.clear()
        assert release_held(session, shop.id, AT) == 0
        return len(asked)

    event.listen(session.get_bind(), "before_cursor_execute", note)
    few, many = statements(2), statements(40)
    event.remove(session.get_bind(), "before_cursor_execute", note)

    assert few == many > 0


AUTHORISATIONS = [
    (None, None, False),
    ("王敏", None, True),
    ("王敏", date(2026, 11, 23), True),
    ("王敏", date(2026, 11, 22), False),
]


@pytest.mark.parametrize("by, valid_to, goes", AUTHORISATIONS)
def test_an_authorisation_that_is_recorded_and_valid_lets_the_notice_go(
    session: Session, shop: Shop, by: str | None, valid_to: date | None, goes: bool
) -> None:
    order = factories.add_work_order(session, shop)
    case = factories.add_case(session, order, authorised_by=by, authorisation_valid_to=valid_to)
    factories.add_contact(session, shop, ContactKind.CUSTOMER, "王小明", plate_no=order.plate_no)
    notice = factories.add_notice(
        session, shop, "refund_ready", {}, case_id=case.id, address=None,
        state=NoticeState.HELD, held_because=HeldBecause.NO_AUTHORISATION,
    )  # fmt: skip

    release_held(session, shop.id, AT)

    assert (notice.state is NoticeState.WAITING) is goes


def test_an_authorised_notice_without_an_address_says_what_it_lacks_now(session: Session, shop: Shop) -> None:
    case = factories.add_case(session, factories.add_work_order(session, shop))
    notice = factories.add_notice(
        session, shop, "refund_ready", {}, case_id=case.id, address=None,
        state=NoticeState.HELD, held_because=HeldBecause.NO_AUTHORISATION,
    )  # fmt: skip

    release_held(session, shop.id, AT)

    assert (notice.state, notice.held_because) == (NoticeState.HELD, HeldBecause.NO_ADDRESS)


@pytest.mark.parametrize("state", [NoticeState.DEAD, NoticeState.UNCERTAIN])
def test_a_person_may_send_a_dead_or_uncertain_notice_again(
    session: Session, shop: Shop, state: NoticeState
) -> None:
    notice = factories.add_notice(
        session, shop, "refund_ready", {}, state=state, error="x", lease_token="old"
    )

    send_again(session, notice.id, AT)

    assert (notice.state, notice.error, notice.lease_token) == (NoticeState.WAITING, None, None)


@pytest.mark.parametrize(
    "state", [NoticeState.SENT, NoticeState.SENDING, NoticeState.HELD, NoticeState.WAITING]
)
def test_no_other_notice_is_sent_again(session: Session, shop: Shop, state: NoticeState) -> None:
    notice = factories.add_notice(session, shop, "refund_ready", {}, state=state)

    with pytest.raises(Refusal, match=f"Notice {notice.id} is {state}.*huikuan notice show {notice.id}"):
        send_again(session, notice.id, AT)


def test_an_uncertain_notice_that_was_found_in_the_log_counts_as_sent(session: Session, shop: Shop) -> None:
    notice = factories.add_notice(session, shop, "refund_ready", {}, state=NoticeState.UNCERTAIN)

    confirm_sent(session, notice.id, AT)

    session.refresh(notice)
    assert (notice.state, notice.sent_at) == (NoticeState.SENT, AT)
    with pytest.raises(Refusal, match="is not uncertain"):
        confirm_sent(session, notice.id, AT)
