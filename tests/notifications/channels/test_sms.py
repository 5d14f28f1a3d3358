"""SMS through Alibaba Cloud's protocol, against a real server on this machine that checks every signature."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from models.values import Refusal
from models.words import Delivery
from notifications.channels import ChannelError, Message, Question
from notifications.channels import http as http_channel
from notifications.channels.aliyun import AliyunSms, _encode, _signed
from notifications.job import sms_channel
from tests.notifications.channels.providers import KEY_ID, SECRET, Manner, Provider, serving, sms
from tests.notifications.channels.test_compose import MESSAGE

SHORT = replace(
    MESSAGE,
    reference="notice-7-0123456789ab",
    from_name="福源汽车服务",
    to_address="13812345678",
    text="【福源汽车服务】理赔退款通知：应退您 4,400.00 元。",
    template="SMS_123456789",
    variables={"amount": "4,400.00", "shop_contact": "0512-65550188"},
)
QUESTION = Question("notice-7-0123456789ab", "13812345678", None, datetime(2026, 11, 23, 2, 0, tzinfo=UTC))


@pytest.fixture
def provider() -> Provider:
    return Provider()


@pytest.fixture
def channel(provider: Provider) -> Iterator[AliyunSms]:
    with serving(provider, sms) as place:
        # A secret may hold characters that mean something in a URL.
        yield AliyunSms(
            f"aliyun+http://{KEY_ID}:{SECRET.replace('/', '%2F').replace('+', '%2B').replace(' ', '%20')}@{place}"
        )


def test_a_signature_is_the_one_of_the_providers_own_example() -> None:
    query = _encode(
        {"RegionId": "cn-shanghai", "ImageId": "win2019_1809_x64_dtc_zh-cn_40G_alibase_20230811.vhd"}
    )
    headers = _signed(
        ("YourAccessKeyId", "YourAccessKeySecret"), "ecs.cn-shanghai.aliyuncs.com", "RunInstances", query,
        datetime(2023, 10, 26, 10, 22, 32, tzinfo=UTC), "3156853299f313e23d1673dc12e1703d", "2014-05-26",
    )  # fmt: skip

    assert headers["authorization"].endswith(
        "Signature=06563a9e1b43f5dfe96b81484da74bceab24a1d853912eee15083a6f0f3283c0"
    )


def test_a_message_is_handed_over_as_template_and_variables(channel: AliyunSms, provider: Provider) -> None:
    biz_id = channel.send(SHORT)

    assert biz_id == "900619746936498401^0"
    [taken] = provider.taken
    assert (taken["PhoneNumbers"], taken["SignName"]) == ("13812345678", "福源汽车服务")
    assert (taken["TemplateCode"], taken["OutId"]) == ("SMS_123456789", "notice-7-0123456789ab")
    assert taken["variables"] == {"amount": "4,400.00", "shop_contact": "0512-65550188"}


# what the provider says, by status and code -> permanent, uncertain, everywhere, address_dead
CODES = [
    (200, "isv.MOBILE_NUMBER_ILLEGAL", (True, False, False, True)),
    (200, "isv.BUSINESS_LIMIT_CONTROL", (False, False, False, False)),
    (200, "isv.SMS_TEMPLATE_ILLEGAL", (True, False, False, False)),
    (200, "isv.PARAM_NOT_SUPPORT_URL", (True, False, False, False)),
    (200, "isv.AMOUNT_NOT_ENOUGH", (False, False, True, False)),
    (200, "isv.OUT_OF_SERVICE", (False, False, True, False)),
    (200, "isp.SYSTEM_ERROR", (False, True, False, False)),
    (400, "Throttling.User", (False, False, True, False)),
    (404, "InvalidAccessKeyId.NotFound", (False, False, True, False)),
    (400, "SignatureDoesNotMatch", (False, False, True, False)),
    (403, "Forbidden.RAM", (False, False, True, False)),
    (503, "ServiceUnavailable", (False, True, False, False)),
    (200, "", (False, True, False, False)),
]


@pytest.mark.parametrize("status, code, means", CODES)
def test_each_code_has_its_consequence(
    status: int, code: str, means: tuple[bool, ...], channel: AliyunSms, provider: Provider
) -> None:
    provider.answer = status, {"Code": code, "Message": "said so"} if code else {"RequestId": "x"}

    with pytest.raises(ChannelError) as refused:
        channel.send(SHORT)

    error = refused.value
    assert (error.permanent, error.uncertain, error.everywhere, error.address_dead) == means
    assert code in str(error)


@pytest.mark.parametrize(
    "manner",
    [
        Manner.NOT_JSON,
        Manner.HANGS_UP,
        Manner.TAKES_AND_HANGS_UP,
        Manner.TAKES_AND_RESETS,
        Manner.TAKES_AND_FAILS,
    ],
)
def test_what_may_have_been_taken_is_uncertain(
    manner: Manner, channel: AliyunSms, provider: Provider
) -> None:
    provider.manner = manner

    with pytest.raises(ChannelError) as failed:
        channel.send(SHORT)

    assert failed.value.uncertain
    assert not failed.value.permanent


def test_a_server_that_does_not_answer_in_time_leaves_it_uncertain(
    channel: AliyunSms, provider: Provider, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(http_channel, "TIMEOUT_SECONDS", 0.2)
    provider.manner = Manner.SLOW

    with pytest.raises(ChannelError) as failed:
        channel.send(SHORT)

    assert (failed.value.uncertain, failed.value.everywhere) == (True, True)


def test_a_server_that_is_not_there_has_taken_nothing() -> None:
    with pytest.raises(ChannelError) as failed:
        AliyunSms(f"aliyun+http://{KEY_ID}:x@127.0.0.1:9").send(SHORT)

    assert (failed.value.permanent, failed.value.uncertain, failed.value.everywhere) == (False, False, True)
    assert KEY_ID not in str(failed.value)


def test_an_answer_of_ok_without_a_number_is_not_believed(channel: AliyunSms, provider: Provider) -> None:
    provider.answer = 200, {"Code": "OK", "Message": "OK"}

    with pytest.raises(ChannelError) as failed:
        channel.send(SHORT)

    assert failed.value.uncertain


REPORTS = [
    ((1, ""), Delivery.ON_ITS_WAY, False),
    ((3, "DELIVERED"), Delivery.DELIVERED, False),
    ((2, "UNDELIVERED"), Delivery.FAILED, False),
    ((2, "MOBILE_NOT_ON_SERVICE"), Delivery.FAILED, True),
]


@pytest.mark.parametrize("status, state, dead", REPORTS)
def test_a_report_is_found_by_our_own_number(
    status: tuple[int, str], state: Delivery, dead: bool, channel: AliyunSms, provider: Provider
) -> None:
    channel.send(replace(SHORT, reference="another"))
    channel.send(SHORT)
    provider.status[SHORT.reference] = status

    report = channel.ask(QUESTION)

    assert (report.state, report.address_dead) == (state, dead)
    assert provider.asked[0]["SendDate"] == "20261123"
    assert "BizId" not in provider.asked[0]


def test_a_message_that_was_never_taken_is_unknown(channel: AliyunSms, provider: Provider) -> None:
    channel.send(replace(SHORT, reference="another"))

    assert channel.ask(QUESTION).state is Delivery.UNKNOWN


def test_a_message_sent_at_midnight_is_looked_for_on_both_days(
    channel: AliyunSms, provider: Provider
) -> None:
    channel.ask(replace(QUESTION, sent_at=datetime(2026, 11, 23, 15, 50, tzinfo=UTC)))

    assert [asked["SendDate"] for asked in provider.asked] == ["20261123", "20261124"]


@pytest.mark.parametrize(
    "answer", [{"Code": "OK"}, {"Code": "OK", "SmsSendDetailDTOs": {"SmsSendDetailDTO": None}}]
)
def test_an_answer_without_messages_is_no_surprise(
    answer: dict[str, object], channel: AliyunSms, provider: Provider
) -> None:
    provider.answer = 200, answer

    assert channel.ask(QUESTION).state is Delivery.UNKNOWN


@pytest.mark.parametrize(
    "url", ["aliyun+http://a:b@dysmsapi.aliyuncs.com", "aliyun://", "aliyun+http://a:b@/"]
)
def test_keys_go_over_an_encrypted_line_only(url: str) -> None:
    with pytest.raises(Refusal, match="HUIKUAN_SMS_URL is not the address of a provider. Write aliyun://"):
        AliyunSms(url)


def test_a_provider_that_nobody_knows_is_refused_with_an_example() -> None:
    with pytest.raises(Refusal, match="begins with no provider that is known.*Write aliyun://"):
        sms_channel("https://sms.example.com")


def test_the_keys_are_not_shown() -> None:
    assert "secret" not in repr(AliyunSms(f"aliyun://{KEY_ID}:secret@dysmsapi.aliyuncs.com"))


def test_a_message_has_what_an_sms_needs() -> None:
    assert isinstance(SHORT, Message)
    assert SHORT.template.startswith("SMS_")
