"""A mail as bytes: what stands in its head, and what cannot get there."""

from dataclasses import replace
from datetime import UTC, datetime
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import SMTP

import pytest

from notifications.channels import ChannelError, Message
from notifications.channels.compose import compose

MESSAGE = Message(
    reference="notice-7-0123456789ab",
    occasion="refund_ready:7",
    from_name="福源汽车服务",
    from_address="huikuan@shop.example",
    to_name="王*",
    to_address="wang@example.com",
    subject="【福源汽车服务】理赔退款通知：苏E***45 应退 4,400.00 元",
    text="王* 您好：\n",
    html="<p>王* 您好：</p>\n",
    moment=datetime(2026, 11, 21, 18, 0, tzinfo=UTC),
)


def read(content: bytes) -> EmailMessage:
    mail = message_from_bytes(content, policy=SMTP)
    assert isinstance(mail, EmailMessage)
    return mail


def test_the_same_message_is_the_same_bytes() -> None:
    assert compose(MESSAGE) == compose(replace(MESSAGE))


def test_the_head_names_one_sender_one_recipient_and_the_notice() -> None:
    mail = read(compose(MESSAGE))

    assert [each.addr_spec for each in mail["To"].addresses] == ["wang@example.com"]
    assert mail["From"].addresses[0].display_name == "福源汽车服务"
    assert mail["Message-ID"] == "<notice-7-0123456789ab@shop.example>"
    assert mail["Date"].datetime == MESSAGE.moment
    assert mail["Subject"] == MESSAGE.subject
    assert [part.get_content_type() for part in mail.iter_parts()] == ["text/plain", "text/html"]


NAMES = ["王\r\nBcc: all@example.com", "王\nSubject: x", '"王" <evil@example.com>,', "a@b.com, c@d.com"]


FILES = [(), (("对账单.xlsx", b"PK"),)]


@pytest.mark.parametrize("files", FILES)
@pytest.mark.parametrize("name", NAMES)
def test_a_name_cannot_add_a_header_or_a_recipient(name: str, files: tuple[tuple[str, bytes], ...]) -> None:
    mail = read(compose(replace(MESSAGE, to_name=name, from_name=name, attachments=files)))

    assert mail["Bcc"] is None
    assert [each.addr_spec for each in mail["To"].addresses] == ["wang@example.com"]
    assert len(mail.get_all("Subject", [])) == 1
    assert [each.addr_spec for each in mail["From"].addresses] == ["huikuan@shop.example"]


ADDRESSES = [
    "", "wang", "wang@", "@example.com", "a@b.com,c@d.com", "a@b.com c@d.com", "a@b.com\r\nBcc: x@y.com",
    "王@example.com", "a..b@example.com", "<a@b.com>", "a@exam_ple.com",
]  # fmt: skip


@pytest.mark.parametrize("files", FILES)
@pytest.mark.parametrize("address", ADDRESSES)
def test_what_is_not_the_address_of_one_person_is_refused_for_good(
    address: str, files: tuple[tuple[str, bytes], ...]
) -> None:
    with pytest.raises(ChannelError) as refused:
        compose(replace(MESSAGE, to_address=address, attachments=files))

    assert refused.value.permanent
