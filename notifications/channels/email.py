"""Mail by SMTP. The commands are given one by one, so that the server's queue id is kept (stack 2.3)."""

import re
import smtplib
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from urllib.parse import unquote, urlsplit

from models.values import Refusal
from notifications.channels import ChannelError, Message
from notifications.channels.compose import compose
from notifications.channels.trust import trust

TIMEOUT_SECONDS = 30
MAILS_PER_CONNECTION = 100
"""Many servers end a connection after some hundred mails; we leave before they do."""

Reply = tuple[int, bytes]
_OK, _GO_ON = 250, 354
_GOOD = {_OK, 251, _GO_ON}

_PORTS = {"smtp": 25, "smtp+starttls": 587, "smtps": 465}


@dataclass
class EmailChannel:
    """Sends through the server of a URL: smtp://, smtp+starttls:// or smtps://[user:password@]host[:port].

    One connection carries many mails; close() ends it.
    """

    url: str = field(repr=False)
    repeatable: bool = False
    per_minute: int | None = None
    _server: smtplib.SMTP | None = field(default=None, init=False, repr=False)
    _carried: int = field(default=0, init=False, repr=False)

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
        try:
            server, answers = self._announce(message.from_address, message.to_address)
            self._check(answers)
            said = _hand_over(server, content)
        except ChannelError as error:
            self._after(error)
            raise
        except (OSError, smtplib.SMTPException) as error:
            self._drop()
            raise ChannelError(f"The mail server broke off: {_say(error)}", everywhere=True) from error
        self._carried += 1
        return said

    def close(self) -> None:
        """Say farewell; what the server answers does not change what it has accepted."""
        if self._server is not None:
            with suppress(OSError, smtplib.SMTPException):
                self._server.quit()
            self._drop()

    def _announce(self, from_address: str, to_address: str) -> tuple[smtplib.SMTP, list[Reply]]:
        """Say from whom and to whom; on a connection that broke meanwhile once more, on a new one."""
        if self._carried >= MAILS_PER_CONNECTION:
            self.close()
        if self._server is not None:
            with suppress(OSError, smtplib.SMTPException):
                answers = _envelope(self._server, from_address, to_address)
                if answers[0][0] == _OK:
                    return self._server, answers
            self._drop()
        try:
            self._server = self._connect(from_address.rpartition("@")[2])
        except (OSError, smtplib.SMTPException) as error:
            raise ChannelError(f"The mail server cannot be used: {_say(error)}", everywhere=True) from error
        return self._server, _envelope(self._server, from_address, to_address)

    def _check(self, answers: Sequence[Reply]) -> None:
        """Go on only where sender, recipient and mail are wanted."""
        from_answer, *others = answers
        waits_for_mail = len(answers) == 3 and answers[2][0] == _GO_ON
        try:
            _expect(from_answer, everywhere=True)
            _expect_recipient(others[0])
            _expect(others[1], wanted=_GO_ON)
        except ChannelError:
            if waits_for_mail:
                # It would take anything we say now for the mail; hanging up says that there is none.
                self._drop()
            raise

    def _after(self, error: ChannelError) -> None:
        """Keep the connection for the next mail where the server said no to this one alone."""
        if error.everywhere or self._server is None:
            self._drop()
            return
        try:
            self._server.rset()
        except (OSError, smtplib.SMTPException):
            self._drop()

    def _drop(self) -> None:
        if self._server is not None:
            self._server.close()
        self._server, self._carried = None, 0

    def _connect(self, our_name: str) -> smtplib.SMTP:
        parts = urlsplit(self.url)
        host, port = parts.hostname or "", parts.port or _PORTS[parts.scheme]
        if parts.scheme == "smtps":
            server: smtplib.SMTP = smtplib.SMTP_SSL(
                host, port, local_hostname=our_name, timeout=TIMEOUT_SECONDS, context=trust()
            )
        else:
            server = smtplib.SMTP(host, port, local_hostname=our_name, timeout=TIMEOUT_SECONDS)
        try:
            if parts.scheme == "smtp+starttls":
                server.starttls(context=trust())
            server.ehlo_or_helo_if_needed()
            if parts.username:
                server.login(unquote(parts.username), unquote(parts.password or ""))
        except BaseException:
            server.close()
            raise
        return server


def _envelope(server: smtplib.SMTP, from_address: str, to_address: str) -> list[Reply]:
    """The answers to MAIL, RCPT and DATA, up to the first no; in one go where that is welcome (RFC 2920)."""
    commands = (f"MAIL FROM:<{from_address}>", f"RCPT TO:<{to_address}>", "DATA")
    if server.has_extn("pipelining"):
        server.send("".join(f"{command}\r\n" for command in commands))
        return [server.getreply() for _ in commands]
    answers: list[Reply] = []
    for command in commands:
        answers.append(server.docmd(command))
        if answers[-1][0] not in _GOOD:
            break
    return answers


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


# A 5xx to the recipient says that the address is dead, unless it speaks of a full mailbox (x.2.2, 552) or of
# policy and reputation (x.7.x): those are ours to mend (RFC 3463).
_NOT_THE_ADDRESS = re.compile(rb"5\.(?:2\.2|7\.\d+|3\.\d+|4\.\d+)\b")


def _expect_recipient(answer: Reply) -> None:
    code, reply = answer
    dead = 500 <= code < 600 and code != 552 and not _NOT_THE_ADDRESS.search(reply)
    _expect(answer, address_dead=dead)


def _expect(
    answer: Reply, *, wanted: int = _OK, everywhere: bool = False, address_dead: bool = False
) -> None:
    """Raise ChannelError for any other answer: 5xx to a recipient or a mail is final."""
    code, reply = answer
    if code == wanted or (wanted == _OK and code == 251):
        return
    said = f"{code} {reply.decode('utf-8', 'replace')}"
    raise ChannelError(
        f"The mail server answered: {said}",
        permanent=500 <= code < 600 and not everywhere,
        everywhere=everywhere or code in {-1, 421},
        address_dead=address_dead,
    )


def _say(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"
