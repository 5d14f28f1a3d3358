"""What a person does with notices: looks at one, tries a way, lets one go again, refuses calls."""

import shutil
from collections.abc import Iterator
from dataclasses import asdict
from datetime import date
from email import message_from_bytes
from email.policy import default
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from models.notice import Notice
from models.shop import Shop
from models.words import ContactKind, HeldBecause, NoticeState
from tests import factories
from tests.console.conftest import Huikuan
from tests.notifications.channels.providers import KEY_ID, Provider, serving, sms, wecom
from tests.notifications.channels.test_email import Mailbox
from tests.notifications.channels.test_email import serving as serving_mail
from tests.notifications.examples import REFUND_READY
from tests.notifications.test_ways import choose
from worker import clock, db

SECRET = "the%20secret%2Fof%2Bthe%20shop"


@pytest.fixture
def shop(home: Path, sqlite_template: Path) -> Shop:
    home.mkdir()
    shutil.copy2(sqlite_template, home / "huikuan.db")
    with db.transaction() as session:
        return factories.add_shop(session, code="FUYUAN", name="福源汽车服务")


def write(shop: Shop, **facts: object) -> int:
    with db.transaction() as session:
        return factories.add_notice(session, shop, "refund_ready", asdict(REFUND_READY), **facts).id


def deliver(huikuan: Huikuan) -> None:
    assert huikuan("job", "run", "deliver", "--shop", "FUYUAN").status == 0


def state_of(notice_id: int) -> NoticeState:
    with db.reading() as session:
        return session.get_one(Notice, notice_id).state


# ------------------------------------------------------------------ looking and trying


@pytest.mark.parametrize(
    "channel, seen", [("email", "退款"), ("sms", "segments"), ("wecom", "原因"), ("file", "退款")]
)
def test_every_form_can_be_looked_at(channel: str, seen: str, huikuan: Huikuan) -> None:
    kind = "night_not_run" if channel == "wecom" else "refund_ready"

    said = huikuan("notice", "preview", kind, "--channel", channel)

    assert (said.status, said.err) == (0, "")
    assert seen in said.out
    assert "定金" not in said.out


REFUSED = [
    (("notice", "preview", "nothing_such"), "There is no notice of the kind nothing_such; there are: "),
    (("notice", "preview", "morning_digest", "--channel", "sms"), "morning_digest/sms.txt"),
    (("notice", "send-test", "refund_ready", "--to", "a@b.example", "--shop", "NONE"), "NONE"),
    (
        ("notice", "send-test", "refund_ready", "--to", "0512-1", "--shop", "FUYUAN", "--channel", "sms"),
        "HUIKUAN_SMS_URL",
    ),
    (
        ("notice", "send-test", "night_not_run", "--to", "x", "--shop", "FUYUAN", "--channel", "wecom"),
        "HUIKUAN_WECOM_URL",
    ),
]


@pytest.mark.parametrize("command, names", REFUSED)
def test_what_cannot_be_shown_or_tried_is_refused_by_name(
    command: tuple[str, ...], names: str, huikuan: Huikuan, shop: Shop
) -> None:
    said = huikuan(*command)

    assert said.status == 1
    assert names in said.err
    assert "Traceback" not in said.err


@pytest.fixture
def ways(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[Mailbox, Provider, Provider]]:
    """Give a mail server, an SMS provider and a group, all open; an SMS template is approved."""
    mailbox, provider, group = Mailbox(), Provider(), Provider()
    with serving_mail(mailbox) as channel, serving(provider, sms) as place, serving(group, wecom) as robot:
        monkeypatch.setenv("HUIKUAN_SMTP_URL", channel.url)
        monkeypatch.setenv("HUIKUAN_MAIL_FROM", "huikuan@shop.example")
        monkeypatch.setenv("HUIKUAN_SMS_URL", f"aliyun+http://{KEY_ID}:{SECRET}@{place}")
        monkeypatch.setenv("HUIKUAN_WECOM_URL", f"http://{robot}/?key=robot-key")
        db.forget()
        with db.transaction() as session:
            choose(session, session.get_one(Shop, shop.id), "sms_template.refund_ready", "SMS_1")
        yield mailbox, provider, group


def test_a_test_goes_by_every_way_marked_as_one_and_is_kept_nowhere(
    huikuan: Huikuan, ways: tuple[Mailbox, Provider, Provider]
) -> None:
    mailbox, provider, group = ways
    test = ("notice", "send-test")

    mail = huikuan(*test, "refund_ready", "--to", "me@shop.example", "--shop", "FUYUAN")
    short = huikuan(*test, "refund_ready", "--to", "138 1234 5678", "--shop", "FUYUAN", "--channel", "sms")
    note = huikuan(*test, "night_not_run", "--to", "group", "--shop", "FUYUAN", "--channel", "wecom")

    assert (mail.status, short.status, note.status) == (0, 0, 0), mail.err + short.err + note.err
    assert "4F7B2C1A" in mail.out
    [envelope] = mailbox.taken
    assert envelope.rcpt_tos == ["me@shop.example"]
    assert isinstance(envelope.content, bytes)
    body = message_from_bytes(envelope.content, policy=default).get_body(("plain",))
    assert body is not None
    assert "（测试）福源汽车服务" in body.get_content()
    assert [(each["PhoneNumbers"], each["TemplateCode"]) for each in provider.taken] == [
        ("13812345678", "SMS_1")
    ]
    assert len(group.taken) == 1
    assert huikuan("notice", "list", "--json").json == []


