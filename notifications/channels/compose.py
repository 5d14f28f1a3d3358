"""A message as the bytes of a mail (RFC 5322), the same bytes for the same message."""

import base64
import hashlib
import re
from email.header import Header
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from functools import lru_cache
from pathlib import PurePath

from notifications.channels import ChannelError, Message

# One recipient, in letters every mail server takes: no list, no comment, no second address.
_ADDRESS = re.compile(
    r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9](?:[A-Za-z0-9.-]{0,251}[A-Za-z0-9])?"
)


# Not the table of this machine: the same message is the same bytes everywhere.
_KINDS = {
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".pdf": "application/pdf",
}
_ANY = "application/octet-stream"


def compose(message: Message) -> bytes:
    """The mail: text, HTML and attachments. Raises ChannelError (permanent) when an address cannot be one.

    Written here, not by EmailMessage, which takes twenty times as long as all else that a notice costs.
    """
    if message.attachments:
        return _with_files(message)
    boundary = "=_" + hashlib.sha256(message.reference.encode()).hexdigest()[:32]
    head = [
        f"From: {_shown(message.from_name, message.from_address)}",
        f"To: {_shown(message.to_name, message.to_address)}",
        f"Subject: {_encoded(message.subject, 'Subject')}",
        f"Date: {format_datetime(message.moment)}",
        f"Message-ID: <{message.reference}@{_domain(message)}>",
        # No out-of-office answers to a machine.
        "Auto-Submitted: auto-generated",
        "MIME-Version: 1.0",
        "Content-Language: zh-CN",
        f'Content-Type: multipart/alternative; boundary="{boundary}"',
    ]
    parts = [_part("plain", message.text), _part("html", message.html)]
    body = "".join(f"--{boundary}\r\n{part}" for part in parts)
    return "\r\n".join([*head, "", f"{body}--{boundary}--", ""]).encode("ascii")


def _part(subtype: str, text: str) -> str:
    whole = "\r\n".join(text.split("\n")).replace("\r\r\n", "\r\n")
    whole = whole if whole.endswith("\r\n") else f"{whole}\r\n"
    content = base64.b64encode(whole.encode()).decode("ascii")
    lines = "".join(f"{content[at : at + 76]}\r\n" for at in range(0, len(content), 76))
    kind = f'Content-Type: text/{subtype}; charset="utf-8"'
    return f"{kind}\r\nContent-Transfer-Encoding: base64\r\n\r\n{lines}\r\n"


@lru_cache(maxsize=64)  # the shop's name and most subjects come again and again
def _encoded(text: str, name: str) -> str:
    """A header's text on as many lines as it needs; it brings no line of its own."""
    return Header(re.sub(r"[\x00-\x1f\x7f]+", " ", text), "utf-8", header_name=name).encode(linesep="\r\n")


def _shown(name: str, address: str) -> str:
    _check(address)
    return f"{_encoded(name, 'From')} <{address}>" if name.strip() else address


def _with_files(message: Message) -> bytes:
    """With attachments, where the library's care for file names is worth its time."""
    mail = EmailMessage(policy=SMTP)
    mail["From"] = _person(message.from_name, message.from_address)
    mail["To"] = _person(message.to_name, message.to_address)
    mail["Subject"] = message.subject
    mail["Date"] = format_datetime(message.moment)
    mail["Message-ID"] = f"<{message.reference}@{_domain(message)}>"
    # No out-of-office answers to a machine.
    mail["Auto-Submitted"] = "auto-generated"
    mail.set_content(message.text, cte="base64")
    mail.add_alternative(message.html, subtype="html", cte="base64")
    for name, content in message.attachments:
        main, _, sub = _KINDS.get(PurePath(name).suffix.lower(), _ANY).partition("/")
        mail.add_attachment(content, maintype=main, subtype=sub, filename=name)
    # Only now: setting the content takes away every header that begins with Content.
    mail["Content-Language"] = "zh-CN"
    boundary = "=_" + hashlib.sha256(message.reference.encode()).hexdigest()[:32]
    for depth, part in enumerate(part for part in mail.walk() if part.is_multipart()):
        part.set_boundary(f"{boundary}_{depth}" if depth else boundary)
    return mail.as_bytes()


def _check(address: str) -> None:
    if not _ADDRESS.fullmatch(address) or ".." in address or ".@" in address or address.startswith("."):
        raise ChannelError("The address is not a mail address of one person.", permanent=True)


def _person(name: str, address: str) -> Address:
    _check(address)
    try:
        return Address(display_name=re.sub(r"[\x00-\x1f\x7f]+", " ", name).strip(), addr_spec=address)
    except ValueError as error:
        raise ChannelError(f"The address cannot be written in a mail: {error}", permanent=True) from None


def _domain(message: Message) -> str:
    return message.from_address.rpartition("@")[2] or "localhost"
