"""Which way a notice goes, what happens when an address is dead, and how fast a channel is used."""

from collections.abc import Iterator
from dataclasses import asdict
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from models.case import Case
from models.contact import Contact
from models.notice import DeadAddress, Notice
from models.shop import Setting, Shop
from models.words import ChannelName, ContactKind, HeldBecause, NoticeState
from notifications.addresses import mobile
from notifications.channels import ChannelError
from notifications.delivery import Sender
from notifications.outbox import put
from tests import factories
from tests.notifications.examples import MORNING_DIGEST, REFUND_READY, SATISFACTION_CALL
from tests.notifications.sending import AT, Clock, Post, add, raising, rows, sender, states
from worker import db
from worker.job import Night

NIGHT = date(2026, 11, 20)


@pytest.fixture
def everything_open(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("HUIKUAN_SMTP_URL", "smtp://127.0.0.1:25")
    monkeypatch.setenv("HUIKUAN_SMS_URL", "aliyun+http://a:b@127.0.0.1:1")
    monkeypatch.setenv("HUIKUAN_WECOM_URL", "http://127.0.0.1:1/?key=k")
    db.forget()
    yield
    monkeypatch.undo()
    db.forget()


def choose(session: Session, shop: Shop, key: str, value: str | int) -> None:
    session.add(
        Setting(
            scope="shop", scope_id=shop.id, key=key, value=value, valid_from=date(2026, 1, 1),
            set_by="王敏", set_at=AT,
        )
    )  # fmt: skip
    session.flush()


def night_of(shop: Shop) -> Night:
    return Night(date=NIGHT, shop_id=shop.id, shop_code=shop.code, by="system", at=AT)


@pytest.fixture
def case(session: Session, shop: Shop) -> Case:
    return factories.add_case(session, factories.add_work_order(session, shop, plate_no="苏E12345"))


# mail address, phone, order chosen, template approved -> channel, state
WAYS = [
    ("w@example.com", "13812345678", "", True, ChannelName.EMAIL, NoticeState.WAITING),
    ("w@example.com", "13812345678", "sms email", True, ChannelName.SMS, NoticeState.WAITING),
    (None, "13812345678", "", True, ChannelName.SMS, NoticeState.WAITING),
    (None, "138-1234-5678", "", True, ChannelName.SMS, NoticeState.WAITING),
    (None, "13812345678", "", False, ChannelName.EMAIL, NoticeState.HELD),
    (None, "0512-65550188", "", True, ChannelName.EMAIL, NoticeState.HELD),
    (None, None, "", True, ChannelName.EMAIL, NoticeState.HELD),
    (None, "13812345678", "email", True, ChannelName.EMAIL, NoticeState.HELD),
]


@pytest.mark.usefixtures("everything_open")
@pytest.mark.parametrize("email, phone, order, approved, channel, state", WAYS)
def test_a_customer_is_told_by_the_first_way_that_reaches_him(
    session: Session, shop: Shop, case: Case, email: str | None, phone: str | None, order: str, approved: bool,
    channel: ChannelName, state: NoticeState,
) -> None:  # fmt: skip
    factories.add_contact(
        session, shop, ContactKind.CUSTOMER, "王小明", plate_no="苏E12345", email=email, phone=phone
    )
    if order:
        choose(session, shop, "channels_customer", order)
    if approved:
        choose(session, shop, "sms_template.refund_ready", "SMS_1")

    put(
        session,
        REFUND_READY,
        occasion="refund_ready:1",
        recipient="王小明",
        night=night_of(shop),
        case_id=case.id,
    )

    row = session.scalars(select(Notice)).one()
    assert (row.channel, row.state) == (channel, state)
    if channel is ChannelName.SMS:
        assert row.address == "13812345678"


@pytest.mark.usefixtures("everything_open")
def test_staff_without_an_address_read_it_in_the_group(session: Session, shop: Shop) -> None:
    factories.add_contact(session, shop, ContactKind.STAFF, "王敏", email=None)

    put(session, MORNING_DIGEST, occasion="digest:1", recipient="王敏", night=night_of(shop))

    row = session.scalars(select(Notice)).one()
    assert (row.channel, row.address, row.state) == (ChannelName.WECOM, "group", NoticeState.WAITING)


NUMBERS = [
    ("13812345678", "13812345678"),
    ("+8613812345678", "13812345678"),
    ("0086 138 1234 5678", "13812345678"),
    ("12812345678", None),
    ("+85261234567", None),
    ("0512-65550188", None),
    ("", None),
    (None, None),
]


@pytest.mark.parametrize("phone, number", NUMBERS)
def test_only_a_mobile_of_the_mainland_takes_an_sms(phone: str | None, number: str | None) -> None:
    assert mobile(phone) == number


# ------------------------------------------------------------------ dead addresses

DEAD = ChannelError("550 5.1.1 no such user", permanent=True, address_dead=True)


@pytest.fixture
def refund_notice(database: str, monkeypatch: pytest.MonkeyPatch) -> int:
    """Give a shop whose customer has a mail address and a mobile number, and a notice to him by mail."""
    monkeypatch.setenv("HUIKUAN_SMTP_URL", "smtp://127.0.0.1:25")
    monkeypatch.setenv("HUIKUAN_SMS_URL", "aliyun+http://a:b@127.0.0.1:1")
    db.forget()
    with db.transaction() as session:
        shop = factories.add_shop(session)
        case = factories.add_case(session, factories.add_work_order(session, shop, plate_no="苏E12345"))
        factories.add_contact(
            session, shop, ContactKind.CUSTOMER, "王小明", plate_no="苏E12345", email="gone@example.com",
            phone="13812345678",
        )  # fmt: skip
        put(
            session,
            REFUND_READY,
            occasion="refund_ready:1",
            recipient="王小明",
            night=night_of(shop),
            case_id=case.id,
        )
        return shop.id


def approve(shop_id: int) -> None:
    with db.transaction() as session:
        choose(session, session.get_one(Shop, shop_id), "sms_template.refund_ready", "SMS_1")


def two_ways(mail: Post, short: Post) -> Sender:
    return Sender(
        db.transaction, Clock(AT), {ChannelName.EMAIL: mail, ChannelName.SMS: short}, "huikuan@shop.example"
    )


def test_a_dead_address_is_switched_off_and_the_notice_takes_the_next_way(refund_notice: int) -> None:
    approve(refund_notice)
    mail, short = Post(raising(DEAD)), Post()

    counts = two_ways(mail, short).deliver(refund_notice)

    assert counts == {"waiting": 1, "sent": 1}
    [message] = short.sent
    assert (message.to_address, message.template) == ("13812345678", "SMS_1")
    assert message.text.startswith("【福源汽车服务")
    [row] = rows()
    assert (row.state, row.channel, row.attempts) == (NoticeState.SENT, ChannelName.SMS, 2)
    with db.reading() as session:
        assert [each.because for each in session.scalars(select(DeadAddress))] == [str(DEAD)]


def test_without_another_way_the_notice_is_held_until_there_is_a_new_address(refund_notice: int) -> None:
    mail = Post(raising(DEAD))
    two_ways(mail, Post()).deliver(refund_notice)
    [row] = rows()
    assert (row.state, row.held_because) == (NoticeState.HELD, HeldBecause.DEAD_ADDRESS)
    two_ways(mail, Post()).deliver(refund_notice)
    assert len(mail.sent) == 1

    with db.transaction() as session:
        [contact] = session.scalars(select(Contact))
        contact.email = "new@example.com"
    alive = Post()
    two_ways(alive, Post()).deliver(refund_notice)

    assert [message.to_address for message in alive.sent] == ["new@example.com"]
    assert states() == [NoticeState.SENT]


def test_the_next_notice_does_not_try_a_dead_address(refund_notice: int) -> None:
    two_ways(Post(raising(DEAD)), Post()).deliver(refund_notice)
    approve(refund_notice)

    with db.transaction() as session:
        shop, case = session.get_one(Shop, refund_notice), session.scalars(select(Case)).one()
        put(
            session,
            REFUND_READY,
            occasion="refund_ready:2",
            recipient="王小明",
            night=night_of(shop),
            case_id=case.id,
        )

    assert rows()[1].channel is ChannelName.SMS


def test_what_waits_on_a_channel_that_was_closed_goes_another_way(
    refund_notice: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("HUIKUAN_SMTP_URL")
    db.forget()
    folder = Post(repeatable=True)

    sender(folder, name=ChannelName.FILE).deliver(refund_notice)

    assert [message.to_address for message in folder.sent] == ["gone@example.com"]


# ------------------------------------------------------------------ how fast, how many, whether at all


@pytest.mark.usefixtures("database")
def test_a_channel_with_a_limit_a_minute_waits_and_goes_on() -> None:
    shop_id = add(5)
    clock, waits = Clock(), []

    def pause(seconds: float) -> None:
        waits.append(seconds)
        clock.moment += timedelta(seconds=seconds)

    post = Post(per_minute=2)
    Sender(db.transaction, clock, {ChannelName.EMAIL: post}, "x@y.example", pause).deliver(shop_id)

    assert len(post.sent) == 5
    assert waits == [60.0, 60.0]


@pytest.mark.usefixtures("database")
def test_a_delivery_does_not_wait_for_ever() -> None:
    shop_id = add(20)
    clock = Clock()

    def pause(seconds: float) -> None:
        clock.moment += timedelta(seconds=seconds)

    post = Post(per_minute=2)
    Sender(db.transaction, clock, {ChannelName.EMAIL: post}, "x@y.example", pause).deliver(shop_id)

    assert len(post.sent) == 10
    assert states().count(NoticeState.WAITING) == 10


def add_customers(count: int) -> int:
    with db.transaction() as session:
        shop = factories.add_shop(session)
        for _ in range(count):
            factories.add_notice(
                session, shop, "refund_ready", asdict(REFUND_READY), channel=ChannelName.EMAIL
            )
        return shop.id


@pytest.mark.usefixtures("database")
def test_more_than_the_cap_waits_for_tomorrow() -> None:
    shop_id = add_customers(4)
    with db.transaction() as session:
        choose(session, session.get_one(Shop, shop_id), "customer_notices_per_day", 3)
    post, clock = Post(), Clock()

    sender(post, clock).deliver(shop_id)
    sender(post, clock).deliver(shop_id)
    assert len(post.sent) == 3

    clock.moment += timedelta(days=1)
    sender(post, clock).deliver(shop_id)
    assert len(post.sent) == 4


@pytest.mark.usefixtures("database")
def test_the_switch_is_read_at_the_moment_of_sending() -> None:
    shop_id = add(3)
    post = Post()

    def switch_off(message: object) -> str:
        with db.transaction() as session:
            choose(session, session.get_one(Shop, shop_id), "send_enabled", "no")
        return "id"

    post.answer = switch_off
    sender(post).deliver(shop_id)

    assert len(post.sent) == 1
    assert states() == [NoticeState.SENT, NoticeState.WAITING, NoticeState.WAITING]
    with db.transaction() as session:
        session.execute(update(Setting).values(value="yes"))
    sender(Post()).deliver(shop_id)
    assert states() == [NoticeState.SENT] * 3


@pytest.mark.usefixtures("database")
def test_the_evening_comes_while_a_batch_is_sent() -> None:
    shop_id = add_customers(3)
    clock = Clock(datetime(2026, 11, 23, 11, 59, 50, tzinfo=UTC))  # 19:59:50 in Shanghai

    def slowly(_message: object) -> str:
        clock.moment += timedelta(seconds=15)
        return "id"

    sender(Post(slowly), clock).deliver(shop_id)

    assert states() == [NoticeState.SENT, NoticeState.WAITING, NoticeState.WAITING]


# ------------------------------------------------------------------ what is no service needs leave


def announce(session: Session, shop: Shop, case: Case) -> Notice:
    put(
        session, SATISFACTION_CALL, occasion="satisfaction_call:1", recipient="王小明", night=night_of(shop),
        case_id=case.id,
    )  # fmt: skip
    return session.scalars(select(Notice)).one()


def test_who_refused_calls_is_not_called_and_still_told_of_his_money(
    session: Session, shop: Shop, case: Case
) -> None:
    factories.add_contact(
        session, shop, ContactKind.CUSTOMER, "王小明", plate_no="苏E12345", opted_out_on=date(2026, 11, 1)
    )

    call = announce(session, shop, case)
    put(session, REFUND_READY, occasion="r:1", recipient="王小明", night=night_of(shop), case_id=case.id)

    assert (call.state, call.held_because) == (NoticeState.SUPPRESSED, "opted_out")
    assert session.scalars(select(Notice.state).where(Notice.kind == "refund_ready")).one() == "waiting"


@pytest.mark.usefixtures("database")
def test_a_refusal_that_came_meanwhile_counts_at_the_moment_of_sending() -> None:
    with db.transaction() as session:
        shop = factories.add_shop(session)
        case = factories.add_case(session, factories.add_work_order(session, shop, plate_no="苏E12345"))
        contact = factories.add_contact(session, shop, ContactKind.CUSTOMER, "王小明", plate_no="苏E12345")
        announce(session, shop, case)
        contact.opted_out_on = date(2026, 11, 21)
    post = Post(repeatable=True)

    sender(post, name=ChannelName.FILE).deliver(shop.id)

    assert post.sent == []
    assert states() == [NoticeState.SUPPRESSED]
