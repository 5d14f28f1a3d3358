"""The delivering process is killed at each of its steps, against servers that really take messages.

Never two for one reader; what no kill touched arrives; what it touched is uncertain exactly where it is in doubt,
and each has a way out that works: the provider is asked, or a person says so.
"""

import os
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import update

from models.notice import Notice
from models.words import Audience, ChannelName, NoticeState
from notifications.holding import confirm_sent, send_again
from notifications.notices import kind_of
from tests import factories
from tests.notifications import dying_sender
from tests.notifications.channels.providers import KEY_ID, Provider, serving, sms, wecom
from tests.notifications.channels.test_email import Mailbox
from tests.notifications.channels.test_email import serving as serving_mail
from tests.notifications.examples import NIGHT_NOT_RUN, REFUND_READY
from tests.notifications.sending import AT, rows
from tests.notifications.test_ways import choose
from worker import db

CHECKOUT = Path(__file__).parents[2]
COUNT = 3
SMS_SECRET = "the%20secret%2Fof%2Bthe%20shop"


@dataclass
class World:
    """A server, what it took by the notice it names, and whether it can be asked."""

    name: ChannelName
    url: str
    received: Callable[[], Counter[str]]

    def asked(self) -> bool:
        return self.name is ChannelName.SMS


@contextmanager
def mail_world() -> Iterator[World]:
    mailbox = Mailbox()
    with serving_mail(mailbox) as channel:
        yield World(
            ChannelName.EMAIL, channel.url, lambda: Counter(each.rcpt_tos[0] for each in mailbox.taken)
        )


@contextmanager
def sms_world() -> Iterator[World]:
    provider = Provider()
    with serving(provider, sms) as place:
        yield World(
            ChannelName.SMS,
            f"aliyun+http://{KEY_ID}:{SMS_SECRET}@{place}",
            lambda: Counter(each["PhoneNumbers"] for each in provider.taken),
        )


@contextmanager
def wecom_world() -> Iterator[World]:
    provider = Provider()

    def number(content: str) -> str:
        return content.partition("错误 ")[2][:1]

    with serving(provider, wecom) as place:
        yield World(
            ChannelName.WECOM,
            f"http://{place}/?key=robot-key",
            lambda: Counter(number(each["content"]) for each in provider.taken),
        )


WORLDS = {"email": mail_world, "sms": sms_world, "wecom": wecom_world}


def fill(world: World) -> tuple[int, list[str]]:
    """Put three notices to three readers into the outbox; returns the shop and the readers as the server names them."""
    with db.transaction() as session:
        shop = factories.add_shop(session)
        choose(session, shop, "sms_template.refund_ready", "SMS_1")
        readers = {
            ChannelName.EMAIL: [f"reader{each}@example.com" for each in range(COUNT)],
            ChannelName.SMS: [f"1381234567{each}" for each in range(COUNT)],
            ChannelName.WECOM: [str(each) for each in range(COUNT)],
        }[world.name]
        for reader in readers:
            of_group = world.name is ChannelName.WECOM
            words = asdict(NIGHT_NOT_RUN) | {"error": f"错误 {reader}"} if of_group else asdict(REFUND_READY)
            factories.add_notice(
                session, shop, kind_of(type(NIGHT_NOT_RUN if of_group else REFUND_READY)), words,
                audience=Audience.STAFF if of_group else Audience.CUSTOMER,
                channel=world.name, address="group" if of_group else reader,
            )  # fmt: skip
        return shop.id, readers


def deliver(world: World, shop_id: int, moment: datetime) -> None:
    dying_sender.main(str(shop_id), moment.isoformat(), world.name, world.url)


def killed(world: World, shop_id: int, moment: datetime, fault: str) -> int:
    """Deliver in a process that is killed; returns how it ended."""
    command = [
        sys.executable, "-m", "tests.notifications.dying_sender", str(shop_id), moment.isoformat(),
        world.name, world.url,
    ]  # fmt: skip
    done = subprocess.run(
        command, env=os.environ | {"FAULT_AT": fault, "PYTHONPATH": str(CHECKOUT)}, cwd=CHECKOUT, check=False,
        capture_output=True, text=True, timeout=120,
    )  # fmt: skip
    assert done.returncode in (0, -signal.SIGKILL), done.stderr
    return done.returncode


# where it is killed, in the second of three notices -> received before the way out, in doubt
POINTS = [("claimed:1", 0, False), ("begun:2", 1, True), ("called:2", 2, True), ("settling:3", 2, True)]


@pytest.mark.parametrize(
    "database, world_name",
    [("sqlite", "email"), ("postgres", "email"), ("sqlite", "sms"), ("sqlite", "wecom")],
    indirect=["database"],
)
@pytest.mark.parametrize("fault, before, in_doubt", POINTS)
def test_a_kill_never_makes_two_and_loses_none(
    database: str, world_name: str, fault: str, before: int, in_doubt: bool
) -> None:
    with WORLDS[world_name]() as world:
        shop_id, readers = fill(world)

        assert killed(world, shop_id, AT, fault) == -signal.SIGKILL
        assert sum(world.received().values()) == before
        deliver(world, shop_id, AT + timedelta(minutes=6))

        # What was not in doubt has arrived; what was is uncertain, unless the provider could be asked at once.
        states = [row.state for row in rows()]
        taken = world.received()
        assert max(taken.values()) == 1
        assert all(taken[readers[at]] for at in (0, 2))
        if not in_doubt or (world.asked() and taken[readers[1]]):
            assert states == [NoticeState.SENT] * COUNT
        else:
            assert states == [NoticeState.SENT, NoticeState.UNCERTAIN, NoticeState.SENT]
            _way_out(world, shop_id, rows()[1], arrived=bool(taken[readers[1]]))

        assert [row.state for row in rows()] == [NoticeState.SENT] * COUNT
        assert world.received() == Counter(readers)


def _way_out(world: World, shop_id: int, notice: Notice, *, arrived: bool) -> None:
    """Resolve what is uncertain: the provider knows, or a person looks into the server's log and says so."""
    later = AT + timedelta(minutes=70)
    if not world.asked():
        with db.transaction() as session:
            if arrived:
                confirm_sent(session, notice.id, later)
            else:
                send_again(session, notice.id, later, (NoticeState.UNCERTAIN,))
                # Nobody in this test has an address book: the way stays what it was.
                session.execute(
                    update(Notice)
                    .where(Notice.id == notice.id)
                    .values(channel=world.name, address=notice.address)
                )
    deliver(world, shop_id, later)
