"""Mail by SMTP, against a real server on this machine."""

import socket
import socketserver
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

import pytest
from aiosmtpd import smtp
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import Envelope, Session

from models.values import Refusal
from notifications.channels import ChannelError
from notifications.channels import email as email_channel
from notifications.channels.email import EmailChannel
from tests.notifications.channels.test_compose import MESSAGE, read


class Mailbox:
    """A server's answers, and what it took."""

    def __init__(
        self, mail: str = "", rcpt: str = "", data: str = "250 2.0.0 Ok: queued as 4F7B2C1A"
    ) -> None:
        self.mail, self.rcpt, self.data = mail, rcpt, data
        self.taken: list[Envelope] = []

    async def handle_MAIL(  # noqa: N802 - the server library names it
        self, server: smtp.SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        envelope.mail_from = address
        return self.mail or "250 OK"

    async def handle_RCPT(  # noqa: N802 - the server library names it
        self, server: smtp.SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if not self.rcpt:
            envelope.rcpt_tos.append(address)
        return self.rcpt or "250 OK"

    async def handle_DATA(  # noqa: N802 - the server library names it
        self, server: smtp.SMTP, session: Session, envelope: Envelope
    ) -> str:
        self.taken.append(envelope)
        return self.data


class OnAnyPort(Controller):
    """A server on a port the system chooses."""

    def _trigger_server(self) -> None:
        self.port = self.server.sockets[0].getsockname()[1]  # type: ignore[union-attr]  # it was just started
        super()._trigger_server()  # type: ignore[no-untyped-call]  # the library is half typed


class Rude(OnAnyPort):
    """A server that answers a farewell with an error."""

    def factory(self) -> smtp.SMTP:
        class NoFarewell(smtp.SMTP):
            async def smtp_QUIT(self, arg: str) -> None:  # noqa: N802 - the server library names it
                await self.push("500 no")

        return NoFarewell(self.handler)


@contextmanager
def serving(mailbox: Mailbox, controller: type[OnAnyPort] = OnAnyPort) -> Iterator[EmailChannel]:
    started = controller(mailbox, hostname="127.0.0.1", port=0)
    started.start()
    channel = EmailChannel(f"smtp://127.0.0.1:{started.port}")
    try:
        yield channel
    finally:
        channel.close()
        started.stop()


def test_a_mail_arrives_whole_and_the_servers_queue_id_is_kept() -> None:
    mailbox = Mailbox()
    text = "第一行\n.\n..点开头的行\n最后\n"

    with serving(mailbox) as channel:
        provider_id = channel.send(replace(MESSAGE, text=text))

    assert provider_id == "2.0.0 Ok: queued as 4F7B2C1A"
    [envelope] = mailbox.taken
    assert (envelope.mail_from, envelope.rcpt_tos) == ("huikuan@shop.example", ["wang@example.com"])
    content = envelope.original_content
    assert content is not None
    part = read(content).get_body(("plain",))
    assert part is not None
    assert part.get_content().replace("\r\n", "\n") == text


# where the server says no, what -> permanent, everywhere
ANSWERS = [
    ({"rcpt": "550 5.1.1 no such user"}, True, False),
    ({"rcpt": "450 4.2.1 mailbox busy"}, False, False),
    ({"data": "554 5.7.1 looks like spam"}, True, False),
    ({"data": "451 4.3.0 try later"}, False, False),
    ({"mail": "553 5.7.1 sender not allowed"}, False, True),
    ({"rcpt": "421 4.7.0 too many mails"}, False, True),
]


@pytest.mark.parametrize("answers, permanent, everywhere", ANSWERS)
def test_a_no_is_final_only_where_trying_again_cannot_help(
    answers: dict[str, str], permanent: bool, everywhere: bool
) -> None:
    with serving(Mailbox(**answers)) as channel, pytest.raises(ChannelError) as refused:
        channel.send(MESSAGE)

    assert (refused.value.permanent, refused.value.everywhere) == (permanent, everywhere)
    assert not refused.value.uncertain
    assert next(iter(answers.values()))[:3] in str(refused.value)


# what the server says to a recipient -> whether the address is dead
RECIPIENTS = [
    ("550 5.1.1 no such user", True),
    ("550 no such user here", True),
    ("553 5.1.3 bad address", True),
    ("550 5.2.1 mailbox disabled", True),
    ("552 5.2.2 mailbox full", False),
    ("550 5.7.1 relaying denied", False),
    ("554 5.7.606 banned sending IP", False),
    ("450 4.1.1 unknown for now", False),
]


@pytest.mark.parametrize("answer, dead", RECIPIENTS)
def test_an_address_is_dead_only_where_the_server_means_the_address(answer: str, dead: bool) -> None:
    with serving(Mailbox(rcpt=answer)) as channel, pytest.raises(ChannelError) as refused:
        channel.send(MESSAGE)

    assert refused.value.address_dead is dead


def test_one_connection_carries_many_mails_and_a_refused_one_between_them() -> None:
    mailbox = Mailbox()
    with serving(mailbox) as channel:
        channel.send(MESSAGE)
        first = channel._server
        mailbox.rcpt = "550 5.1.1 no such user"
        with pytest.raises(ChannelError):
            channel.send(MESSAGE)
        mailbox.rcpt = ""
        channel.send(MESSAGE)

        assert channel._server is first
    assert len(mailbox.taken) == 2


def test_a_connection_is_changed_before_servers_get_tired_of_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(email_channel, "MAILS_PER_CONNECTION", 2)
    mailbox, used = Mailbox(), []
    with serving(mailbox) as channel:
        for _ in range(4):
            channel.send(MESSAGE)
            used.append(channel._server)

    assert used[0] is used[1]
    assert used[1] is not used[2]
    assert len(mailbox.taken) == 4


def test_a_connection_that_broke_between_two_mails_is_made_anew() -> None:
    mailbox = Mailbox()
    with serving(mailbox) as channel:
        channel.send(MESSAGE)
        assert channel._server is not None
        assert channel._server.sock is not None
        channel._server.sock.shutdown(socket.SHUT_RDWR)

        channel.send(MESSAGE)

    assert len(mailbox.taken) == 2


def test_a_server_that_is_silent_after_the_mail_leaves_it_uncertain(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(email_channel, "TIMEOUT_SECONDS", 0.3)
    with breaking(b"?") as channel, pytest.raises(ChannelError) as failed:
        channel.send(MESSAGE)

    assert failed.value.uncertain


def test_a_server_that_is_not_there_is_tried_again_later() -> None:
    with pytest.raises(ChannelError) as failed:
        EmailChannel("smtp://127.0.0.1:9").send(MESSAGE)

    assert (failed.value.permanent, failed.value.uncertain, failed.value.everywhere) == (False, False, True)


class _Breaking(socketserver.StreamRequestHandler):
    """Greets, takes commands, and hangs up at a chosen moment."""

    def handle(self) -> None:
        self.wfile.write(b"220 here\r\n")
        for line in self.rfile:
            word = line[:4].upper()
            if word == self.server.breaks_at:  # type: ignore[attr-defined]
                return
            if word == b"DATA":
                self.wfile.write(b"354 go on\r\n")
                self._take_mail()
                return
            self.wfile.write(b"250 ok\r\n")

    def _take_mail(self) -> None:
        for line in self.rfile:
            if line == b".\r\n" and self.server.breaks_at != b"?":  # type: ignore[attr-defined]
                if self.server.breaks_at == b"reset":  # type: ignore[attr-defined]
                    self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                    self.connection.close()
                return


@contextmanager
def breaking(at: bytes) -> Iterator[EmailChannel]:
    with socketserver.TCPServer(("127.0.0.1", 0), _Breaking) as server:
        server.breaks_at = at  # type: ignore[attr-defined]
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield EmailChannel(f"smtp://127.0.0.1:{server.server_address[1]}")
        server.shutdown()
        thread.join()


BREAKS: list[tuple[bytes, bool]] = [
    (b"EHLO", False),
    (b"MAIL", False),
    (b"RCPT", False),
    (b"DATA", False),
    (b".", True),
    (b"reset", True),
]


@pytest.mark.parametrize("at, uncertain", BREAKS)
def test_only_a_line_that_breaks_after_the_mail_leaves_it_uncertain(at: bytes, uncertain: bool) -> None:
    with breaking(at) as channel, pytest.raises(ChannelError) as failed:
        channel.send(MESSAGE)

    assert failed.value.uncertain is uncertain
    assert not failed.value.permanent


def test_a_farewell_that_fails_does_not_undo_what_was_accepted() -> None:
    with serving(Mailbox(), Rude) as channel:
        assert "4F7B2C1A" in channel.send(MESSAGE)


def test_a_password_is_not_sent_to_a_server_that_will_not_encrypt() -> None:
    with serving(Mailbox()) as channel, pytest.raises(ChannelError, match="STARTTLS"):
        EmailChannel(channel.url.replace("smtp://", "smtp+starttls://user:secret@")).send(MESSAGE)


@pytest.mark.parametrize("url", ["", "mail.example.com", "http://mail.example.com", "smtp://", "smtps:///x"])
def test_a_url_that_is_no_mail_server_is_refused_with_examples(url: str) -> None:
    with pytest.raises(Refusal, match="HUIKUAN_SMTP_URL is not a mail server. Write smtp\\+starttls"):
        EmailChannel(url)


def test_the_password_is_not_shown() -> None:
    assert "secret" not in repr(EmailChannel("smtps://user:secret@mail.example.com"))
