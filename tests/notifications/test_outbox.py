"""Putting a notice: told once, to the right address, or held."""

from datetime import UTC, date, datetime

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from models.notice import Notice
from models.shop import Shop
from models.words import Audience, ChannelName, ContactKind, HeldBecause, NoticeState
from notifications.notices import Words
from notifications.outbox import put
from tests import factories
from tests.notifications.examples import INSURER_CHASE, MORNING_DIGEST, REFUND_READY
from worker import db
from worker.job import Night

AT = datetime(2026, 11, 21, 18, 0, tzinfo=UTC)


def night_of(shop: Shop) -> Night:
    return Night(date=date(2026, 11, 21), shop_id=shop.id, shop_code=shop.code, by="system", at=AT)


def told(session: Session) -> Notice:
    return session.scalars(select(Notice)).one()


def test_an_occasion_is_told_once_whatever_the_wording(session: Session, shop: Shop) -> None:
    factories.add_contact(session, shop, ContactKind.STAFF, "王敏")
    night = night_of(shop)

    first = put(session, MORNING_DIGEST, occasion="morning_digest:1", recipient="王敏", night=night)
    again = put(session, REFUND_READY, occasion="morning_digest:1", recipient="李雷", night=night)

    assert (first, again) == (True, False)
    assert told(session).kind == "morning_digest"


def test_a_notice_waits_in_the_outbox_with_its_words(session: Session, shop: Shop) -> None:
    case = factories.add_case(session, factories.add_work_order(session, shop, plate_no="苏E12345"))
    factories.add_contact(
        session, shop, ContactKind.CUSTOMER, "王小明", plate_no="苏E12345", email="w@example.com"
    )

    put(
        session,
        REFUND_READY,
        occasion="refund_ready:1",
        recipient="王小明",
        night=night_of(shop),
        case_id=case.id,
    )

    row = told(session)
    assert (row.state, row.held_because, row.address) == (NoticeState.WAITING, None, "w@example.com")
    assert (row.audience, row.channel, row.send_after) == (Audience.CUSTOMER, ChannelName.FILE, AT)
    assert isinstance(row.words, dict)
    assert row.words["amount"] == "4,400.00"
    assert row.words["arrivals"][0]["insurer"] == "人保财险苏州分公司"


def test_mail_is_the_channel_where_a_server_is_named(
    session: Session, shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HUIKUAN_SMTP_URL", "smtp://127.0.0.1:25")
    db.forget()

    put(session, MORNING_DIGEST, occasion="morning_digest:1", recipient="王敏", night=night_of(shop))

    assert told(session).channel is ChannelName.EMAIL
    monkeypatch.undo()
    db.forget()


def test_a_reason_to_hold_outweighs_a_known_address(session: Session, shop: Shop) -> None:
    factories.add_contact(session, shop, ContactKind.STAFF, "王敏")

    put(session, MORNING_DIGEST, occasion="morning_digest:1", recipient="王敏", night=night_of(shop),
        hold=HeldBecause.NO_AUTHORISATION)  # fmt: skip

    assert (told(session).state, told(session).held_because) == (NoticeState.HELD, "no_authorisation")


CUSTOMERS = [
    # name and plate of the contacts -> who is written to for 王小明 of 苏E12345
    ([("王小明", "苏E12345")], 0),
    ([("李雷", "苏E12345"), ("王小明", "苏E12345")], 1),
    ([("李雷", "苏E12345")], 0),  # the plate alone, when one person has it
    ([("李雷", "苏E12345"), ("韩梅", "苏E12345")], None),  # two strangers: nobody
    ([("王小明", "苏E99999")], None),  # a namesake
    ([("王小明", "")], None),
]


@pytest.mark.parametrize("contacts, chosen", CUSTOMERS)
def test_a_customer_is_found_by_plate_and_name_then_by_plate(
    session: Session, shop: Shop, contacts: list[tuple[str, str]], chosen: int | None
) -> None:
    case = factories.add_case(session, factories.add_work_order(session, shop, plate_no="苏E12345"))
    added = [
        factories.add_contact(session, shop, ContactKind.CUSTOMER, name, plate_no=plate)
        for name, plate in contacts
    ]

    put(
        session,
        REFUND_READY,
        occasion="refund_ready:1",
        recipient="王小明",
        night=night_of(shop),
        case_id=case.id,
    )

    row = told(session)
    if chosen is None:
        assert (row.address, row.state, row.held_because) == (None, NoticeState.HELD, HeldBecause.NO_ADDRESS)
    else:
        assert row.address == added[chosen].email


BRANCHES = [
    ("人保财险苏州分公司", "", True),  # the branch itself
    ("人保财险常熟支公司", "", True),  # another branch of the group, by an alias in its name
    ("理赔中心", "人保财险", True),  # by the group its remark names
    ("太平洋财险苏州分公司", "", False),  # another group
    ("某某保险经纪", "", False),
]


@pytest.mark.parametrize("name, note, reached", BRANCHES)
def test_an_insurer_is_found_by_branch_then_by_its_group(
    session: Session, shop: Shop, name: str, note: str, reached: bool
) -> None:
    factories.add_insurer(session, "人保财险苏州分公司", "人保财险")
    contact = factories.add_contact(session, shop, ContactKind.INSURER, name, note=note)

    put(session, INSURER_CHASE, occasion="chase:1", recipient="人保财险苏州分公司", night=night_of(shop))

    assert told(session).address == (contact.email if reached else None)


def test_the_longest_name_decides_which_group_a_contact_speaks_for(session: Session, shop: Shop) -> None:
    factories.add_insurer(session, "泰安财险苏州分公司", "泰安")
    factories.add_insurer(session, "泰安洋财险上海分公司", "泰安洋")
    factories.add_contact(session, shop, ContactKind.INSURER, "中国泰安洋财产保险苏州中心支公司")

    put(session, INSURER_CHASE, occasion="chase:1", recipient="泰安财险苏州分公司", night=night_of(shop))

    assert told(session).held_because == HeldBecause.NO_ADDRESS


NOT_OURS: list[tuple[Words, str]] = [(MORNING_DIGEST, "王敏"), (INSURER_CHASE, "人保财险苏州分公司")]


@pytest.mark.parametrize("notice, recipient", NOT_OURS)
def test_another_shops_address_book_is_not_asked(
    session: Session, shop: Shop, notice: Words, recipient: str
) -> None:
    other = factories.add_shop(session)
    factories.add_contact(session, other, ContactKind.STAFF, "王敏")
    factories.add_contact(session, other, ContactKind.INSURER, "人保财险苏州分公司")

    put(session, notice, occasion="x:1", recipient=recipient, night=night_of(shop))

    assert told(session).address is None


def test_an_address_is_not_readable_in_the_database(session: Session, shop: Shop) -> None:
    factories.add_contact(session, shop, ContactKind.STAFF, "王敏", email="wang@example.com")

    put(session, MORNING_DIGEST, occasion="morning_digest:1", recipient="王敏", night=night_of(shop))

    raw = session.connection().exec_driver_sql("SELECT address FROM notice").scalar_one()
    assert "wang" not in raw