def test_a_test_that_fails_says_why(huikuan: Huikuan, ways: tuple[Mailbox, Provider, Provider]) -> None:
    ways[1].answer = 200, {"Code": "isv.SMS_TEMPLATE_ILLEGAL", "Message": "该账号下找不到对应模板"}

    said = huikuan(
        "notice", "send-test", "refund_ready", "--to", "13812345678", "--shop", "FUYUAN", "--channel", "sms"
    )

    assert said.status == 1
    assert "The test was not sent" in said.err
    assert "isv.SMS_TEMPLATE_ILLEGAL" in said.err


# ------------------------------------------------------------------ letting one go again


def test_one_that_was_given_up_goes_again_at_once(huikuan: Huikuan, shop: Shop, home: Path) -> None:
    notice = write(shop, state=NoticeState.DEAD, error="550 looks like spam")

    said = huikuan("notice", "resend", notice)
    deliver(huikuan)

    assert "huikuan job run deliver --shop FUYUAN" in said.out
    assert state_of(notice) is NoticeState.SENT
    assert len(list((home / "outbox").iterdir())) == 1


def test_one_that_was_held_goes_at_once_when_it_has_its_address(huikuan: Huikuan, shop: Shop) -> None:
    with db.transaction() as session:
        mine = session.get_one(Shop, shop.id)
        case = factories.add_case(session, factories.add_work_order(session, mine, plate_no="苏E12345"))
    notice = write(
        shop, state=NoticeState.HELD, held_because=HeldBecause.NO_ADDRESS, address=None, case_id=case.id
    )

    before = huikuan("notice", "resend", notice)
    assert "is still held (no_address)" in before.out
    with db.transaction() as session:
        add_wang(session, shop)
    after = huikuan("notice", "resend", notice)

    assert "waits to be sent again" in after.out
    deliver(huikuan)
    assert state_of(notice) is NoticeState.SENT


def add_wang(session: Session, shop: Shop) -> None:
    mine = session.get_one(Shop, shop.id)
    factories.add_contact(
        session, mine, ContactKind.CUSTOMER, "王小明", plate_no="苏E12345", email="wang@example.com"
    )


def test_the_authorisation_is_not_passed_by_sending_again(huikuan: Huikuan, shop: Shop) -> None:
    notice = write(shop, state=NoticeState.HELD, held_because=HeldBecause.NO_AUTHORISATION)

    said = huikuan("notice", "resend", notice)

    assert "is still held (no_authorisation)" in said.out
    assert state_of(notice) is NoticeState.HELD


# state, why -> the next command
NOT_AGAIN = [
    (NoticeState.UNCERTAIN, None, "huikuan notice resolve {id} --sent or --again"),
    (NoticeState.SUPPRESSED, "changed", "huikuan chase run --shop FUYUAN"),
    (NoticeState.SUPPRESSED, "paid", "huikuan notice show {id}"),
    (NoticeState.SENT, None, "huikuan notice show {id}"),
    (NoticeState.WAITING, None, "huikuan notice show {id}"),
]


@pytest.mark.parametrize("state, why, command", NOT_AGAIN)
def test_one_that_may_not_go_again_is_refused_with_what_helps(
    state: NoticeState, why: str | None, command: str, huikuan: Huikuan, shop: Shop
) -> None:
    notice = write(shop, state=state, held_because=why)

    said = huikuan("notice", "resend", notice)

    assert said.status == 1
    assert command.format(id=notice) in said.err
    assert state_of(notice) is state


# answer -> state at once, state after the next delivery, mails
RESOLVED = [
    ("--sent", NoticeState.SENT, NoticeState.SENT, 0),
    ("--again", NoticeState.WAITING, NoticeState.SENT, 1),
]


@pytest.mark.parametrize("answer, state, later, mails", RESOLVED)
def test_what_is_uncertain_is_resolved_by_a_person(
    answer: str, state: NoticeState, later: NoticeState, mails: int, huikuan: Huikuan, shop: Shop, home: Path
) -> None:
    notice = write(shop, state=NoticeState.UNCERTAIN, attempts=1)

    assert huikuan("notice", "resolve", notice, answer).status == 0
    assert state_of(notice) is state
    deliver(huikuan)

    assert state_of(notice) is later
    outbox = home / "outbox"
    assert len(list(outbox.iterdir()) if outbox.is_dir() else []) == mails
    assert huikuan("notice", "resolve", notice, answer).status == 1


@pytest.mark.parametrize("answers", [(), ("--sent", "--again")])
def test_a_resolution_needs_one_answer(answers: tuple[str, ...], huikuan: Huikuan, shop: Shop) -> None:
    notice = write(shop, state=NoticeState.UNCERTAIN)

    said = huikuan("notice", "resolve", notice, *answers)

    assert said.status == 1
    assert "--sent (it arrived) or --again (it did not)" in said.err
    assert state_of(notice) is NoticeState.UNCERTAIN


# ------------------------------------------------------------------ refusing what is no service


def test_who_opts_out_is_not_called_and_still_told_of_his_money(huikuan: Huikuan, shop: Shop) -> None:
    with db.transaction() as session:
        mine = session.get_one(Shop, shop.id)
        case = factories.add_case(session, factories.add_work_order(session, mine, plate_no="苏E12345"))
        add_wang(session, shop)
        facts = {"case_id": case.id, "send_after": clock.now(), "address": "wang@example.com"}
        call = factories.add_notice(session, mine, "satisfaction_call", {}, **facts).id
    refund = write(shop, **facts)

    said = huikuan(
        "contact", "opt-out", "王小明", "--plate", "苏E12345", "--shop", "FUYUAN", "--date", date(2026, 11, 1)
    )
    deliver(huikuan)

    assert said.status == 0, said.err
    assert (state_of(call), state_of(refund)) == (NoticeState.SUPPRESSED, NoticeState.SENT)
