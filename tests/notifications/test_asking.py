"""What became of an SMS: the provider is asked, over its own protocol, until it knows or long enough."""

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from models.notice import DeadAddress, Notice
from models.words import AttemptOutcome, ChannelName, HeldBecause, NoticeState
from notifications.channels import http as http_channel
from notifications.channels.aliyun import AliyunSms
from notifications.delivery import Sender
from tests import factories
from tests.notifications.channels.providers import KEY_ID, Manner, Provider, serving, sms
from tests.notifications.examples import REFUND_READY
from tests.notifications.sending import AT, attempts, rows
from tests.notifications.test_ways import choose
from worker import db

SECRET = "the%20secret%2Fof%2Bthe%20shop"
NUMBER = "13812345678"

pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


@dataclass
class Shop:
    """A shop with one SMS to send, and its provider."""

    id: int
    provider: Provider
    url: str

    def deliver(self, moment: datetime) -> Notice:
        """Deliver once; returns the notice as it stands then."""
        ways = {ChannelName.SMS: AliyunSms(self.url)}
        Sender(db.transaction, lambda _session: moment, ways, "huikuan@shop.example").deliver(self.id)
        return rows()[0]

    def report(self, status: int, code: str = "") -> None:
        """Let the operator report on the message that was taken last."""
        self.provider.status[self.provider.numbers()[-1]] = (status, code)


@pytest.fixture
def shop(database: str) -> Iterator[Shop]:
    with db.transaction() as session:
        row = factories.add_shop(session)
        choose(session, row, "sms_template.refund_ready", "SMS_1")
        factories.add_notice(
            session, row, "refund_ready", asdict(REFUND_READY), channel=ChannelName.SMS, address=NUMBER
        )
    provider = Provider()
    with serving(provider, sms) as place:
        yield Shop(row.id, provider, f"aliyun+http://{KEY_ID}:{SECRET}@{place}")


def after(minutes: float) -> datetime:
    return AT + timedelta(minutes=minutes)


def test_a_report_is_asked_for_after_two_minutes_and_not_again_once_it_came(shop: Shop) -> None:
    assert shop.deliver(AT).state is NoticeState.SENT
    shop.report(3, "DELIVERED")
    assert shop.deliver(after(1)).delivered_at is None
    assert shop.provider.asked == []

    assert shop.deliver(after(2)).delivered_at == after(2)
    shop.deliver(after(2000))

    assert [(each["PhoneNumber"], each["BizId"]) for each in shop.provider.asked] == [
        (NUMBER, "900619746936498401^0")
    ]


def test_one_on_its_way_is_asked_for_ever_less_often_and_three_days_at_most(shop: Shop) -> None:
    notice, asked = shop.deliver(AT), []
    for minutes in (1, 2, 3, 9, 10, 30, 60, 61, 360, 400, 1440, 4000, 4320, 9000):
        before = len(shop.provider.asked)
        notice = shop.deliver(after(minutes))
        if len(shop.provider.asked) > before:
            asked.append(minutes)

    assert asked == [2, 10, 60, 360, 1440, 4320]
    assert (notice.state, notice.delivered_at, notice.ask_after) == (NoticeState.SENT, None, None)


def test_one_that_did_not_arrive_is_given_up_with_the_operators_reason(shop: Shop) -> None:
    shop.deliver(AT)
    shop.report(2, "UNDELIVERED")

    notice = shop.deliver(after(2))

    assert (notice.state, notice.sent_at) == (NoticeState.DEAD, None)
    assert "UNDELIVERED" in (notice.error or "")
    assert attempts() == [(1, AttemptOutcome.REFUSED)]
    assert len(shop.provider.taken) == 1


def test_a_number_that_does_not_exist_is_switched_off(shop: Shop) -> None:
    shop.deliver(AT)
    shop.report(2, "MOBILE_NOT_ON_SERVICE")

    notice = shop.deliver(after(2))

    assert (notice.state, notice.held_because) == (NoticeState.HELD, HeldBecause.DEAD_ADDRESS)
    with db.reading() as session:
        assert session.scalars(select(DeadAddress.channel)).all() == [ChannelName.SMS]


def test_what_was_taken_before_the_line_broke_is_known_by_asking(shop: Shop) -> None:
    shop.provider.manner = Manner.TAKES_AND_RESETS
    assert shop.deliver(AT).state is NoticeState.UNCERTAIN
    shop.provider.manner = Manner.GOOD

    notice = shop.deliver(after(2))

    assert (notice.state, notice.error) == (NoticeState.SENT, None)
    assert attempts() == [(1, AttemptOutcome.SENT)]
    assert len(shop.provider.taken) == 1


def test_what_was_never_taken_goes_again_after_an_hour_under_another_name(shop: Shop) -> None:
    shop.provider.manner = Manner.HANGS_UP
    first = shop.deliver(AT)
    assert first.state is NoticeState.UNCERTAIN
    shop.provider.manner = Manner.GOOD
    # The provider may be slow to know; that it knows nothing counts after an hour.
    assert [shop.deliver(after(minutes)).state for minutes in (2, 10)] == [NoticeState.UNCERTAIN] * 2

    notice = shop.deliver(after(60))

    assert notice.state is NoticeState.SENT
    assert [number.endswith(".2") for number in shop.provider.numbers()] == [True]
    assert attempts() == [(1, AttemptOutcome.LATER), (2, AttemptOutcome.SENT)]


SILENT = [Manner.SLOW, Manner.NOT_JSON, Manner.HANGS_UP, Manner.TAKES_AND_FAILS]


@pytest.mark.parametrize("manner", SILENT)
def test_a_provider_that_does_not_answer_changes_nothing_and_is_asked_again(
    manner: Manner, shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(http_channel, "TIMEOUT_SECONDS", 0.2)
    sent = shop.deliver(AT)
    shop.provider.manner = manner

    assert standing(shop.deliver(after(2))) == standing(sent)

    shop.provider.manner = Manner.GOOD
    shop.provider.hold.set()
    shop.report(3, "DELIVERED")
    assert shop.deliver(after(3)).delivered_at == after(3)


def standing(notice: Notice) -> tuple[object, ...]:
    return notice.state, notice.sent_at, notice.delivered_at, notice.ask_after, notice.error
