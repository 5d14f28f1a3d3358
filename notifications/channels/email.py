"""Mail by SMTP. The commands are given one by one, so that the server's queue id is kept (stack 2.3)."""

import re
import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from urllib.parse import unquote, urlsplit

from models.values import Refusal
from notifications.channels import ChannelError, Message
from notifications.channels.compose import compose

TIMEOUT_SECONDS = 30
_PORTS = {"smtp": 25, "smtp+starttls": 587, "smtps": 465}


@dataclass(frozen=True)
class EmailChannel:
    """Sends through the server of a URL: smtp://, smtp+starttls:// or smtps://[user:password@]host[:port]."""

    url: str = field(repr=False)
    repeatable: bool = False

    def __post_init__(self) -> None:
        parts = urlsplit(self.url)
        if parts.scheme not in _PORTS or not parts.hostname:
            raise Refusal(
                "HUIKUAN_SMTP_URL is not a mail server. Write smtp+starttls://USER:PASSWORD@HOST:587, "
                "smtps://USER:PASSWORD@HOST:465 or smtp://HOST:25"
            )

    def send(self, message: Message) -> str:
        """Send to one recipient, and return what the server calls the mail. Raises ChannelError."""
        content = compose(message)
        with self._connected(message.from_address) as server:
            _expect(server.mail(message.from_address), everywhere=True)
            _expect(server.rcpt(message.to_address))
            _expect(server.docmd("DATA"), wanted=354)
            return _hand_over(server, content)

    @contextmanager
    def _connected(self, from_address: str) -> Iterator[smtplib.SMTP]:
        try:
            server = self._connect(from_address.rpartition("@")[2])
        except (OSError, smtplib.SMTPException) as error:
            raise ChannelError(f"The mail server cannot be used: {_say(error)}", everywhere=True) from error
        try:
            yield server
        except (OSError, smtplib.SMTPException) as error:
            raise ChannelError(f"The mail server broke off: {_say(error)}", everywhere=True) from error
        finally:
            # What the server says to a farewell does not change what it has accepted.
            with suppress(OSError, smtplib.SMTPException):
                server.quit()

    def _connect(self, our_name: str) -> smtplib.SMTP:
        parts, trust = urlsplit(self.url), ssl.create_default_context()
        host, port = parts.hostname or "", parts.port or _PORTS[parts.scheme]
        if parts.scheme == "smtps":
            server: smtplib.SMTP = smtplib.SMTP_SSL(
                host, port, local_hostname=our_name, timeout=TIMEOUT_SECONDS, context=trust
            )
        else:
            server = smtplib.SMTP(host, port, local_hostname=our_name, timeout=TIMEOUT_SECONDS)
        try:
            if parts.scheme == "smtp+starttls":
                server.starttls(context=trust)
            server.ehlo_or_helo_if_needed()
            if parts.username:
                server.login(unquote(parts.username), unquote(parts.password or ""))
        except BaseException:
            server.close()
            raise
        return server


def _hand_over(server: smtplib.SMTP, content: bytes) -> str:
    """Give the server the mail itself. From its first byte on, a broken line leaves it uncertain."""
    try:
        server.send(re.sub(rb"(?m)^\.", b"..", content) + b".\r\n")
        code, reply = server.getreply()
    except (OSError, smtplib.SMTPException) as error:
        raise ChannelError(
            f"The line broke before the server confirmed: {_say(error)}", uncertain=True, everywhere=True
        ) from error
    _expect((code, reply))
    return reply.decode("utf-8", "replace")[:255]


def _expect(answer: tuple[int, bytes], *, wanted: int = 250, everywhere: bool = False) -> None:
    """Raise ChannelError for any other answer: 5xx to a recipient or a mail is final."""
    code, reply = answer
    if code == wanted or (wanted == 250 and code == 251):
        return
    said = f"{code} {reply.decode('utf-8', 'replace')}"
    raise ChannelError(
        f"The mail server answered: {said}",
        permanent=500 <= code < 600 and not everywhere,
        everywhere=everywhere or code in {-1, 421},
    )


def _say(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"
