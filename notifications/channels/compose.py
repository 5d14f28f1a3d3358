"""A message as the bytes of a mail (RFC 5322), the same bytes for the same message."""

import hashlib
import re
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
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
    """The mail: text, HTML and attachments. Raises ChannelError (permanent) when an address cannot be one."""
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


def _person(name: str, address: str) -> Address:
    if not _ADDRESS.fullmatch(address) or ".." in address:
        raise ChannelError("The address is not a mail address of one person.", permanent=True)
    try:
        return Address(display_name=re.sub(r"[\x00-\x1f\x7f]+", " ", name).strip(), addr_spec=address)
    except ValueError as error:
        raise ChannelError(f"The address cannot be written in a mail: {error}", permanent=True) from None


def _domain(message: Message) -> str:
    return message.from_address.rpartition("@")[2] or "localhost"
