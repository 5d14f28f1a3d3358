"""The WeCom group robot, against a real server on this machine."""

from collections.abc import Iterator
from dataclasses import asdict, replace
from datetime import timedelta

import pytest

from models.values import Refusal
from models.words import Audience, ChannelName
from notifications.channels import ChannelError
from notifications.channels import http as http_channel
from notifications.channels.wecom import LONGEST_BYTES, WecomRobot, fitting
from notifications.delivery import Sender
from tests import factories
from tests.notifications.channels.providers import Manner, Provider, serving, wecom
from tests.notifications.channels.test_compose import MESSAGE
from tests.notifications.examples import NIGHT_NOT_RUN
from tests.notifications.sending import Clock
from worker import db

NOTE = replace(MESSAGE, text="# 昨夜小结\n> 退款待审批 **12 笔**\n", subject="", html="")


@pytest.fixture
def provider() -> Provider:
    return Provider()


@pytest.fixture
def robot(provider: Provider) -> Iterator[WecomRobot]:
    with serving(provider, wecom) as place:
        yield WecomRobot(f"http://{place}/cgi-bin/webhook/send?key=robot-key")


def test_a_message_stands_in_the_group_as_markdown(robot: WecomRobot, provider: Provider) -> None:
    robot.send(NOTE)

    assert [each["content"] for each in provider.taken] == [NOTE.text]


# errcode inside HTTP 200, or a status -> permanent, uncertain, everywhere
CODES = [
    ((200, {"errcode": 45009, "errmsg": "api freq out of limit"}), (False, False, True)),
    ((200, {"errcode": 93000, "errmsg": "invalid webhook url"}), (False, False, True)),
    ((200, {"errcode": 40058, "errmsg": "exceed max length"}), (True, False, False)),
    ((200, {"errcode": -1, "errmsg": "system busy"}), (False, False, False)),
    ((200, {"errmsg": "ok"}), (False, True, False)),
    ((404, {}), (False, False, True)),
    ((302, {}), (False, False, True)),
    ((502, {}), (False, True, False)),
]


@pytest.mark.parametrize("answer, means", CODES)
def test_an_error_inside_a_good_answer_is_an_error(
    answer: tuple[int, dict[str, object]], means: tuple[bool, ...], robot: WecomRobot, provider: Provider
) -> None:
    provider.answer = answer

    with pytest.raises(ChannelError) as refused:
        robot.send(NOTE)

    error = refused.value
    assert (error.permanent, error.uncertain, error.everywhere) == means


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
def test_what_may_stand_in_the_group_already_is_uncertain(
    manner: Manner, robot: WecomRobot, provider: Provider
) -> None:
    provider.manner = manner

    with pytest.raises(ChannelError) as failed:
        robot.send(NOTE)

    assert failed.value.uncertain


def test_a_slow_server_leaves_it_uncertain(
    robot: WecomRobot, provider: Provider, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(http_channel, "TIMEOUT_SECONDS", 0.2)
    provider.manner = Manner.SLOW

    with pytest.raises(ChannelError) as failed:
        robot.send(NOTE)

    assert failed.value.uncertain


def test_the_webhook_is_a_secret_in_every_error(provider: Provider) -> None:
    with serving(provider, wecom) as place:
        robot = WecomRobot(f"http://{place}/cgi-bin/webhook/send?key=wrong-key")
        with pytest.raises(ChannelError) as refused:
            robot.send(NOTE)

    assert "wrong-key" not in str(refused.value) + repr(robot)


def test_a_long_message_is_cut_at_the_end_of_a_line_and_says_so(
    robot: WecomRobot, provider: Provider
) -> None:
    robot.send(replace(NOTE, text="待办：退款待审批，经办王敏\n" * 200))

    [taken] = provider.taken
    assert len(taken["content"].encode()) <= LONGEST_BYTES
    assert taken["content"].endswith("王敏\n……（其余见 huikuan）")


def test_a_message_that_fits_is_left_alone() -> None:
    text = "中" * 1365

    assert fitting(text) == text
    assert len(fitting(text + "中").encode()) <= LONGEST_BYTES


@pytest.mark.parametrize(
    "url", ["", "qyapi.weixin.qq.com", "http://qyapi.weixin.qq.com/send?key=k", "ftp://x"]
)
def test_a_webhook_that_is_not_encrypted_is_refused_without_being_shown(url: str) -> None:
    with pytest.raises(Refusal, match="HUIKUAN_WECOM_URL is not the address of a provider") as refused:
        WecomRobot(url)

    assert "key=k" not in str(refused.value)


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_a_group_gets_twenty_a_minute_and_the_rest_in_the_next(
    database: str, robot: WecomRobot, provider: Provider
) -> None:
    with db.transaction() as session:
        shop = factories.add_shop(session)
        for each in range(23):
            words = asdict(NIGHT_NOT_RUN) | {"error": str(each)}
            factories.add_notice(
                session, shop, "night_not_run", words, audience=Audience.STAFF, channel=ChannelName.WECOM,
                address="group",
            )  # fmt: skip
    clock, taken_by_then = Clock(), []

    def pause(seconds: float) -> None:
        taken_by_then.append((seconds, len(provider.taken)))
        clock.moment += timedelta(seconds=seconds)

    Sender(db.transaction, clock, {ChannelName.WECOM: robot}, "", pause).deliver(shop.id)

    assert taken_by_then == [(60.0, 20)]
    assert len(provider.taken) == 23
